/** A sweep's folder in cells: `compare`, `select`, `sweepRuns`; and one of the samples' runs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MIME } from '../../kernel/views/types';
import type { SweepView } from '../../kernel/views/types';
import { leaveSweep } from '../unit/session/show/sweeps/sweepFolder';
import { KernelUnderTest } from './kernelUnderTest';

let kernel: KernelUnderTest;
let folder: string;
beforeAll(async () => {
  kernel = await KernelUnderTest.start();
  folder = mkdtempSync(join(tmpdir(), 'll-cells-'));
  leaveSweep(folder, 8, { waiting: [8] });
});
afterAll(async () => {
  await kernel.stop();
  rmSync(folder, { recursive: true, force: true });
});

const text = (path: string) => JSON.stringify(path);

describe('the folder of a sweep in a cell', () => {
  it('is one view, without await too', async () => {
    const { displays, error } = await kernel.run(`import { compare } from 'latentlab';\ncompare(${text(folder)})`);
    expect(error).toBeUndefined();
    const view = displays[0]!.bundle[MIME.sweep] as SweepView;
    expect(view).toMatchObject({ count: 8, title: 'Sweep beta', place: folder, metric: 'elbo', running: true });
    expect(displays[0]!.bundle['image/png']).toBeTruthy();
    expect(String(displays[0]!.bundle['text/plain'])).toMatch(
      /^8 runs: 7 done, 1 waiting\. Highest elbo: −206 in run 1/,
    );
  });

  it('refuses a folder without a sweep and a metric that there is not, by name', async () => {
    const none = await kernel.run(`await compare(${text(join(folder, 'none'))})`);
    expect(none.error!.message).toMatch(
      /^There is no folder .*none\. A sweep's folder is what npm run sweep writes\.$/,
    );
    const metric = await kernel.run(`await compare(${text(folder)}, { metric: 'mig' })`);
    expect(metric.error!.message).toBe(
      'compare: no run has a finite value of a metric "mig"; found "elbo", "validation.total", "seconds".',
    );
    const option = await kernel.run(`await compare(${text(folder)}, { better: 'best' })`);
    expect(option.error!.message).toMatch(/^compare takes as "better" "lower" or "higher"/);
  });

  it('is read as records', async () => {
    const { displays, error } = await kernel.run(`
import { sweepRuns } from 'latentlab';
const runs = await sweepRuns(${text(folder)});
JSON.stringify(runs.map(({ run, state, beta, seed, elbo }) => [run, state, beta, seed, elbo]))`);
    expect(error).toBeUndefined();
    const rows = JSON.parse(String(displays[0]!.bundle['text/plain']).slice(1, -1)) as unknown[][];
    expect(rows[2]).toEqual([3, 'done', 1, 1, -211]);
    expect(rows[7]).toEqual([8, 'waiting', 4, 2, null]);
  });

  it('has no model to select where its runs have left none, and says so', async () => {
    const { error } = await kernel.run(`
import { select } from 'latentlab';
await select({ folder: ${text(folder)}, metric: 'elbo' })`);
    expect(error!.message).toMatch(/the best run, 1, has saved no model/);
  });

  it('is left alone by keepModel outside of a sweep', async () => {
    const { displays, error } = await kernel.run(`
import { keepModel, VAE } from 'latentlab';
String(await keepModel(new VAE({ input: 3, latent: 1, hidden: [4] })))`);
    expect(error).toBeUndefined();
    expect(displays[0]!.bundle['text/plain']).toBe("'undefined'");
  });
});
