/**
 * What VS Code runs in its extension host: the suites beside this file, with mocha.
 *
 * Environment, from `run.mjs`: `LATENTLAB_SUITE` (`trust`: the `*.trust.test` files, which want an untrusted workspace;
 * `installed`: the `*.installed.test` files, which want the packed extension; `leaving` and `returning`: two windows that
 * follow each other; `again`: one of many that do; `main`: all others), `LATENTLAB_ONLY` (names of suites, separated by commas; absent: all) and
 * `LATENTLAB_RESULTS` (the file that takes the counts, and the names of suites with a test that failed).
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { format } from 'node:util';
import Mocha from 'mocha';
import { connectBridge, type Bridge } from '../host/bridge';

/** Called by VS Code; a rejection is a failed run. */
export async function run(): Promise<void> {
  const results = process.env['LATENTLAB_RESULTS'];
  // What kernels remember of devices stays out of the user's cache.
  if (results) process.env['LATENTLAB_CACHE'] = join(dirname(results), 'cache');
  const bridge = await connectBridge();
  const mocha = new Mocha({
    reporter: 'spec',
    color: false,
    timeout: 60_000,
    forbidOnly: Boolean(process.env['CI']),
    forbidPending: true,
    ...(bridge && { rootHooks: { afterEach: pictureOfFailure(bridge) } }),
  });
  let printed: Promise<void> = Promise.resolve();
  if (bridge) {
    // The report alone goes to the terminal; what else VS Code logs is the host's business.
    const consoleLog = (...line: unknown[]) => (printed = bridge.print(format(...line)));
    Object.assign(Mocha.reporters.Base, { consoleLog });
  }
  for (const file of suiteFiles()) mocha.addFile(join(__dirname, file));
  const { passes, failures, failedFiles } = await runAll(mocha);
  await printed;
  bridge?.close();
  if (results) writeFileSync(results, JSON.stringify({ passed: passes, failed: failures, failedFiles }));
  if (failures > 0) throw new Error(`${failures} failed`);
}

function suiteFiles(): string[] {
  const suite = process.env['LATENTLAB_SUITE'];
  const only = process.env['LATENTLAB_ONLY']?.split(',');
  return readdirSync(__dirname)
    .filter((name) => name.endsWith('.test.cjs') && (/\.(\w+)\.test\.cjs$/.exec(name)?.[1] ?? 'main') === suite)
    .filter((name) => !only || only.includes(name.replace(/\.test\.cjs$/, '')))
    .sort();
}

function runAll(mocha: Mocha): Promise<Mocha.Stats & { failedFiles: string[] }> {
  return new Promise((resolve, reject) => {
    const failedFiles = new Set<string>();
    const runner = mocha.run(() => {
      if (runner.stats) resolve({ ...runner.stats, failedFiles: [...failedFiles] });
      else reject(new Error('Mocha ended without counts: its reporter did not run.'));
    });
    runner.on('fail', ({ file }: Mocha.Test) => {
      if (file !== undefined) failedFiles.add(basename(file, '.test.cjs'));
    });
  });
}

/** A hook that leaves a picture of the window, `failed-TITLE.png`, for each test that has failed. */
function pictureOfFailure(bridge: Bridge): Mocha.AsyncFunc {
  return async function (this: Mocha.Context) {
    const test = this.currentTest;
    if (test?.state !== 'failed') return;
    await bridge.screenshot(`failed-${test.fullTitle().replaceAll(/\W+/g, '-').slice(0, 100)}`);
  };
}
