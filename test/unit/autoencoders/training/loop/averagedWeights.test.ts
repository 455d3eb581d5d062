import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import * as tf from '@tensorflow/tfjs';
import { VAE } from '../../../../../kernel/autoencoders/index';
import type { FitOptions } from '../../../../../kernel/autoencoders/index';
import { setRuntime } from '../../../../../kernel/engine/runtime';
import { alive, useWasm } from '../../../engine/backends';
import { binarySamples } from '../../data';
import { everything, temporaryFolder } from '../support';

beforeAll(useWasm);
afterEach(() => setRuntime('eager'));

const pathTo = temporaryFolder();
const train = binarySamples(50, 12);
const heldOut = binarySamples(20, 12, 7);
const OPTIONS: FitOptions = { epochs: 2, batchSize: 16, learningRate: 0.02, validation: heldOut, seed: 3 };
const DECAY = 0.8;
const averaging = { name: 'adam', averageWeights: { decay: DECAY } } as const;
const newVAE = () => new VAE({ input: 12, latent: 2, hidden: [8], seed: 1, optimizer: averaging });

async function weightsOf(model: VAE): Promise<number[]> {
  const values = await Promise.all(Object.values(model.parameters).map((variable) => variable.data()));
  return values.flatMap((array) => [...array]);
}

/** The recurrence in float64: the exponential moving average of the weights after each update, corrected for its start. */
function average(history: readonly number[][]): number[] {
  const mean = history[0]!.map(() => 0);
  for (const weights of history) weights.forEach((w, i) => (mean[i] = DECAY * mean[i]! + (1 - DECAY) * w));
  return mean.map((value) => value / (1 - DECAY ** history.length));
}

function expectClose(found: readonly number[], expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  expected.forEach((value, i) => expect(Math.abs(found[i]! - value)).toBeLessThan(1e-6));
}

describe.each(['eager', 'cpu'] as const)('averaged weights, %s,', (runtime) => {
  it('are the mean of the weights after each update, over several fits', async () => {
    setRuntime(runtime);
    const model = newVAE();
    const history: number[][] = [];
    const callbacks = { stepEnded: async () => void history.push(await weightsOf(model)) };
    await model.fit(train, { ...OPTIONS, callbacks });
    await model.fit(train, { ...OPTIONS, epochs: 1, callbacks });
    expect(history).toHaveLength(12);
    expectClose(await model.withAveragedWeights(() => weightsOf(model)), average(history));
    expect(await weightsOf(model)).toEqual(history.at(-1));
    model.dispose();
  });

  it('are what a model computes with, encodes, scores and is saved with, and then no more', async () => {
    setRuntime(runtime);
    const model = newVAE();
    await model.fit(train, OPTIONS);
    const trained = await everything(model);
    const score = await model.score(heldOut);
    const [means, averagedScore] = await model.withAveragedWeights(
      async () => [(await model.encode(heldOut).data()).slice(), await model.score(heldOut)] as const,
    );
    expect(averagedScore.total).not.toBe(score.total);
    await model.withAveragedWeights(() => model.save(pathTo(`averaged-${runtime}`)));
    const loaded = await VAE.load(pathTo(`averaged-${runtime}`));
    expect(await loaded.encode(heldOut).data()).toEqual(means);
    expect(await loaded.score(heldOut)).toEqual(averagedScore);
    // Synchronous use, too.
    expect(model.withAveragedWeights(() => model.encode(heldOut)).dataSync()).toEqual(means);
    expect(await everything(model)).toEqual(trained);
    expect(await model.score(heldOut)).toEqual(score);
    for (const one of [model, loaded]) one.dispose();
  });

  it('do not change the training that they are looked at in, and can be what validation is of', async () => {
    setRuntime(runtime);
    const [plain, looked] = [newVAE(), newVAE()];
    const expected = await plain.fit(train, OPTIONS);
    const scores: number[] = [];
    const callbacks = {
      stepEnded: () => void looked.withAveragedWeights(() => looked.encode(heldOut)).dispose(),
      epochEnded: async () =>
        void scores.push((await looked.withAveragedWeights(() => looked.score(heldOut, { seed: 3 }))).total),
    };
    const found = await looked.fit(train, { ...OPTIONS, validationWeights: 'averaged', callbacks });
    expect(await everything(looked)).toEqual(await everything(plain));
    const totals = (history: typeof found, split: string) =>
      history.series.find((series) => series.name === 'total' && series.split === split)!.values;
    expect(totals(found, 'train')).toEqual(totals(expected, 'train'));
    expect(totals(found, 'validation')).toEqual(scores);
    expect(totals(expected, 'validation')).not.toEqual(scores);
    for (const model of [plain, looked]) model.dispose();
  });

  it('resume exactly from a checkpoint', async () => {
    setRuntime(runtime);
    const [through, stopped] = [newVAE(), newVAE()];
    await through.fit(train, OPTIONS);
    await through.fit(train, OPTIONS);
    await stopped.fit(train, OPTIONS);
    await stopped.save(pathTo(`halfway-${runtime}`));
    const resumed = await VAE.load(pathTo(`halfway-${runtime}`));
    await resumed.fit(train, OPTIONS);
    expect(await resumed.withAveragedWeights(() => weightsOf(resumed))).toEqual(
      await through.withAveragedWeights(() => weightsOf(through)),
    );
    for (const model of [through, stopped, resumed]) model.dispose();
  });

  it('free their tensors, also when their use fails', async () => {
    setRuntime(runtime);
    const model = newVAE();
    await model.fit(train, { ...OPTIONS, validationWeights: 'averaged' });
    const trained = await weightsOf(model);
    const before = alive();
    tf.dispose(model.withAveragedWeights(() => model.encode(heldOut)));
    const failing = () => {
      throw new Error('not today');
    };
    expect(() => model.withAveragedWeights(failing)).toThrow('not today');
    await expect(model.withAveragedWeights(async () => failing())).rejects.toThrow('not today');
    expect(alive()).toEqual(before);
    expect(await weightsOf(model)).toEqual(trained);
    model.dispose();
  });
});

describe('averaged weights', () => {
  it('are the trained ones before the first update', async () => {
    const model = newVAE();
    expect(await model.withAveragedWeights(() => weightsOf(model))).toEqual(await weightsOf(model));
    model.dispose();
  });

  it('make a training wait that goes on beside their use, and are not trained themselves', async () => {
    const [beside, alone] = [newVAE(), newVAE()];
    await alone.fit(train, OPTIONS);
    let use: Promise<number[]> | undefined;
    const history: number[][] = [];
    const callbacks = {
      stepEnded: async () => {
        history.push(await weightsOf(beside));
        // Not waited for: the next step is.
        if (history.length === 3) {
          use = beside.withAveragedWeights(async () => {
            for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
            return weightsOf(beside);
          });
        }
      },
    };
    await beside.fit(train, { ...OPTIONS, callbacks });
    expectClose(await use!, average(history.slice(0, 3)));
    expect(await everything(beside)).toEqual(await everything(alone));
    for (const model of [beside, alone]) model.dispose();
  });

  it('are refused with what to do instead', async () => {
    const plain = new VAE({ input: 12, latent: 2, hidden: [8], seed: 1 });
    expect(() => plain.withAveragedWeights(() => 0)).toThrow(
      'VAE, 2 latents keeps no average of its weights: give it an optimizer that does, for example ' +
        "optimizer: { name: 'adam', averageWeights: { decay: 0.999 } }.",
    );
    await expect(plain.fit(train, { ...OPTIONS, validationWeights: 'averaged' })).rejects.toThrow('keeps no average');
    expect(plain.position.step).toBe(0);
    const model = newVAE();
    await model.fit(train, OPTIONS);
    await expect(model.withAveragedWeights(() => model.fit(train, OPTIONS))).rejects.toThrow(
      'VAE, 2 latents: fit within withAveragedWeights would train the averages; call it after.',
    );
    const twice = () => model.withAveragedWeights(() => model.withAveragedWeights(() => 0));
    expect(twice).toThrow('already runs on its averaged weights');
    expect(() => newVAEWith(1)).toThrow('VAE: "optimizer.averageWeights.decay" is 1, allowed: less than 1.');
    for (const one of [plain, model]) one.dispose();
  });
});

const newVAEWith = (decay: number) =>
  new VAE({ input: 12, latent: 2, optimizer: { name: 'adam', averageWeights: { decay } } });
