/**
 * Tasks whose files run once more where tests of few have failed: processes, pages and windows race on a busy machine.
 * Which ones failed is read from the results that vitest and VS Code's suites write.
 */
import { readFile, rm } from 'node:fs/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const VITEST_RESULTS = fileURLToPath(new URL('artifacts/vitest.json', import.meta.url));
export const VSCODE_RESULTS = fileURLToPath(new URL('artifacts/vscode.json', import.meta.url));

/** @typedef {import('./lanes.mjs').Task} Task */

/**
 * Two of these do not run at the same time.
 *
 * @param {string} name
 * @param {string[]} options of the command line, files included
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<Task>}
 */
export async function vitestTask(name, options = [], env = {}) {
  const reporters = `--reporter=default --reporter=json --outputFile.json=${VITEST_RESULTS}`;
  const commandOf = (/** @type {string[]} */ rest) => ['npx vitest run', reporters, ...rest].join(' ');
  await forget(VITEST_RESULTS);
  return {
    name,
    command: commandOf(options),
    env,
    again: async () => {
      /** @type {{ testResults?: { name: string; status: string }[] }} */
      const { testResults = [] } = await resultsIn(VITEST_RESULTS);
      const failed = testResults.filter(({ status }) => status === 'failed');
      const files = failed.map(({ name: path }) => relative(ROOT, path));
      return { files, command: commandOf(files) };
    },
  };
}

/**
 * @param {string} name
 * @param {string[]} suites by the names that `test/vscode/run.mjs` takes; all where there are none
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<Task>}
 */
export async function vscodeTask(name, suites = [], env = {}) {
  const commandOf = (/** @type {string[]} */ names) => ['npm run --silent test:vscode --', ...names].join(' ');
  await forget(VSCODE_RESULTS);
  return {
    name,
    command: commandOf(suites),
    env,
    again: async () => {
      /** @type {{ failedFiles?: string[] }} */
      const { failedFiles = [] } = await resultsIn(VSCODE_RESULTS);
      return { files: failedFiles, command: commandOf(failedFiles) };
    },
  };
}

/**
 * A run that ends without results has none, and not those of the run before.
 *
 * @param {string} file
 */
function forget(file) {
  return rm(file, { force: true });
}

/** @param {string} file */
async function resultsIn(file) {
  const text = await readFile(file, 'utf8').catch(() => '{}');
  return JSON.parse(text);
}
