/**
 * Runs the suites of the kernel and of VS Code on the other Nodes that people have, after a build:
 * `node test/nodes/run.mjs [--brief] [MAJOR …]`. Brief rounds are about cells, imports and interrupts alone.
 * Each Node comes from the npm registry, is kept, and stands first on the PATH of its round.
 *
 * Both suites mostly wait, so a round runs them at the same time; what they print is shown when each has ended. Every
 * round runs to its end, so that one run tells on which Nodes something fails.
 */
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startChild } from '../host/children.mjs';
import { packagedNode } from '../host/nodePackage.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const VERSIONS = ['22.23.3', '24.21.0', '26.12.1'];
const { values, positionals } = parseArgs({ allowPositionals: true, options: { brief: { type: 'boolean' } } });

/** Long, and about the library's numbers and speed and not about the process that they run in: left to `npm test`. */
const LEFT_OUT = ['sampleNotebooks', 'bench'];
/** What cells and interrupts do is not seen in these. */
const NOT_BRIEF = [
  'cli',
  'convolutionalViews',
  'deviceFailures',
  'imageFolders',
  'savers',
  'stoppedTrainings',
  'training',
];
/** What VS Code does with kernels; its own windows and menus are left to `npm test`. */
const WITH_KERNELS = ['kernel', 'kernelLife', 'lateOutputs', 'nodePath', 'questions'];
const WITH_TRAININGS = ['devices', 'restartOffers', 'sample', 'trainings'];

const SUITES = {
  kernel: [
    join('node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--project=kernel',
    ...[...LEFT_OUT, ...(values.brief ? NOT_BRIEF : [])].map((name) => `--exclude=test/kernel/${name}.test.ts`),
  ],
  'VS Code': [join('test', 'vscode', 'run.mjs'), ...WITH_KERNELS, ...(values.brief ? [] : WITH_TRAININGS)],
};

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

/** @type {{ Node: string; suite: string; result: string; seconds: number }[]} */
const rows = [];
for (const version of wanted(positionals)) {
  const node = await packagedNode(version);
  console.log(`\nNode ${version}`);
  await Promise.all(
    Object.entries(SUITES).map(async ([suite, args]) => {
      const started = performance.now();
      const { passes, printed } = await runOn(node, args);
      const seconds = Math.round((performance.now() - started) / 1000);
      console.log(`\nNode ${version}, suite of ${suite}\n\n${printed}`);
      rows.push({ Node: version, suite, result: passes ? 'passed' : 'failed', seconds });
    }),
  );
}
console.table(rows);
if (rows.some(({ result }) => result === 'failed')) process.exitCode = 1;

/**
 * @param {string[]} majors none: all versions
 * @returns {string[]}
 */
function wanted(majors) {
  if (majors.length === 0) return VERSIONS;
  return majors.map((major) => {
    const version = VERSIONS.find((one) => one.split('.')[0] === major);
    if (!version) throw new Error(`There is no round for Node "${major}"; there is one for ${VERSIONS.join(', ')}.`);
    return version;
  });
}

/**
 * @param {string} node
 * @param {string[]} args
 * @returns {Promise<{ passes: boolean; printed: string }>}
 */
async function runOn(node, args) {
  const PATH = [dirname(node), process.env.PATH].filter(Boolean).join(delimiter);
  const env = { ...process.env, PATH, LATENTLAB_TEST_NODE: node };
  const child = startChild(node, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text) => (printed += text));
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    // Once its streams have ended too.
    child.once('close', (code) => resolve({ passes: code === 0, printed }));
  });
}
