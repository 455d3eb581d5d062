import { beforeAll, describe, expect, it } from 'vitest';
import { VAE } from '../../../../../kernel/autoencoders/index';
import type { EpochRecord, FitOptions, StepRecord, TrainingCallbacks } from '../../../../../kernel/autoencoders/index';
import { useWasm } from '../../../engine/backends';
import { binarySamples } from '../../data';
import { everything } from '../support';

beforeAll(useWasm);

const train = binarySamples(40, 12);
/** Four steps an epoch. */
const OPTIONS: FitOptions = { epochs: 2, batchSize: 10, learningRate: 0.01, validation: binarySamples(20, 12, 7) };
const newModel = () => new VAE({ input: 12, latent: 2, hidden: [8], beta: 0.5, seed: 1 });

describe('callbacks', () => {
  it('are called at the start, every step, every epoch and the end, in order', async () => {
    const model = newModel();
    const order: string[] = [];
    const steps: StepRecord[] = [];
    const epochs: EpochRecord[] = [];
    const history = await model.fit(train, {
      ...OPTIONS,
      callbacks: {
        started: ({ history }) => order.push(`started ${history.progress.step}`),
        stepEnded: async (record) => {
          await Promise.resolve();
          order.push(`step ${record.step}`);
          steps.push(record);
        },
        epochEnded: (record) => {
          order.push(`epoch ${record.epoch}`);
          epochs.push(record);
        },
        ended: async ({ history }) => order.push(`ended ${history.progress.state}`),
      },
    });
    const epoch = (number: number) => [1, 2, 3, 4].map((step) => `step ${4 * number + step}`);
    expect(order).toEqual(['started 0', ...epoch(0), 'epoch 1', ...epoch(1), 'epoch 2', 'ended done']);
    const totals = history.series.find(({ name, split }) => name === 'total' && split === 'train')!.values;
    expect(steps.map(({ losses }) => losses['total'])).toEqual(totals);
    expect(steps[5]).toMatchObject({ step: 6, epoch: 2, weights: { kl: 0.5 }, learningRate: 0.01 });
    const norms = history.measures.find(({ name }) => name === 'gradient norm')!.values;
    expect(steps.map(({ gradientNorm }) => gradientNorm)).toEqual(norms);
    expect(epochs[1]).toMatchObject({ epoch: 2, step: 8, train: history.final.train });
    expect(epochs[1]!.validation).toEqual(history.final.validation);
    expect(epochs[0]!.train['total']).toBeCloseTo(totals.slice(0, 4).reduce((a, b) => a + b) / 4, 5);
    model.dispose();
  });

  it.each([
    ['started', 0],
    ['stepEnded', 1],
    ['epochEnded', 4],
  ] as const)('stop the training when %s says so, and the same fit resumes it', async (name, step) => {
    const [through, stopped] = [newModel(), newModel()];
    await through.fit(train, OPTIONS);
    const history = await stopped.fit(train, { ...OPTIONS, callbacks: { [name]: () => 'stop' as const } });
    expect(history.progress).toMatchObject({ state: 'cancelled', step });
    expect(history.notes).toContain(`The callback ${name} stopped the training.`);
    await stopped.fit(train, OPTIONS);
    expect(await everything(stopped)).toEqual(await everything(through));
    for (const model of [through, stopped]) model.dispose();
  });

  it.each(['started', 'stepEnded', 'epochEnded', 'ended'] as const)('are named when they fail: %s', async (name) => {
    const model = newModel();
    const cause = new Error('the disk is full');
    const callbacks: TrainingCallbacks = { [name]: () => Promise.reject(cause) };
    const failed = model.fit(train, { ...OPTIONS, callbacks });
    await expect(failed).rejects.toThrow(`fit: the callback ${name} failed: the disk is full`);
    await expect(failed).rejects.toMatchObject({ cause });
    model.dispose();
  });

  it('are refused when they are no functions, or have other names', async () => {
    const model = newModel();
    const withCallbacks = (callbacks: object) => model.fit(train, { ...OPTIONS, callbacks });
    await expect(withCallbacks({ stepEnded: 3 })).rejects.toThrow('"callbacks.stepEnded" is 3, expected a function');
    await expect(withCallbacks({ onEpochEnd: () => {} })).rejects.toThrow(
      'unknown field "callbacks.onEpochEnd" (allowed: started,',
    );
    model.dispose();
  });
});
