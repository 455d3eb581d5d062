/**
 * Runs the suites inside a real VS Code: `node test/vscode/run.mjs`, after a build; with names (`trainings kernelLife`),
 * those files alone.
 *
 * First all suites in a trusted workspace but those of trust, which come next in a restricted one, those of two windows
 * one after the other with the same files and settings, and those of the packed extension, which is installed for them
 * into an empty profile and run in an empty folder. Else the workspace is a copy of `samples/`. The user's own settings and extensions stay out of it.
 *
 * Environment: `LATENTLAB_TEST_NODE` (the Node that runs kernels; absent: the one that the extension finds by itself),
 * `LATENTLAB_WINDOWS` (how many windows the suite `again` opens; absent: 3),
 * `LATENTLAB_PACKAGES` (a folder of VSIX files; this machine's is installed; absent: it is packed anew).
 */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTests } from '@vscode/test-electron';
import { provideVscode } from '../host/findVscode.mjs';
import { VSCODE_RESULTS } from '../secondTries.mjs';
import { TEST_SETTINGS, writeProfile } from '../host/profile.mjs';
import { emptyExtension, install, packForHost } from './installed.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const ARTIFACTS = join(ROOT, 'test', 'artifacts');
const TESTS = join(ROOT, 'dist', 'test', 'vscode', 'index.cjs');

const work = await mkdtemp(join(tmpdir(), 'latentlab-suite-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true, maxRetries: 10 }));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

await mkdir(ARTIFACTS, { recursive: true });
const executable = await provideVscode();
console.log(`VS Code: ${executable}`);
const total = { passed: 0, failed: 0 };
/** @type {string[] | undefined} Undefined once a window has failed without telling where. */
let failedFiles = [];
const WINDOWS = Number(process.env.LATENTLAB_WINDOWS ?? 3);
const SUITES = {
  main: 'trusted workspace',
  trust: 'restricted workspace',
  leaving: 'first of two windows',
  returning: 'second of two windows',
  again: 'windows one after the other',
  installed: 'installed package',
};
/** Suites that continue where others have stopped, in their folder. */
const FOLLOWS = { returning: 'leaving' };
/** Names of suites, with those that they continue; none: all. */
const only = process.argv.slice(2).flatMap((name) => {
  const [, stem, suite] = /^(.*)\.(\w+)$/.exec(name) ?? [];
  const before = Object.entries(FOLLOWS).find(([follows]) => follows === suite)?.[1];
  return before === undefined ? [name] : [`${stem}.${before}`, name];
});
for (const suite of /** @type {(keyof typeof SUITES)[]} */ (Object.keys(SUITES))) {
  const isWanted = only.some((name) => (/\.(\w+)$/.exec(name)?.[1] ?? 'main') === suite);
  if (only.length > 0 && !isWanted) continue;
  const windows = suite === 'again' ? WINDOWS : 1;
  for (let window = 1; window <= windows; window++) {
    const { passed, failed, failedFiles: names } = await runSuite(suite, window);
    if (failed > 0 && names.length === 0) failedFiles = undefined;
    failedFiles?.push(...names);
    console.log(`VS Code, ${SUITES[suite]}: ${passed} passed, ${failed} failed`);
    total.passed += passed;
    total.failed += failed;
    // The next one would wait for what this one has not left.
    if (failed > 0) break;
  }
}
await endKeepers();
await writeFile(VSCODE_RESULTS, JSON.stringify({ ...total, failedFiles }));
console.log(`${total.passed} passed, ${total.failed} failed`);
if (total.failed > 0) process.exitCode = 1;

/**
 * @typedef {object} Results
 * @property {number} passed
 * @property {number} failed
 * @property {string[]} failedFiles Names of suites with a test that failed.
 */

/** Kernels that a failed suite has left would compute for an hour. */
async function endKeepers() {
  for (const name of await readdir(work, { recursive: true })) {
    if (!/cache\/kernels\/[^/]+\.json$/.test(name)) continue;
    try {
      process.kill(JSON.parse(await readFile(join(work, name), 'utf8')).pid);
    } catch {
      // It has ended by itself.
    }
  }
}

/**
 * @param {keyof typeof SUITES} suite
 * @param {number} window which of those that are opened one after the other, from 1
 * @returns {Promise<Results>} A run that ends without counts has failed.
 */
async function runSuite(suite, window) {
  const before = suite === 'returning' ? FOLLOWS[suite] : window > 1 ? suite : undefined;
  const folder = join(work, before ?? suite);
  const workspace = join(folder, 'samples');
  const userData = join(folder, 'user-data');
  const results = join(folder, `${suite}-${window}.json`);
  if (before) await mkdir(workspace, { recursive: true });
  else if (suite === 'installed') await mkdir(workspace, { recursive: true });
  else await cp(join(ROOT, 'samples'), workspace, { recursive: true });
  const nodePath = process.env.LATENTLAB_TEST_NODE;
  await writeProfile(userData, { ...TEST_SETTINGS, ...(nodePath && { 'latentlab.nodePath': nodePath }) });
  const extensions = join(folder, 'extensions');
  const launchArgs = [workspace, `--user-data-dir=${userData}`, `--extensions-dir=${extensions}`];
  const env = {
    LATENTLAB_SUITE: suite,
    LATENTLAB_RESULTS: results,
    LATENTLAB_WINDOW: String(window),
    LATENTLAB_WINDOWS: String(WINDOWS),
    ...(only.length > 0 && { LATENTLAB_ONLY: only.join() }),
    LATENTLAB_VSCODE_LOG: join(ARTIFACTS, `vscode-${suite}.log`),
  };
  if (suite === 'installed') {
    const vsix = await packForHost(join(folder, 'packages'));
    await install(executable, vsix, { userData, extensions });
    Object.assign(env, { LATENTLAB_VSIX: vsix });
  }
  const developed = suite === 'installed' ? await emptyExtension(join(folder, 'empty')) : ROOT;
  const ended = await (suite === 'trust' ? runRestricted(launchArgs, env) : runTrusted(launchArgs, env, developed));
  return countsOf(results, ended);
}

/**
 * @param {string[]} launchArgs
 * @param {Record<string, string>} env
 * @param {string} developed the extension under development
 * @returns {Promise<unknown>} An error where the run has failed.
 */
async function runTrusted(launchArgs, env, developed) {
  return runTests({
    vscodeExecutablePath: executable,
    extensionDevelopmentPath: developed,
    extensionTestsPath: TESTS,
    launchArgs,
    extensionTestsEnv: env,
  }).catch((/** @type {unknown} */ error) => error);
}

/**
 * `runTests` always adds `--disable-workspace-trust`, so the restricted VS Code is started without it.
 *
 * @param {string[]} launchArgs
 * @param {Record<string, string>} env
 * @returns {Promise<unknown>} An error where the run has failed.
 */
async function runRestricted(launchArgs, env) {
  const flags = [
    '--no-sandbox',
    '--disable-gpu-sandbox',
    '--disable-updates',
    '--skip-welcome',
    '--skip-release-notes',
  ];
  const paths = [`--extensionDevelopmentPath=${ROOT}`, `--extensionTestsPath=${TESTS}`];
  const child = spawn(executable, [...launchArgs, ...flags, ...paths], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  return new Promise((resolve) => {
    child.once('error', resolve);
    child.once('exit', (code, signal) => resolve(code === 0 ? 0 : new Error(`VS Code ended with ${code ?? signal}.`)));
  });
}

/**
 * @param {string} results
 * @param {unknown} ended
 * @returns {Promise<Results>}
 */
async function countsOf(results, ended) {
  const text = await readFile(results, 'utf8').catch(() => undefined);
  /** @type {Results} */
  const { passed, failed, failedFiles } = text ? JSON.parse(text) : { passed: 0, failed: 0, failedFiles: [] };
  if (passed + failed === 0) console.error('VS Code ended without having run a test.');
  const isFailure = ended instanceof Error || passed + failed === 0;
  if (isFailure && failed === 0) {
    if (ended instanceof Error) console.error(ended.message);
    return { passed, failed: 1, failedFiles: [] };
  }
  return { passed, failed, failedFiles };
}
