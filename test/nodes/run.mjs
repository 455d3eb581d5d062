/**
 * Runs the suites of the kernel and of VS Code on the other Nodes that people have, after a build:
 * `node test/nodes/run.mjs [--brief] [MAJOR[:vscode|:kernel] …]`. Brief rounds are about cells, imports, interrupts and
 * debugging alone. Each Node comes from the npm registry, is kept, and stands first on the PATH of its round.
 *
 * Both suites mostly wait, so a round runs them at the same time. Every round runs to its end, so that one run tells on
 * which Nodes something fails.
 */
import { delimiter, dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { OTHER_NODES, otherNode, packagedNode } from '../host/nodePackage.mjs';
import { conclude, runTasks } from '../lanes.mjs';
import { vitestTask, vscodeTask } from '../secondTries.mjs';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { brief: { type: 'boolean' } } });

/** Long, and about the library's numbers and speed and not about the process that they run in: left to `npm test`. */
const LEFT_OUT = ['sampleNotebooks', 'bench'];
/** What depends most on the Node: V8's and Node's own parts that cells, imports, interrupts and the debugger work with. */
const KERNEL = {
  brief: [
    ...['cellKinds', 'cells', 'deadWaits', 'debugging', 'edits', 'interrupts', 'life', 'moduleSemantics', 'modules'],
    ...['questions', 'tsconfig'],
  ].map((name) => `test/kernel/${name}.test.ts`),
  whole: LEFT_OUT.map((name) => `--exclude=test/kernel/${name}.test.ts`),
};
/** What VS Code does with kernels; its own windows and menus are left to `npm test`. */
const VSCODE = {
  brief: ['kernel', 'kernelLife', 'nodePath'],
  whole: [
    ...['kernel', 'kernelLife', 'nodePath', 'debugging', 'devices', 'lateOutputs', 'questions', 'restartOffers'],
    ...['sample', 'trainings'],
  ],
};

/** @typedef {{ version: string; suites: ('vscode' | 'kernel')[] }} Wanted */

const length = values.brief ? 'brief' : 'whole';
const all = wanted(positionals);
// One suite of each kind may run beside the other, also on another Node.
const isPair = all.length === 2 && new Set(all.flatMap(({ suites }) => suites)).size === 2;
const rounds = isPair && all.every(({ suites }) => suites.length === 1) ? [all] : all.map((one) => [one]);
const outcomes = [];
for (const round of rounds) {
  const tasks = round.map(async ({ version, suites }) => {
    const node = await packagedNode(version);
    return Promise.all(suites.map((suite) => taskOf(suite, version, node)));
  });
  outcomes.push(...(await runTasks((await Promise.all(tasks)).flat())));
}
if (!conclude(outcomes)) process.exitCode = 1;

/**
 * @param {'vscode' | 'kernel'} suite
 * @param {string} version
 * @param {string} node its executable
 */
function taskOf(suite, version, node) {
  const PATH = [dirname(node), process.env.PATH].filter(Boolean).join(delimiter);
  const env = { PATH, LATENTLAB_TEST_NODE: node };
  return suite === 'vscode'
    ? vscodeTask(`VS Code, Node ${version}`, VSCODE[length], env)
    : vitestTask(`kernel, Node ${version}`, ['--project kernel', ...KERNEL[length]], env);
}

/**
 * @param {string[]} rounds `22`, or `22:kernel` for one suite alone; none: all versions
 * @returns {Wanted[]}
 */
function wanted(rounds) {
  /** @type {Wanted['suites']} */
  const both = ['vscode', 'kernel'];
  if (rounds.length === 0) return OTHER_NODES.map((version) => ({ version, suites: both }));
  return rounds.map((round) => {
    const [major, suite] = round.split(':');
    const version = otherNode(major ?? '');
    if (suite === undefined) return { version, suites: both };
    const known = both.find((one) => one === suite);
    if (!known) throw new Error(`There is no suite "${suite}"; there are ${both.join(' and ')}.`);
    return { version, suites: [known] };
  });
}
