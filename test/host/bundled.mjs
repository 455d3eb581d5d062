import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { common } from '../../esbuild.mjs';

/**
 * Bundles a program of the tests, which is TypeScript, and runs it in this process.
 *
 * @param {URL} entry
 * @returns {Promise<void>} Fulfilled when its top level has run.
 */
export async function runBundled(entry) {
  const name = basename(fileURLToPath(new URL('.', entry)));
  const outfile = fileURLToPath(new URL(`../artifacts/${name}/main-${process.pid}.mjs`, import.meta.url));
  await esbuild.build({
    ...common,
    entryPoints: [fileURLToPath(entry)],
    outfile,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
  });
  await import(outfile);
}
