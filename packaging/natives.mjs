/** Native parts for a target, and the fonts that they draw with: this machine's are installed, others come from npm. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder, provideFolder } from '../test/host/cache.mjs';
import { npmCommand } from '../test/host/npmInstall.mjs';
import { installedFolder, ROOT } from './files.mjs';
import { TARGETS } from './targets.mjs';

/** @type {{ packages: Record<string, { version: string; integrity: string }> }} */
const lock = JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8'));

const FONTS_PACKAGE = 'dejavu-fonts-ttf';
/** What `kernel/views/png/canvas.ts` registers. */
const FONTS = ['package.json', 'ttf/DejaVuSans.ttf', 'ttf/DejaVuSans-Bold.ttf'];

/**
 * The native files of a target: where each lies on this machine, and where it belongs below `node_modules`.
 *
 * @param {import('./targets.mjs').TargetName} name
 * @returns {Promise<{ from: string; to: string }[]>}
 */
export async function nativeFiles(name) {
  const { canvas, koffi, runtime, libraries } = TARGETS[name];
  const ofKoffi = path.posix.dirname(koffi);
  const koffiFolder = await folderOf(ofKoffi);
  const folder = await folderOf(canvas);
  const ofCanvas = readdirSync(folder).filter((file) => /^package\.json$|\.node$|\.dat$/.test(file));
  return [
    ...ofCanvas.map((file) => ({ from: path.join(folder, file), to: `${canvas}/${file}` })),
    ...['package.json', 'index.js', `${path.posix.basename(koffi)}/koffi.node`].map((file) => ({
      from: path.join(koffiFolder, file),
      to: `${ofKoffi}/${file}`,
    })),
    ...libraries.map((file) => ({
      from: path.join(installedFolder('onnxruntime-node'), runtime, file),
      to: `onnxruntime-node/${runtime}/${file}`,
    })),
    ...FONTS.map((file) => ({ from: path.join(installedFolder(FONTS_PACKAGE), file), to: `${FONTS_PACKAGE}/${file}` })),
  ];
}

/**
 * The folder of a package that npm may not have installed, being for another platform.
 *
 * @param {string} name
 */
async function folderOf(name) {
  const installed = path.join(ROOT, 'node_modules', name);
  if (existsSync(installed)) return installed;
  const locked = lock.packages[`node_modules/${name}`];
  if (!locked) throw new Error(`package-lock.json has no ${name}. Run npm install, which writes it.`);
  const kept = path.join(cacheFolder(), 'natives', `${name.replace('/', '+')}-${locked.version}`);
  await provideFolder(kept, (empty) => fetchPackage(name, locked, empty));
  return path.join(kept, 'package');
}

/**
 * @param {string} name
 * @param {{ version: string; integrity: string }} locked
 * @param {string} folder
 */
async function fetchPackage(name, { version, integrity }, folder) {
  console.log(`Fetching ${name} ${version} from the npm registry …`);
  const [command, ...first] = npmCommand();
  const args = [...first, 'pack', `${name}@${version}`, '--silent', '--ignore-scripts'];
  const { stdout } = await promisify(execFile)(command, args, { cwd: folder });
  const archive = stdout.trim().split('\n').at(-1) ?? '';
  const found = createHash('sha512')
    .update(await readFile(path.join(folder, archive)))
    .digest('base64');
  if (`sha512-${found}` !== integrity) {
    throw new Error(`${name} ${version} from the registry is not the file that package-lock.json names.`);
  }
  await promisify(execFile)('tar', ['-xzf', archive], { cwd: folder });
}
