import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DeterministicAutoencoder, VAE } from '../../../kernel/autoencoders/index';
import { isOfTest } from '../../../kernel/selection/leakage';
import { ModelError } from '../../../kernel/selection/savedModel';
import { select } from '../../../kernel/selection/select';
import { leaveModel, runFolder, writeRecord } from '../../../kernel/sweeps/results/index';
import { leaveSweep, recordOf } from '../session/show/sweeps/sweepFolder';

let folder: string;
let model: VAE;

/** Runs 1 to 6: β .5, .5, 1, 1, 2, 2, seeds 1 and 2 of each. One lucky seed is the best of all. */
const VALIDATION = [3, 9, 4, 5, 7, 8];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'll-select-'));
  leaveSweep(folder, 6);
  model = new VAE({ input: 3, latent: 1, hidden: [4], likelihood: 'gaussian', seed: 5 });
  for (const [i, value] of VALIDATION.entries()) {
    const record = recordOf(i + 1, [0.5, 0.5, 1, 1, 2, 2][i]!, 1 + (i % 2));
    const metrics = { 'validation.total': value, mig: value, beauty: value, 'test.elbo': -value };
    writeRecord(runFolder(folder, i + 1), { ...record, state: i === 5 ? 'failed' : 'done', metrics });
  }
  await model.save(join(runFolder(folder, 1), 'model'));
  await new DeterministicAutoencoder({ input: 3, latent: 1, hidden: [4] }).save(join(runFolder(folder, 3), 'model'));
});
afterAll(() => {
  model.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const from = [[0.1, 0.2, 0.3]];

describe('select', () => {
  it('loads the model of the best run, with what it is of', async () => {
    const chosen = await select<VAE>({ folder, metric: 'validation.total' });
    expect(chosen).toMatchObject({ run: 1, parameters: { beta: 0.5 }, seed: 1, value: 3, order: 'min', compared: 5 });
    expect(chosen.model).toBeInstanceOf(VAE);
    expect(await chosen.model.encode(from).data()).toEqual(await model.encode(from).data());
    chosen.model.dispose();
  });

  it('takes the setting with the best median over its seeds, where it is asked to, and its best run', async () => {
    const chosen = await select<DeterministicAutoencoder>({ folder, metric: 'validation.total', over: 'seeds' });
    // Medians: 6 of β = .5, 4.5 of β = 1, 7 of β = 2, whose other run has failed.
    expect(chosen).toMatchObject({ run: 3, parameters: { beta: 1 }, median: 4.5, value: 4, seeds: 2 });
    expect(chosen.model).toBeInstanceOf(DeterministicAutoencoder);
    chosen.model.dispose();
  });

  it('knows which way is better by the sweep, by the name, or by its option', async () => {
    await expect(select({ folder, metric: 'mig' })).rejects.toThrow(/the best run, 2, has saved no model/);
    const least = await select({ folder, metric: 'mig', order: 'min' });
    expect(least.run).toBe(1);
    least.model.dispose();
    await expect(select({ folder, metric: 'beauty' })).rejects.toThrow(/pass order: 'min' or 'max'/);
  });

  it('refuses a metric of the test set, unless it is asked for by name', async () => {
    await expect(select({ folder, metric: 'test.elbo' })).rejects.toThrow(
      /"test.elbo" is measured on the test set\..*allowTestMetric: true\. There are "validation.total", "mig", "beauty"\./,
    );
    const chosen = await select({ folder, metric: 'test.elbo', allowTestMetric: true });
    expect(chosen.run).toBe(1);
    chosen.model.dispose();
  });

  it('says what there is, where it finds nothing', async () => {
    await expect(select({ folder, metric: 'fid' })).rejects.toThrow(
      /no run has the metric "fid"; there are "validation.total"/,
    );
    await expect(select({ folder: join(folder, 'none'), metric: 'fid' })).rejects.toThrow(/There is no folder/);
    await expect(select({ folder, metric: 'mig', over: 'best' as never })).rejects.toThrow(/"runs" or "seeds"/);
    await expect(select({ folder, metric: 'mig', order: 'lowest' as never })).rejects.toThrow(/"min" or "max"/);
  });

  it('names a class that the library does not have, and takes it', async () => {
    const place = join(runFolder(folder, 1), 'model', 'checkpoint.json');
    const before = readFileSync(place, 'utf8');
    writeFileSync(place, before.replace('"model": "VAE"', '"model": "MyVAE"'));
    const failure = await select({ folder, metric: 'validation.total' }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ModelError);
    expect((failure as Error).message).toMatch(
      /holds a MyVAE, which is not a class of the library\. Pass the class: \{ model: MyVAE \}/,
    );
    class MyVAE extends VAE {}
    const chosen = await select({ folder, metric: 'validation.total', model: MyVAE });
    expect(chosen.model).toBeInstanceOf(MyVAE);
    chosen.model.dispose();
    writeFileSync(place, before);
  });
});

describe('metrics of the test set', () => {
  it.each([
    ...['test.elbo', 'test', 'elbo on test', 'elbo (test)', 'testError', 'elboTest', 'TEST.FID', 'fid_test'],
    ...['TestELBO', 'TestLoss', 'elboTEST', 'test2.elbo', 'elbo_test10k', 'testset.elbo', 'TestSet', 'testing.elbo'],
  ])('%s', (name) => expect(isOfTest(name)).toBe(true));
  it.each(['validation.total', 'latest', 'contest', 'tested', 'fastest.rate', 'attestation', 'greatestError'])(
    'not %s',
    (name) => expect(isOfTest(name)).toBe(false),
  );
});

describe('the model that a run leaves', () => {
  it('is what its first model’s last training has kept', async () => {
    const place = runFolder(folder, 4);
    const kept = async (index: string, kind: string, isOver: boolean) => {
      const at = join(place, 'trainings', index);
      await mkdir(at, { recursive: true });
      await model.save(join(at, `save-${index}`, 'checkpoint'));
      writeFileSync(join(at, 'training.json'), JSON.stringify({ model: kind, save: `save-${index}`, isOver }));
    };
    await mkdir(join(place, 'trainings'), { recursive: true });
    await kept('0001', 'VAE', true);
    await kept('0002', 'VAE', true);
    await kept('0003', 'SoftmaxRegression', true);
    await kept('0004', 'VAE', false);
    expect(await leaveModel(place)).toBe(true);
    const loaded = await VAE.load(join(place, 'model'));
    expect(await loaded.encode(from).data()).toEqual(await model.encode(from).data());
    loaded.dispose();
    // What the training has kept is still there.
    const kept2 = await VAE.load(join(place, 'trainings', '0002', 'save-0002', 'checkpoint'));
    kept2.dispose();
    expect(readdirSync(place).filter((name) => name.includes('partial'))).toEqual([]);
    // A second time it stays.
    expect(await leaveModel(place)).toBe(true);
    expect(await leaveModel(runFolder(folder, 5))).toBe(false);
  });
});
