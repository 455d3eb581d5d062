/** What a package holds, laid out in a folder as it will be installed. To add something, add it here. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { writeBundles } from './bundles.mjs';
import { compressed } from './compressed.mjs';
import { ROOT } from './files.mjs';
import { noticesOf, partsOf } from './licences.mjs';
import { nativeFiles } from './natives.mjs';
import { packageFiles, shortened } from './packages.mjs';
import { photograph, selfContained } from './readme.mjs';
import { TARGETS } from './targets.mjs';

/** Files and folders of the repository that are read as they are, beside the bundles and the packages. */
const COPIED = [
  'LICENSE',
  'package.nls.json',
  'CHANGELOG.md',
  'docs/icon.png',
  'extension/sweep.schema.json',
  'docs/walkthrough',
  'samples',
  'dist/types',
  // What an exported report holds.
  'dist/report/report.js',
  'dist/report/katex.css',
  'dist/report/github.css',
  'dist/report/github-dark.css',
  // Compiled from AssemblyScript.
  'dist/kernel/optimizers.wasm',
  'dist/kernel/optimizersShared.wasm',
];

/** What VS Code and the kernel read of `package.json`; the rest is for npm. */
const FOR_NPM = [
  ...['private', 'scripts', 'workspaces', 'files', 'bin', 'exports', 'types', 'overrides', 'allowScripts'],
  ...['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies', 'peerDependenciesMeta'],
];

/** A picture that `package.json` names. */
const PICTURE = /docs\/pictures\/[\w-]+\.png/g;

/** Where packages are laid out. In the archive they are `node_modules` at the top, for which vsce would ask npm. */
export const PACKAGES = 'dist/node_modules';

/**
 * Lays out everything but native parts.
 *
 * @param {string} folder made anew
 * @returns {Promise<{ files: string[] }>} The files of packages that are inside, in bundles or as they are.
 */
export async function layOut(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const [bundled, shipped] = await Promise.all([writeBundles(folder), packageFiles()]);
  for (const file of shipped) await copyOfPackage(file, path.join(folder, 'dist', file));
  for (const name of COPIED) {
    const from = path.join(ROOT, name);
    if (!existsSync(from)) throw new Error(`${name} is not there. Run npm run build, and node declarations.mjs.`);
    cpSync(from, path.join(folder, name), { recursive: true });
  }
  for (const name of readdirSync(path.join(folder, 'samples'))) {
    if (name.endsWith('.ipynb')) withoutOutputs(path.join(folder, 'samples', name));
  }
  for (const file of sourcesOf(path.join(folder, 'dist', 'types')))
    copy(path.join(ROOT, file), path.join(folder, file));
  // Those of the walkthrough; the README has its own in it.
  const manifest = readFileSync(path.join(ROOT, 'package.json'), 'utf8');
  for (const [picture] of manifest.matchAll(PICTURE)) {
    const small = path.join(folder, smallPicture(picture));
    mkdirSync(path.dirname(small), { recursive: true });
    writeFileSync(small, await photograph(path.join(ROOT, picture)));
  }
  // Silences VS Code's own TypeScript in our notebooks: it looks for plugins among the extension's packages.
  const plugin = path.join(ROOT, 'extension', 'typescript-plugin');
  cpSync(plugin, path.join(folder, PACKAGES, 'latentlab-typescript-plugin'), { recursive: true });
  await writeManifestAndReadme(folder);
  return { files: [...bundled, ...shipped] };
}

/**
 * Puts the native parts of a target into a prepared folder, and the licences of everything in it.
 *
 * @param {string} folder
 * @param {import('./targets.mjs').TargetName} target
 * @param {{ files: string[] }} laidOut
 * @returns {Promise<() => void>} Takes them out again.
 */
export async function addNatives(folder, target, { files }) {
  const natives = await nativeFiles(target);
  const { packed } = /** @type {import('./targets.mjs').Target} */ (TARGETS[target]);
  const isPacked = (/** @type {string} */ name) => packed?.test(name) ?? false;
  const written = await Promise.all(
    natives.map(async ({ from, to }) => {
      const file = path.join(folder, PACKAGES, isPacked(to) ? `${to}.br` : to);
      copy(isPacked(to) ? await compressed(from) : from, file);
      return file;
    }),
  );
  if (packed) {
    // kernel/engine/packedNatives.ts reads it.
    const list = natives.filter(({ to }) => isPacked(to)).map(({ to }) => `node_modules/${to}`);
    writeFileSync(path.join(folder, 'dist', 'packed.json'), JSON.stringify(list));
    written.push(path.join(folder, 'dist', 'packed.json'));
  }
  const packages = natives.filter(({ to }) => to.endsWith('/package.json')).map(({ from }) => path.dirname(from));
  writeFileSync(path.join(folder, 'THIRD-PARTY-NOTICES.txt'), noticesOf(partsOf(files, packages)));
  return () => {
    for (const file of written) rmSync(file);
  };
}

/**
 * Outputs of samples are for those who read them on the web: here they run, and would weigh a fifth of the package.
 *
 * @param {string} file
 */
function withoutOutputs(file) {
  const notebook = JSON.parse(readFileSync(file, 'utf8'));
  for (const cell of notebook.cells) {
    if (cell.cell_type === 'code') Object.assign(cell, { outputs: [], execution_count: null });
  }
  writeFileSync(file, `${JSON.stringify(notebook, null, 1)}\n`);
}

/** @param {string} folder */
async function writeManifestAndReadme(folder) {
  const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
  for (const name of FOR_NPM) delete manifest[name];
  delete manifest.engines.node;
  const text = JSON.stringify(manifest, null, 2).replaceAll(PICTURE, smallPicture);
  writeFileSync(path.join(folder, 'package.json'), `${text}\n`);
  const readme = readFileSync(path.join(ROOT, 'README.md'), 'utf8');
  writeFileSync(path.join(folder, 'README.md'), manifest.repository ? readme : await selfContained(readme));
}

/**
 * The sources that "Go to Definition" leads to: those of the types, relative to the repository.
 *
 * @param {string} types
 */
function sourcesOf(types) {
  return readdirSync(types, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.d.ts'))
    .map((name) => path.join('kernel', name.replace(/\.d\.ts$/, '.ts')))
    .filter((file) => existsSync(path.join(ROOT, file)));
}

/** @param {string} file of a picture in the repository */
const smallPicture = (file) => file.replace(/\.png$/, '.jpg');

/**
 * @param {string} file relative to the repository
 * @param {string} to
 */
async function copyOfPackage(file, to) {
  const text = await shortened(file);
  if (text === undefined) return copy(path.join(ROOT, file), to);
  mkdirSync(path.dirname(to), { recursive: true });
  writeFileSync(to, text);
}

/**
 * @param {string} from
 * @param {string} to
 */
function copy(from, to) {
  mkdirSync(path.dirname(to), { recursive: true });
  cpSync(from, to);
}
