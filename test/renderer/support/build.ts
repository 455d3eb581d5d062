/** The renderer as it ships, built into a folder of its own: the same options as `esbuild.mjs`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { BuildOptions, Metafile } from 'esbuild';

export interface Built {
  folder: string;
  /** Of the notebook renderer's files. */
  metafile: Metafile;
  remove(): void;
}

const COMMON: BuildOptions = {
  bundle: true,
  minify: true,
  metafile: true,
  logLevel: 'error',
  platform: 'browser',
  target: 'es2022',
  loader: { '.css': 'text' },
  define: { global: 'globalThis' },
};

export async function buildRenderer(): Promise<Built> {
  const folder = mkdtempSync(join(tmpdir(), 'latentlab-renderer-'));
  const [renderer] = await Promise.all([
    build({
      ...COMMON,
      entryPoints: { index: 'renderer/index.ts' },
      outdir: folder,
      format: 'esm',
      splitting: true,
      chunkNames: 'chunks/[name]-[hash]',
    }),
    build({ ...COMMON, entryPoints: { report: 'renderer/report.ts' }, outdir: folder, format: 'iife' }),
    build({ ...COMMON, entryPoints: { host: 'test/renderer/support/host.ts' }, outdir: folder, format: 'esm' }),
  ]);
  return {
    folder,
    metafile: renderer.metafile ?? { inputs: {}, outputs: {} },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
