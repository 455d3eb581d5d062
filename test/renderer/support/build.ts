/** The renderer as it ships, built into a separate folder. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { BuildOptions, Metafile } from 'esbuild';
import { targets } from '../../../esbuild.mjs';

export interface Built {
  folder: string;
  /** The metafile of the notebook renderer's files. */
  metafile: Metafile;
  remove(): void;
}

const common: BuildOptions = { ...targets.report, metafile: true, logLevel: 'error', bundle: true };

export async function buildRenderer(): Promise<Built> {
  const folder = mkdtempSync(join(tmpdir(), 'latentlab-renderer-'));
  const [renderer] = await Promise.all([
    build({ ...common, ...targets.renderer, outdir: folder }),
    build({ ...common, outdir: folder }),
    build({ ...common, entryPoints: { host: 'test/renderer/support/host.ts' }, outdir: folder, format: 'esm' }),
  ]);
  return {
    folder,
    metafile: renderer.metafile ?? { inputs: {}, outputs: {} },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
