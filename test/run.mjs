/**
 * What `npm test` runs, in steps; the parts of a step that may disturb each other's measures or windows stand in different
 * ones. `node test/run.mjs [--check] [--vscode-node MAJOR]`: the first step alone; VS Code with kernels on another Node.
 *
 * A step begins when all parts of the one before have passed. Where tests of few files have failed, these files run once
 * more: processes, pages and windows race on a busy machine. The end names those that have passed only then.
 */
import { parseArgs } from 'node:util';
import { otherNode, packagedNode } from './host/nodePackage.mjs';
import { conclude, runTasks } from './lanes.mjs';
import { vitestTask, vscodeTask } from './secondTries.mjs';

const { values } = parseArgs({ options: { check: { type: 'boolean' }, 'vscode-node': { type: 'string' } } });
const { 'vscode-node': major } = values;
const vscodeEnv = major ? { LATENTLAB_TEST_NODE: await packagedNode(otherNode(major)) } : {};

/** @param {string} name */
const script = (name) => ({ name, command: `npm run --silent ${name}` });

const CHECKS = ['lint:rules', 'check:types', 'check:samples', 'check:format', 'lint:architecture'].map(script);

const STEPS = [
  CHECKS,
  [script('test:tfjs'), script('test:verify')],
  // One at a time: each keeps both cores busy, and browsers and windows have frames that count.
  [await vitestTask('vitest')],
  [await vscodeTask('test:vscode', [], vscodeEnv)],
];

const outcomes = [];
for (const step of values.check ? [CHECKS] : STEPS) {
  const ended = await runTasks(step);
  outcomes.push(...ended);
  if (ended.some(({ result }) => result === 'failed')) break;
}
if (!conclude(outcomes)) process.exitCode = 1;
