/** The packages that stay files beside the bundles: which of their files Node loads. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { installedFolder, packageFolderOf, ROOT } from './files.mjs';

/** Loaded by bundles and cells; what these load in turn is found by following them. */
const ENTRIES = [
  '@tensorflow/tfjs',
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-layers',
  '@tensorflow/tfjs-data',
  '@tensorflow/tfjs-converter',
  '@tensorflow/tfjs-backend-cpu',
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-backend-webgpu',
  '@napi-rs/canvas',
  // Calls XLA's plugins.
  'koffi',
  'onnxruntime-node',
  'onnxruntime-node/dist/binding.js',
  'typescript',
];

/** Read by their paths: names relative to the package. Node runs the SIMD variant of WebAssembly alone. */
const READ = {
  '@tensorflow/tfjs-backend-wasm': /^dist\/tfjs-backend-wasm-simd\.wasm$/,
  typescript: /^lib\/lib\.(?!webworker|scripthost)[\w.]*d\.ts$/,
};

/** Whose types cells see, by `latentlab` and `@tensorflow/tfjs`; the tests of tfjs are declared too. */
const TYPED = [
  '@tensorflow/tfjs',
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-layers',
  '@tensorflow/tfjs-data',
  '@tensorflow/tfjs-converter',
  '@types/node',
  '@types/seedrandom',
  '@webgpu/types',
  'ml-matrix',
  'undici-types',
  'zod',
];
const DECLARATIONS = /(?<!_test)(?<!_test_util)\.d\.ts$/;

/**
 * The files to pack, relative to the repository; native parts, which differ from target to target, are not among them.
 *
 * @returns {Promise<string[]>}
 */
export async function packageFiles() {
  const files = [...(await loaded()), ...read(), ...TYPED.flatMap((name) => filesIn(name, DECLARATIONS))];
  return [...new Set([...files, ...files.flatMap(manifestsAbove)])].sort();
}

/**
 * The package's, and those on the way to it: they say which scripts are CommonJS.
 *
 * @param {string} file
 */
function manifestsAbove(file) {
  const found = [];
  const last = packageFolderOf(file) ?? '.';
  for (let folder = path.posix.dirname(file); folder.length >= last.length; folder = path.posix.dirname(folder)) {
    const manifest = `${folder}/package.json`;
    if (existsSync(path.join(ROOT, manifest))) found.push(manifest);
  }
  return found;
}

/** The notice at the head of each file of a package, which THIRD-PARTY-NOTICES.txt has once. */
const NOTICE = /^\/\*\*?(?:(?!\*\/)[^])*(?:@license|Copyright)(?:(?!\*\/)[^])*\*\/\s*/gm;

/**
 * A file of a large package as it is packed: a script without comments, and without names of variables where none asks
 * for them; a declaration without the notice at its head.
 *
 * @param {string} file relative to the repository
 * @returns {Promise<string | undefined>} undefined if the file is packed as it is
 */
export async function shortened(file) {
  if (/\.d\.ts$/.test(file)) return readFileSync(path.join(ROOT, file), 'utf8').replace(NOTICE, '');
  const isTypescript = /^node_modules\/typescript\/.*\.js$/.test(file);
  if (!isTypescript && !/^node_modules\/@tensorflow\/.*\.js$/.test(file)) return undefined;
  const { code } = await esbuild.transform(readFileSync(path.join(ROOT, file), 'utf8'), {
    minifyWhitespace: true,
    lineLimit: 120,
    // Node reads the names that tfjs exports off its code, and tfjs keeps layers by the names of their classes.
    minifySyntax: isTypescript,
    minifyIdentifiers: isTypescript,
    legalComments: 'none',
    platform: 'node',
  });
  return code;
}

async function loaded() {
  const { metafile } = await esbuild.build({
    // One entry that requires them all: each file is followed as Node would.
    stdin: { contents: ENTRIES.map((name) => `require(${JSON.stringify(name)});`).join('\n'), resolveDir: ROOT },
    absWorkingDir: ROOT,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    mainFields: ['main'],
    conditions: ['node', 'require'],
    // tfjs takes its fetch where Node has none, which every Node from 20 on has.
    external: ['*.node', '@napi-rs/canvas-*', '@koromix/*', 'node-fetch'],
    write: false,
    metafile: true,
    logLevel: 'error',
  });
  return Object.keys(metafile.inputs).filter((file) => packageFolderOf(file) !== undefined);
}

const read = () => Object.entries(READ).flatMap(([name, pattern]) => filesIn(name, pattern));

/**
 * @param {string} name of a package
 * @param {RegExp} pattern of names relative to it
 */
function filesIn(name, pattern) {
  const folder = installedFolder(name);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => pattern.test(path.relative(folder, file).replaceAll(path.sep, '/')))
    .map((file) => path.relative(ROOT, file).replaceAll(path.sep, '/'));
}
