/**
 * What `npm test` runs, in steps; the parts of a step that may disturb each other's measures or windows stand in different
 * ones. `node test/run.mjs [--check]`: the first step alone.
 *
 * A step begins when all parts of the one before have passed.
 */
import { parseArgs } from 'node:util';
import { conclude, runTasks } from './lanes.mjs';

const { values } = parseArgs({ options: { check: { type: 'boolean' } } });

/** @param {string} name */
const script = (name) => ({ name, command: `npm run --silent ${name}` });

const CHECKS = ['lint:rules', 'check:types', 'check:samples', 'check:format', 'lint:architecture'].map(script);

const STEPS = [
  CHECKS,
  [script('test:tfjs'), script('test:verify')],
  // One at a time: each keeps both cores busy, and browsers and windows have frames that count.
  [{ name: 'vitest', command: 'npx vitest run' }],
  [script('test:vscode')],
];

const outcomes = [];
for (const step of values.check ? [CHECKS] : STEPS) {
  const ended = await runTasks(step);
  outcomes.push(...ended);
  if (ended.some(({ result }) => result === 'failed')) break;
}
if (!conclude(outcomes)) process.exitCode = 1;
