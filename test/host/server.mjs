/** VS Code's own server on a loopback port, behind a token. */
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startChild, stopChild, waitForOutput } from './children.mjs';

const START_DEADLINE_MS = 60_000;

/**
 * @typedef {object} Server
 * @property {string} authority `127.0.0.1:PORT`.
 * @property {(query: Record<string, string>) => string} url The workbench's address, token included.
 * @property {import('node:child_process').ChildProcess} process
 * @property {() => Promise<void>} stop
 */

/**
 * Starts the server. It is bound to the loopback interface, on a port that the system picks; other users of this
 * machine could reach that, so every request needs a token, which is handed over in a file and not on the command line.
 *
 * @param {import('./vscodePackage.mjs').PackagedVscode} vscode
 * @param {object} options
 * @param {string} options.dataDir The server's own files.
 * @param {string} options.userDataDir Folder with `User/settings.json`.
 * @param {string} options.extensionsDir Folder of installed extensions.
 * @param {string[]} [options.flags] More flags of the server.
 * @param {Record<string, string>} [options.env] Added to the environment, which extensions inherit.
 * @returns {Promise<Server>}
 */
export async function startServer(vscode, { dataDir, userDataDir, extensionsDir, flags = [], env = {} }) {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const token = randomBytes(24).toString('hex');
  const tokenFile = join(dataDir, 'token');
  await writeFile(tokenFile, token, { mode: 0o600 });
  const args = [
    join(vscode.root, 'out', 'server-main.js'),
    '--host=127.0.0.1',
    '--port=0',
    `--connection-token-file=${tokenFile}`,
    '--accept-server-license-terms',
    '--telemetry-level=off',
    '--disable-update-check',
    `--server-data-dir=${dataDir}`,
    `--user-data-dir=${userDataDir}`,
    `--extensions-dir=${extensionsDir}`,
    ...flags,
  ];
  const child = startChild(vscode.node, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  const ready = waitForOutput(child, /Extension host agent listening on (\d+)/, {
    name: 'VS Code’s server',
    deadlineMs: START_DEADLINE_MS,
  });
  const stop = () => stopChild(child);
  try {
    const [, port] = await ready;
    const authority = `127.0.0.1:${port}`;
    const url = (/** @type {Record<string, string>} */ query) =>
      `http://${authority}/?${new URLSearchParams({ tkn: token, ...query })}`;
    return { authority, url, process: child, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * The workbench's query for a folder, files and an extension under development.
 *
 * @param {string} authority
 * @param {Pick<import('./commandLine.mjs').CommandLine, 'folder' | 'files' | 'extensionDevelopmentPaths' | 'extensionTestsPath'>} what
 * @returns {Record<string, string>}
 */
export function workbenchQuery(authority, { folder, files, extensionDevelopmentPaths, extensionTestsPath }) {
  const remote = (/** @type {string} */ path) =>
    `vscode-remote://${authority}${path.split('/').map(encodeURIComponent).join('/')}`;
  /** @type {[string, string][]} */
  const payload = [
    ...extensionDevelopmentPaths.map(
      (path) => /** @type {[string, string]} */ (['extensionDevelopmentPath', remote(path)]),
    ),
    ...files.map((path) => /** @type {[string, string]} */ (['openFile', remote(path)])),
  ];
  if (extensionTestsPath) payload.push(['extensionTestsPath', remote(extensionTestsPath)]);
  payload.push(['skipWelcome', 'true'], ['skipReleaseNotes', 'true']);
  return { ...(folder ? { folder } : { ew: 'true' }), payload: JSON.stringify(payload) };
}
