/** The extension's bundles as they are packed: without source maps, with pure JavaScript packages inside. */
import path from 'node:path';
import * as esbuild from 'esbuild';
import { alias, common, kernelEntries, targets } from '../esbuild.mjs';
import { ROOT } from './files.mjs';

/**
 * What stays a package beside the bundles: native parts, what cells import too (there is one tensor library in a process),
 * what is read as files, and what the user may add.
 */
export const FILES = ['@tensorflow/*', 'onnxruntime-node', '@napi-rs/canvas', 'koffi', 'typescript', 'webgpu'];

/** What packages in CommonJS need, which ask for Node's own modules by `require`. */
export const REQUIRE =
  "import { createRequire as latentlabRequire } from 'node:module'; const require = latentlabRequire(import.meta.url);";

const { languageWorker, drawFormula, equationChecks } = targets.language.entryPoints;

/** @type {Record<string, esbuild.BuildOptions>} */
const CHANGES = {
  language: { entryPoints: { languageWorker, drawFormula, equationChecks } },
  kernel: {
    // The commands of a checkout, its benchmarks and verification among them, are not for an installation.
    entryPoints: {
      ...kernelEntries('sweep', 'setupTfjsNode', 'setupWebgpu', 'setupXla'),
      cli: 'kernel/library/cli.ts',
    },
    packages: 'bundle',
    external: FILES,
    alias,
    define: { LATENTLAB_IS_EXTENSION: 'true' },
    banner: { js: REQUIRE },
    // Names stay: errors and displays show those of classes and functions. So do lines: Node prints one.
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: 120,
  },
};

/** Built again for the package; what else an installation needs is copied. */
const isPacked = (/** @type {string} */ folder) => /^dist\/(extension|kernel|renderer)\b/.test(folder);

/**
 * Writes the bundles into a folder that takes the place of the repository.
 *
 * @param {string} folder
 * @returns {Promise<string[]>} The files that went into them, relative to the repository.
 */
export async function writeBundles(folder) {
  const wanted = Object.entries(targets).filter(
    // What is no script is copied.
    ([name, { outdir }]) => outdir && isPacked(outdir) && name !== 'optimizers',
  );
  const builds = wanted.map(([name, options]) =>
    esbuild.build({
      ...common,
      sourcemap: false,
      ...options,
      ...CHANGES[name],
      ...(options.outdir?.startsWith('dist/extension') && { minify: true, keepNames: true }),
      absWorkingDir: ROOT,
      outdir: path.join(folder, options.outdir ?? ''),
      metafile: true,
    }),
  );
  const inputs = (await Promise.all(builds)).flatMap(({ metafile }) => used(metafile));
  return [...new Set(inputs)];
}

/**
 * What has left a trace in an output: what tree shaking took out is not packed.
 *
 * @param {esbuild.Metafile} metafile
 */
function used({ outputs }) {
  return Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
  );
}
