#!/usr/bin/env node
/**
 * VS Code's executable as far as a suite needs one: takes its command line, runs VS Code's server and the workbench in
 * Chromium, and ends with the suite's exit code. `@vscode/test-electron` takes it as `vscodeExecutablePath`.
 *
 * Environment: LATENTLAB_VSCODE_LOG (a file for everything that VS Code logs; absent: the terminal),
 * LATENTLAB_SUITE_MINUTES (deadline of the suite, 40), LATENTLAB_CHROMIUM, LATENTLAB_CACHE.
 */
import { createWriteStream, fstatSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { artifact } from './artifacts.mjs';
import { startBridge } from './bridgeServer.mjs';
import { parseCommandLine } from './commandLine.mjs';
import { startServer, workbenchQuery } from './server.mjs';
import { packagedVscode } from './vscodePackage.mjs';
import { openWorkbench } from './workbench.mjs';

const { LATENTLAB_VSCODE_LOG: logFile, LATENTLAB_SUITE_MINUTES: minutes = '40' } = process.env;

const work = await mkdtemp(join(tmpdir(), 'latentlab-vscode-'));
/** Undone in reverse: the window closes before its server does. @type {(() => Promise<unknown>)[]} */
const cleanUp = [() => rm(work, { recursive: true, force: true, maxRetries: 10 })];

try {
  process.exitCode = await Promise.race([runSuite(), askedToStop()]);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  if (logFile) console.error(`What VS Code logged is in ${logFile}.`);
  process.exitCode = 1;
} finally {
  for (const step of cleanUp.reverse()) await step();
}
process.exit();

/** @returns {Promise<number>} The suite's exit code. */
async function runSuite() {
  const line = parseCommandLine(process.argv.slice(2));
  if (!line.extensionTestsPath) throw new Error('Name the suite, --extensionTestsPath=FILE, or use "npm run vscode".');
  const vscode = await packagedVscode();
  const workbench = await openWorkbench({ profileDir: join(work, 'chromium'), onLog: logger() });
  cleanUp.push(workbench.close);
  const bridge = await startBridge(workbench.page, work);
  const server = await startServer(vscode, {
    dataDir: join(work, 'server'),
    userDataDir: line.userDataDir ?? join(work, 'user-data'),
    extensionsDir: line.extensionsDir ?? join(work, 'extensions'),
    flags: [
      // A built workbench takes a suite only with its smoke-test driver.
      '--enable-smoke-test-driver',
      // Should this process be killed, the server goes some minutes later.
      '--enable-remote-auto-shutdown',
      ...(line.workspaceTrust ? [] : ['--disable-workspace-trust']),
    ],
    env: { LATENTLAB_HOST_BRIDGE: bridge.path },
  });
  cleanUp.splice(1, 0, server.stop, bridge.close);
  await workbench.page.goto(server.url(workbenchQuery(server.authority, line)));
  const serverGone = new Promise((_, reject) => {
    server.process.once('exit', (code) => reject(new Error(`VS Code’s server ended with ${code}.`)));
  });
  return Promise.race([workbench.exitCode, serverGone, deadline(workbench.page)]);
}

/** @returns {(line: string) => void} */
function logger() {
  if (!logFile) return console.log;
  const stream = createWriteStream(logFile);
  return (line) => void stream.write(line + '\n');
}

/**
 * Fails when the suite takes too long, leaving a picture of the window.
 *
 * @param {import('playwright-core').Page} page
 * @returns {Promise<never>}
 */
async function deadline(page) {
  await new Promise((resolve) => setTimeout(resolve, Number(minutes) * 60_000));
  const path = await artifact('deadline');
  await page.screenshot({ path });
  throw new Error(`The suite has not ended within ${minutes} minutes; ${path} shows the window.`);
}

/** @returns {Promise<number>} The exit code after a signal (by the shell's custom), or when who started this is gone. */
function askedToStop() {
  return new Promise((resolve) => {
    process.on('SIGINT', () => resolve(130));
    process.on('SIGTERM', () => resolve(143));
    process.on('SIGHUP', () => resolve(129));
    // A parent that is Node holds the other end of a socket, which closes with it.
    if (fstatSync(0).isSocket()) process.stdin.once('close', () => resolve(1)).resume();
    // Nobody reads any more.
    process.stdout.on('error', () => resolve(1));
    process.stderr.on('error', () => resolve(1));
  });
}
