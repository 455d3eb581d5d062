/**
 * Runs tfjs-core's own test-suite on the lowerings: `node test/tfjs/run.mjs [--xla] [--built] [PATTERN]`. With
 * `--xla` these are those to StableHLO, on the plugin that `LATENTLAB_XLA_PLUGIN` names. With `--built` the suite is not
 * bundled again, and with `--bundle` that is all that is done.
 *
 * A spec counts when every kernel that it calls is lowered. Those that fail have to be in `exclusions.json`, each with its
 * reason, and nothing else may be in it. With a pattern, specs whose full names do not match stay out of everything, and
 * no share of the specs has to pass.
 */
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { judge, summary } from './verdict.mjs';

const SUITE = fileURLToPath(new URL('../artifacts/tfjs/suite.mjs', import.meta.url));
const PARTS = Math.min(2, availableParallelism());

const xla = process.argv.includes('--xla');
const plugin = xla ? (process.env['LATENTLAB_XLA_PLUGIN'] ?? '') : '';
if (xla && !plugin) {
  console.log("tfjs-core's own suite on XLA: not run, for LATENTLAB_XLA_PLUGIN names no plugin");
  process.exit();
}
const [pattern = ''] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const started = performance.now();
if (!process.argv.includes('--built')) await bundle();
if (process.argv.includes('--bundle')) process.exit();
const runs = await Promise.all(Array.from({ length: PARTS }, (_, part) => runPart(part)));
const specs = runs.flatMap((run) => run.specs);
const verdict = judge(specs, await exclusions(), {
  lowered: runs[0]?.lowered ?? [],
  errors: runs.flatMap((run) => run.errors),
  ...(pattern ? { requiredShare: 0 } : {}),
});
console.log(`tfjs-core's own suite: ${specs.length} specs in ${Math.round((performance.now() - started) / 1000)} s`);
console.log(summary(verdict));
if (!verdict.passes) process.exitCode = 1;

/** One bundle holds one tfjs-core, which is otherwise loaded once as CommonJS and once as modules. */
async function bundle() {
  // Not on a machine that has the suite built.
  const [esbuild, { common }] = await Promise.all([import('esbuild'), import('../../esbuild.mjs')]);
  await esbuild.build({
    ...common,
    entryPoints: [fileURLToPath(new URL('suite.ts', import.meta.url))],
    outfile: SUITE,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    mainFields: ['module', 'main'],
    // tfjs-core calls its tests free of side effects.
    ignoreAnnotations: true,
    external: ['jasmine-core', 'onnxruntime-node', 'koffi'],
    banner: { js: "import module from 'node:module'; const require = module.createRequire(import.meta.url);" },
  });
}

/** @returns {Promise<import('./verdict.mjs').Exclusion[]>} */
async function exclusions() {
  /** @type {import('./verdict.mjs').Exclusion[]} */
  const all = JSON.parse(
    await readFile(new URL(xla ? 'exclusions.xla.json' : 'exclusions.json', import.meta.url), 'utf8'),
  );
  return all.filter(({ spec }) => new RegExp(pattern).test(spec));
}

/**
 * @param {number} part
 * @returns {Promise<{ specs: import('./verdict.mjs').Spec[]; errors: string[]; lowered: string[] }>}
 */
function runPart(part) {
  /** @type {Awaited<ReturnType<typeof runPart>>} */
  const run = { specs: [], errors: [], lowered: [] };
  let running = 'no spec yet';
  let done = false;
  // What the specs print, and tfjs's warnings of them, would hide the verdict.
  const child = fork(SUITE, [String(part), String(PARTS), pattern, plugin], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let printed = '';
  child.stderr?.on('data', (text) => (printed = (printed + text).slice(-4000)));
  child.on('message', (/** @type {import('./verdict.mjs').Message} */ message) => {
    if (message.kind === 'started') running = message.name;
    else if (message.kind === 'spec') run.specs.push(message);
    else if (message.kind === 'error') run.errors.push(message.message);
    else {
      done = true;
      run.lowered = message.lowered;
    }
  });
  return new Promise((resolve) => {
    child.once('close', (code, signal) => {
      if (!done) run.errors.push(`Part ${part} ended (${signal ?? code}) in: ${running}\n${printed}`);
      resolve(run);
    });
  });
}
