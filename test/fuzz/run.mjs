/** Bundles the campaign, which is TypeScript, and runs it: `npm run fuzz -- --help`. */
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { common } from '../../esbuild.mjs';

const outfile = fileURLToPath(new URL('../artifacts/fuzz/main.mjs', import.meta.url));
await esbuild.build({
  ...common,
  entryPoints: [fileURLToPath(new URL('main.ts', import.meta.url))],
  outfile,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
});
await import(outfile);
