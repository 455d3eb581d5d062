import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  DeterministicAutoencoder,
  DivergenceError,
  linearWarmup,
  observeTraining,
  VAE,
  VQVAE,
} from '../../../../../kernel/autoencoders/index';
import type { FitOptions, TrainingHistory } from '../../../../../kernel/autoencoders/index';
import { setRuntime } from '../../../../../kernel/engine/runtime';
import type { Snapshotted } from '../../../../../kernel/autoencoders/training/checkpoints/snapshot';
import { useWasm } from '../../../engine/backends';
import { binarySamples } from '../../data';
import { everything, streamOf, temporaryFolder } from '../support';

beforeAll(useWasm);

const pathTo = temporaryFolder();
let stopObserving = () => {};
afterEach(() => {
  stopObserving();
  setRuntime('eager');
});

const ROWS = 50;
const train = binarySamples(ROWS, 12);
/** Two updates an epoch: one of 2 × 16 samples, one of 16 and the 2 that are left. */
const OPTIONS: FitOptions = {
  epochs: 3,
  batchSize: 16,
  accumulate: 2,
  learningRate: linearWarmup(8, 0.001, 0.02),
  seed: 3,
};
const optimizer = { name: 'adam', clipNorm: 1, averageWeights: { decay: 0.9 } } as const;

const newAutoencoder = () => new DeterministicAutoencoder({ input: 12, latent: 2, hidden: [8], seed: 1, optimizer });
const newVAE = () => new VAE({ input: 12, latent: 2, hidden: [8], beta: linearWarmup(5), seed: 1, optimizer });
const newVQVAE = () =>
  new VQVAE({ input: 12, hidden: [8], positions: 2, codebookSize: 8, codeDimension: 3, seed: 1, optimizer });

const series = (history: TrainingHistory) =>
  Object.fromEntries(history.series.map(({ name, split, values, steps }) => [`${split}/${name}`, { values, steps }]));

async function expectAlike(found: Snapshotted, expected: Snapshotted, tolerance = 1e-5): Promise<void> {
  const [a, b] = [await everything(found), await everything(expected)];
  expect(a).toHaveLength(b.length);
  b.forEach((value, i) =>
    expect(Math.abs(a[i]! - value)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(value))),
  );
}

/** Stops the training after so many updates. */
function stopAt(step: number): void {
  stopObserving = observeTraining({
    started: () => {},
    ended: () => {},
    stepped: (run) => {
      if (run.history.progress.step === step) run.cancel();
    },
  });
}

describe.each(['eager', 'cpu'] as const)('gradients of several batches, %s,', (runtime) => {
  it('make the updates of batches that are as large as all of them', async () => {
    setRuntime(runtime);
    const [several, whole] = [newAutoencoder(), newAutoencoder()];
    const found = await several.fit(train, OPTIONS);
    const expected = await whole.fit(train, { ...OPTIONS, batchSize: 32, accumulate: 1 });
    expect(several.position).toMatchObject({ step: 6, epoch: 3, unfinished: null });
    expect(several.step.eagerBecause).toBeUndefined();
    await expectAlike(several, whole);
    expect(found.stepsPerEpoch).toBe(2);
    expect(found.schedules).toEqual(expected.schedules);
    for (const [name, { values, steps }] of Object.entries(series(expected))) {
      expect(series(found)[name]!.steps).toEqual(steps);
      values.forEach((value, i) => expect(Math.abs(series(found)[name]!.values[i]! - value)).toBeLessThan(1e-4));
    }
    for (const term of Object.keys(expected.final.train)) {
      expect(found.final.train[term]! / expected.final.train[term]!).toBeCloseTo(1, 5);
    }
    for (const model of [several, whole]) model.dispose();
  });

  it('take what is left of an epoch, and more batches than it has', async () => {
    setRuntime(runtime);
    const [all, whole] = [newAutoencoder(), newAutoencoder()];
    await all.fit(train, { ...OPTIONS, accumulate: 100 });
    await whole.fit(train, { ...OPTIONS, batchSize: ROWS, accumulate: 1 });
    expect(all.position.step).toBe(3);
    await expectAlike(all, whole);
    for (const model of [all, whole]) model.dispose();
  });

  it.each([
    ['VAE', newVAE, (path: string) => VAE.load(path)],
    ['VQVAE', newVQVAE, (path: string) => VQVAE.load(path)],
  ] as const)(
    'resume exactly when training was stopped and the model saved and loaded: %s',
    async (kind, create, load) => {
      setRuntime(runtime);
      const through = create();
      const expected = await through.fit(train, OPTIONS);
      const stopped = create();
      stopAt(3);
      const cancelled = await stopped.fit(train, OPTIONS);
      stopObserving();
      expect(cancelled.progress).toMatchObject({ state: 'cancelled', step: 3 });
      const path = pathTo(`${kind}-${runtime}`);
      await stopped.save(path);
      const resumed = await load(path);
      const found = await resumed.fit(train, OPTIONS);
      expect(found.progress).toMatchObject({ state: 'done', step: 6 });
      expect(await everything(resumed)).toEqual(await everything(through));
      expect(series(found)['train/total']!.values).toEqual(series(expected)['train/total']!.values.slice(3));
      for (const model of [through, stopped, resumed]) model.dispose();
    },
  );

  it('leave nothing behind when training is stopped between two of them', async () => {
    setRuntime(runtime);
    const [stopped, whole] = [newVQVAE(), newVQVAE()];
    const controller = new AbortController();
    const { step } = stopped;
    const run = step.run.bind(step);
    let batches = 0;
    step.run = (inputs, of) => {
      batches += 1;
      // The first of the second epoch's first update.
      if (batches === 5) controller.abort(new Error('enough'));
      return run(inputs, of);
    };
    await expect(stopped.fit(train, { ...OPTIONS, accumulate: 3, signal: controller.signal })).rejects.toThrow(
      'enough',
    );
    expect(stopped.position.step).toBe(2);
    step.run = run;
    await stopped.fit(train, { ...OPTIONS, accumulate: 3 });
    await whole.fit(train, { ...OPTIONS, accumulate: 3 });
    expect(await everything(stopped)).toEqual(await everything(whole));
    for (const model of [stopped, whole]) model.dispose();
  });
});

describe('gradients of several batches', () => {
  it('are of a stream what they are of its samples', async () => {
    const [streamed, inMemory] = [newVAE(), newVAE()];
    const options = { ...OPTIONS, shuffleBuffer: 100 };
    const ofStream = await streamed.fit(streamOf(train, 7), options);
    await inMemory.fit(train, options);
    expect(ofStream.progress.step).toBe(6);
    expect(streamed.position.step).toBe(inMemory.position.step);
    for (const model of [streamed, inMemory]) model.dispose();
  });

  it('have noise of their own, each batch', async () => {
    const model = newVAE();
    const drawn: number[][] = [];
    const { step } = model;
    const run = step.run.bind(step);
    step.run = async (inputs, of) => {
      drawn.push([...(await inputs.tensors['epsilon']!.data())].slice(0, 4));
      return run(inputs, of);
    };
    await model.fit(train, { ...OPTIONS, epochs: 2 });
    expect(new Set(drawn.map(String)).size).toBe(8);
    model.dispose();
  });

  it('that are not finite end the training with their own batch, and the weights of before', async () => {
    const model = new DeterministicAutoencoder({ input: 12, latent: 2, hidden: [8], seed: 1, loss: 'squaredError' });
    await model.fit(train, { ...OPTIONS, epochs: 1 });
    const before = await everything(model);
    const values = train.values.slice();
    values[12 * 20] = 3e38;
    const failed = model.fit({ ...train, values }, { ...OPTIONS, accumulate: 4 });
    await expect(failed).rejects.toThrow(DivergenceError);
    const { batch } = (await failed.catch((error: DivergenceError) => error as DivergenceError)) as DivergenceError;
    expect(batch.rows).toHaveLength(16);
    expect([...batch.rows]).toContain(20);
    expect(await everything(model)).toEqual(before);
    model.dispose();
  });

  it('have to be counted', async () => {
    const model = newVAE();
    for (const accumulate of [0, 1.5, -1]) {
      await expect(model.fit(train, { ...OPTIONS, accumulate })).rejects.toThrow(
        `fit: "accumulate" is ${accumulate}, `,
      );
    }
    model.dispose();
  });
});
