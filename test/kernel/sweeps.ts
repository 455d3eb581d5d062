/** Sweeps under test: a notebook that trains for a moment, and files that run it many times. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

/** What runs sweeps. */
export const builtSweep = fileURLToPath(new URL('../../dist/kernel/sweep.js', import.meta.url));

const code = (source: string, tags?: string[]) => ({
  ...{ cell_type: 'code', execution_count: null, outputs: [], source },
  metadata: tags ? { tags } : {},
});

const NOTEBOOK = {
  nbformat: 4,
  nbformat_minor: 4,
  metadata: {},
  cells: [
    code("import { report, twoMoons, VAE } from 'latentlab';"),
    code('// Weight of the divergence\nconst beta: number = 1;\nconst epochs = 4;', ['parameters']),
    code("console.log('beta is', beta);\nconst [train, test] = twoMoons({ count: 1000, seed: 1 }).split(200);"),
    code("const vae = new VAE({ input: 2, latent: 2, hidden: [16], beta, likelihood: 'gaussian' });"),
    code('const history = await vae.fit(train, { epochs, batchSize: 50, validation: test });'),
    code('report({ final: history.final.validation!.total });'),
  ],
};

/** @returns the sweep file */
export function writeSweepFiles(settings: object, cells: readonly object[] = NOTEBOOK.cells): string {
  const folder = mkdtempSync(join(tmpdir(), 'latentlab-sweep-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'moons.ipynb'), JSON.stringify({ ...NOTEBOOK, cells }));
  const file = join(folder, 'moons.sweep.json');
  writeFileSync(file, JSON.stringify({ notebook: 'moons.ipynb', device: 'traced-cpu', ...settings }));
  return file;
}

/** Where its results are. */
export function sweepFolder(file: string): string {
  return join(dirname(file), basename(file).replace(/(\.sweep)?\.json$/, '.sweep'));
}
