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
 */
export function vitestTask(name, options = [], env = {}) {
  const command = `npx vitest run --reporter=default --reporter=json --outputFile.json=${VITEST_RESULTS}`;
  return taskOf({ name, command, env }, options, VITEST_RESULTS, (results) => {
    /** @type {{ testResults?: { name: string; status: string }[] }} */
    const { testResults = [] } = results;
    return testResults.filter(({ status }) => status === 'failed').map(({ name: path }) => relative(ROOT, path));
  });
}

/**
 * As {@link vitestTask}.
 *
 * @param {string} name
 * @param {string[]} suites by the names that `test/vscode/run.mjs` takes; all where there are none
 * @param {NodeJS.ProcessEnv} [env]
 */
export function vscodeTask(name, suites = [], env = {}) {
  const command = 'npm run --silent test:vscode --';
  return taskOf({ name, command, env }, suites, VSCODE_RESULTS, (results) => {
    /** @type {{ failedFiles?: string[] }} */
    const { failedFiles = [] } = results;
    return failedFiles;
  });
}

/**
 * @param {Task} task whose command takes files behind it
 * @param {string[]} first what is behind it in the first run
 * @param {string} file of its results
 * @param {(results: object) => string[]} failedIn
 * @returns {Promise<Task>}
 */
async function taskOf({ command, ...task }, first, file, failedIn) {
  // A run that ends without results has none, and not those of the run before.
  await rm(file, { force: true });
  return {
    ...task,
    command: [command, ...first].join(' '),
    again: async () => {
      const files = failedIn(JSON.parse(await readFile(file, 'utf8').catch(() => '{}')));
      return { files, command: [command, ...files].join(' ') };
    },
  };
}
