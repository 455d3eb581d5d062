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

/** The cells of that notebook. */
export const CELLS: readonly object[] = NOTEBOOK.cells;

/**
 * The same with a training that goes on until something ends it: in the first attempt of each beta, or the first ones where
 * it has several seeds, a step takes a tenth of a second once so many epochs are over.
 */
export function slowAtFirst(after: number, seeds = 1): object[] {
  const slow = `import { mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
const begun = \`begun-\${beta}\`;
mkdirSync(begun, { recursive: true });
mkdtempSync(\`\${begun}/attempt-\`);
const isFirst = readdirSync(begun).length <= ${seeds};
const stepEnded = async ({ epoch }) => {
  if (isFirst && epoch > ${after}) await new Promise((resolve) => setTimeout(resolve, 100));
};`;
  return NOTEBOOK.cells.map((cell) =>
    cell.source.includes('vae.fit(')
      ? { ...cell, source: `${slow}\n${cell.source.replace('{ epochs,', '{ callbacks: { stepEnded }, epochs,')}` }
      : cell,
  );
}

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
