/** Runs commands of this repository two at a time, and shows what each printed once it has ended; one alone, at once. */
import { fileURLToPath } from 'node:url';
import { startChild } from './host/children.mjs';

const ROOT = fileURLToPath(new URL('../', import.meta.url));

/**
 * @typedef {object} Task
 * @property {string} name
 * @property {string} command What the shell runs in the root of the repository.
 * @property {NodeJS.ProcessEnv} [env] Beside this process's own.
 * @property {() => Promise<Again>} [again] What to run once more after a failure.
 *
 * @typedef {object} Again
 * @property {string[]} files of tests that have failed; none where something else has
 * @property {string} command that runs these alone
 *
 * @typedef {object} Outcome
 * @property {string} name
 * @property {'passed' | 'failed'} result
 * @property {number} seconds
 * @property {string} printed
 * @property {string[]} racing Files whose tests have failed first, and passed when they ran once more.
 */

/** Files that may run once more: where more have failed, it is no race. */
const MOST_AGAIN = 3;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

/**
 * Runs every task, also behind one that fails, so that one run tells all that is wrong.
 *
 * @param {Task[]} tasks in the order in which they begin
 * @returns {Promise<Outcome[]>} In the order in which they ended.
 */
export async function runTasks(tasks) {
  const waiting = [...tasks];
  const isAlone = tasks.length === 1;
  /** @type {Outcome[]} */
  const outcomes = [];
  const lane = async () => {
    for (let task = waiting.shift(); task; task = waiting.shift()) {
      const outcome = await run(task, isAlone);
      const printed = isAlone ? '' : outcome.printed.trim();
      console.log(`\n── ${outcome.name}: ${outcome.result}, ${outcome.seconds} s${printed && `\n${printed}`}`);
      outcomes.push(outcome);
    }
  };
  await Promise.all([lane(), lane()]);
  return outcomes;
}

/**
 * A table of outcomes, and the ends of what failed tasks printed, which stand last in a log that is cut at its front.
 *
 * @param {Outcome[]} outcomes
 * @returns {boolean} Whether all have passed.
 */
export function conclude(outcomes) {
  console.log('');
  console.table(outcomes.map(({ name, result, seconds }) => ({ name, result, seconds })));
  const failed = outcomes.filter(({ result }) => result === 'failed');
  for (const { name, printed } of failed) console.log(`\n${name} failed; it ends with:\n${lastLines(printed, 60)}`);
  const racing = outcomes.flatMap((outcome) => outcome.racing);
  if (racing.length > 0) {
    const names = racing.map((name) => `  ${name}`).join('\n');
    console.log(`\nPassed only when run once more; find out why, the log above has the failure:\n${names}`);
  }
  return failed.length === 0;
}

/**
 * @param {Task} task
 * @param {boolean} isLive Whether what it prints is shown while it runs.
 * @returns {Promise<Outcome>}
 */
async function run({ name, command, env, again }, isLive) {
  const started = performance.now();
  let { code, printed } = await runCommand(command, env, isLive);
  /** @type {string[]} */
  let racing = [];
  if (code !== 0 && again) {
    const { files, command: alone } = await again();
    if (files.length > 0 && files.length <= MOST_AGAIN) {
      if (isLive) console.log(`\n── ${name}: what has failed runs once more\n`);
      const second = await runCommand(alone, env, isLive);
      printed += second.printed;
      code = second.code;
      if (code === 0) racing = files;
    }
  }
  const seconds = Math.round((performance.now() - started) / 1000);
  return { name, result: code === 0 ? 'passed' : 'failed', seconds, printed, racing };
}

/**
 * @param {string} command
 * @param {NodeJS.ProcessEnv | undefined} env
 * @param {boolean} isLive
 * @returns {Promise<{ code: number | null; printed: string }>}
 */
async function runCommand(command, env, isLive) {
  /** @type {import('node:child_process').StdioOptions} */
  const stdio = ['ignore', 'pipe', 'pipe'];
  const child = startChild(command, [], { cwd: ROOT, env: { ...process.env, ...env }, stdio, shell: true });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text) => {
      printed += text;
      if (isLive) process.stdout.write(text);
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    // Once its streams have ended too.
    child.once('close', (code) => resolve({ code, printed }));
  });
}

/**
 * @param {string} text
 * @param {number} count
 */
function lastLines(text, count) {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
