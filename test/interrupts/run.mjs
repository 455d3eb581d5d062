/** Bundles the rounds, which are TypeScript, and runs them: `npm run test:interrupts -- --help`. */
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { common } from '../../esbuild.mjs';

const outfile = fileURLToPath(new URL(`../artifacts/interrupts/main-${process.pid}.mjs`, import.meta.url));
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
