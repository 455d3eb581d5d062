#!/usr/bin/env node
/**
 * Opens `samples/vae.ipynb` in VS Code with this extension, `npm run vscode`: in the desktop VS Code if there is one,
 * else in VS Code out of the npm registry, served to a browser at a local address until Ctrl-C.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, realpath, rm, symlink } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from './cache.mjs';
import { hasDisplay } from './findVscode.mjs';
import { CALM_SETTINGS, writeProfile } from './profile.mjs';
import { startServer, workbenchQuery } from './server.mjs';
import { packagedVscode } from './vscodePackage.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FOLDER = join(ROOT, 'samples');
const NOTEBOOK = join(FOLDER, 'vae.ipynb');

try {
  if (!existsSync(join(ROOT, 'dist', 'extension'))) build();
  const desktop = findDesktop();
  if (desktop) openDesktop(desktop);
  else await serve();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

function build() {
  console.log('Building …');
  const { status } = spawnSync(process.execPath, ['esbuild.mjs'], { cwd: ROOT, stdio: 'inherit' });
  if (status !== 0) throw new Error(`The build failed with ${status}.`);
}

/** @returns {string | undefined} The desktop VS Code's command on the PATH, where it could open a window. */
function findDesktop() {
  if (!hasDisplay()) return undefined;
  const names = process.platform === 'win32' ? ['code.cmd', 'code-insiders.cmd'] : ['code', 'code-insiders', 'codium'];
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}

/** @param {string} command */
function openDesktop(command) {
  const args = [`--extensionDevelopmentPath=${ROOT}`, FOLDER, NOTEBOOK];
  const isScript = command.endsWith('.cmd');
  const { status, error } = isScript
    ? spawnSync(
        `"${command}"`,
        args.map((argument) => `"${argument}"`),
        { stdio: 'inherit', shell: true },
      )
    : spawnSync(command, args, { stdio: 'inherit' });
  if (error || status !== 0) throw new Error(`${command} failed: ${error?.message ?? `exit code ${status}`}`);
  console.log(`Opened ${NOTEBOOK} with ${command}.`);
}

/** Serves VS Code until a signal comes. */
async function serve() {
  const vscode = await packagedVscode();
  const home = join(cacheFolder(), 'vscode-user');
  const userDataDir = join(home, 'user-data');
  const extensionsDir = join(home, 'extensions');
  if (!existsSync(join(userDataDir, 'User', 'settings.json'))) await writeProfile(userDataDir, CALM_SETTINGS);
  await installLink(extensionsDir);
  const server = await startServer(vscode, { dataDir: join(home, 'server'), userDataDir, extensionsDir });
  const query = workbenchQuery(server.authority, { folder: FOLDER, files: [NOTEBOOK], extensionDevelopmentPaths: [] });
  console.log(`\nVS Code with LatentLab and ${NOTEBOOK} is at\n\n  ${server.url(query)}\n`);
  console.log('The address works on this machine only, and holds the key to it: keep it to yourself. Ctrl-C ends it.');
  const exitCode = await new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => resolve(0));
    server.process.once('exit', () => resolve(1));
  });
  if (exitCode !== 0) console.error('VS Code’s server has ended by itself.');
  await server.stop();
  process.exitCode = exitCode;
}

/**
 * Makes this checkout an installed extension: a link in the folder of extensions.
 *
 * @param {string} extensionsDir
 */
async function installLink(extensionsDir) {
  const { publisher, name, version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  const link = join(extensionsDir, `${publisher}.${name}-${version}`);
  const isThere = existsSync(link) && (await realpath(link)) === (await realpath(ROOT));
  if (isThere) return;
  // VS Code keeps a list of what is in the folder; without it, it looks.
  await rm(extensionsDir, { recursive: true, force: true });
  await mkdir(extensionsDir, { recursive: true });
  await symlink(ROOT, link, 'junction');
}
