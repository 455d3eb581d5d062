import { beforeAll, describe, expect, it } from 'vitest';
import {
  DeterministicAutoencoder,
  ConfigurationError,
  cyclical,
  linearWarmup,
  piecewise,
  VAE,
  VQVAE,
} from '../../../../../kernel/autoencoders/index';
import type { EpochRecord, FitOptions, Schedule } from '../../../../../kernel/autoencoders/index';
import { useWasm } from '../../../engine/backends';
import { binarySamples } from '../../data';
import { everything, temporaryFolder } from '../support';

beforeAll(useWasm);

const path = temporaryFolder();
const train = binarySamples(40, 12);
const validation = binarySamples(20, 12, 7);
/** Four steps an epoch. */
const OPTIONS: FitOptions = { epochs: 20, batchSize: 10, validation };
const newVAE = (beta: Schedule = 1) => new VAE({ input: 12, latent: 2, hidden: [8], beta, seed: 1 });

describe('early stopping', () => {
  it('ends training when the validation data have not got better for some epochs', async () => {
    const model = newVAE();
    // Nothing is learned, so that the first epoch stays the best.
    const history = await model.fit(train, { ...OPTIONS, learningRate: 0, earlyStopping: { patience: 3 } });
    expect(history.progress).toMatchObject({ state: 'done', step: 16 });
    expect(history.notes[0]).toMatch(
      /^Stopped early, 3 epochs later: the lowest validation total was .*, after epoch 1;/,
    );
    expect(model.position).toMatchObject({ unfinished: null });
    model.dispose();
  });

  it('does not count epochs that began before the warm-up was over', async () => {
    const ends = [];
    // Ends at step 0, within the third epoch, with it, and at the end of the first period of 10 steps.
    for (const beta of [0.5, linearWarmup(10), linearWarmup(12), cyclical(10)]) {
      const model = newVAE(beta);
      const history = await model.fit(train, { ...OPTIONS, learningRate: 0, earlyStopping: { patience: 2 } });
      ends.push(history.progress.step / 4);
      model.dispose();
    }
    expect(ends).toEqual([3, 6, 6, 6]);
  });

  it('waits for the end of a capacity’s rise', async () => {
    const capacity = { max: 3, steps: 10 };
    const model = new VAE({ input: 12, latent: 2, hidden: [8], capacity, seed: 1 });
    const history = await model.fit(train, { ...OPTIONS, learningRate: 0, earlyStopping: { patience: 2 } });
    expect(history.progress.step / 4).toBe(6);
    model.dispose();
  });

  it('compares the total at the weights of the schedules’ ends', async () => {
    const model = newVAE(cyclical(6, { from: 0.1, to: 3 }));
    const seen: { validation: EpochRecord['validation']; best: number | null; step: number }[] = [];
    await model.fit(train, {
      ...OPTIONS,
      epochs: 3,
      earlyStopping: { patience: 9, restoreBest: false },
      callbacks: {
        epochEnded: ({ validation, step }) => {
          seen.push({ validation, best: model.position.unfinished!.stopping!.best, step });
        },
      },
    });
    const { validation, best } = seen[2]!;
    expect(seen.slice(0, 2).map(({ best }) => best)).toEqual([null, null]);
    expect(best).toBeCloseTo(validation!['reconstruction']! + 3 * validation!['kl']!, 5);
    // At step 12 the cycle begins anew, with β = 0.1.
    expect(validation!['total']).toBeCloseTo(validation!['reconstruction']! + 0.1 * validation!['kl']!, 5);
    model.dispose();
  });

  it('sets weights, optimizer and position back to the end of the best epoch', async () => {
    const learningRate = piecewise([
      [0, 0.01],
      [12, 0.7],
    ]);
    const options = { ...OPTIONS, learningRate };
    const model = newVAE();
    const history = await model.fit(train, { ...options, earlyStopping: { patience: 2 } });
    const totals = history.series.find(({ name, split }) => name === 'total' && split === 'validation')!.values;
    const bestEpoch = totals.indexOf(Math.min(...totals)) + 1;
    expect(totals.length).toBe(bestEpoch + 2);
    expect(model.position).toMatchObject({ step: 4 * bestEpoch, epoch: bestEpoch, unfinished: null });
    const short = newVAE();
    await short.fit(train, { ...options, epochs: bestEpoch });
    expect(await everything(model)).toEqual(await everything(short));
    // Both continue alike, which they would not with another state of the optimizer.
    for (const one of [model, short]) await one.fit(train, { ...OPTIONS, epochs: 1 });
    expect(await everything(model)).toEqual(await everything(short));
    for (const one of [model, short]) one.dispose();
  });

  it('is over where it was over when the training failed, and goes on to its end', async () => {
    const model = newVAE();
    const options = { ...OPTIONS, learningRate: 0, earlyStopping: { patience: 2 } };
    const failing = model.fit(train, {
      ...options,
      callbacks: {
        epochEnded: ({ epoch }) => {
          if (epoch === 3) throw new Error('the disk is full');
        },
      },
    });
    await expect(failing).rejects.toThrow('fit: the callback epochEnded failed: the disk is full');
    expect(model.position).toMatchObject({ step: 12, unfinished: { stopping: { waited: 2 } } });
    const history = await model.fit(train, options);
    expect(history.progress).toMatchObject({ state: 'done', step: 12 });
    expect(history.notes.some((note) => note.startsWith('Stopped early, 2 epochs later'))).toBe(true);
    model.dispose();
  });

  it('keeps the last weights when it is asked to', async () => {
    const learningRate = piecewise([
      [0, 0.01],
      [8, 0.7],
    ]);
    const [model, through] = [newVAE(), newVAE()];
    const earlyStopping = { patience: 2, restoreBest: false };
    const history = await model.fit(train, { ...OPTIONS, learningRate, earlyStopping });
    const epochs = history.progress.step / 4;
    await through.fit(train, { ...OPTIONS, learningRate, epochs });
    expect(await everything(model)).toEqual(await everything(through));
    for (const one of [model, through]) one.dispose();
  });

  it('watches a term, and takes an epoch as better only by more than the least difference', async () => {
    const model = newVAE();
    const earlyStopping = { monitor: 'reconstruction', patience: 2, minimumDelta: 1000 };
    const history = await model.fit(train, { ...OPTIONS, earlyStopping });
    expect(history.progress.step).toBe(3 * 4);
    expect(history.notes[0]).toContain('validation reconstruction');
    model.dispose();
  });

  it('says that it never began when training ends in the warm-up', async () => {
    const model = newVAE(linearWarmup(1000));
    const history = await model.fit(train, { ...OPTIONS, epochs: 2, earlyStopping: {} });
    expect(history.notes[0]).toBe('Early stopping never began: the warm-up ends at step 1000; train for more epochs.');
    model.dispose();
  });

  it('refuses to work without validation data, and to watch what is no term', async () => {
    const model = newVAE();
    const refused = model.fit(train, { epochs: 2, earlyStopping: {} });
    await expect(refused).rejects.toThrow(ConfigurationError);
    await expect(refused).rejects.toThrow(
      '"earlyStopping" needs data that the model does not train on; pass "validation" too',
    );
    await expect(model.fit(train, { ...OPTIONS, earlyStopping: { monitor: 'elbo' } })).rejects.toThrow(
      'fit: "earlyStopping.monitor" is "elbo", allowed: reconstruction, kl, total.',
    );
    await expect(model.fit(train, { ...OPTIONS, earlyStopping: { patience: 0 } })).rejects.toThrow(
      'fit: "earlyStopping.patience" is 0, allowed: at least 1.',
    );
    model.dispose();
  });
});

describe('a training with early stopping that is saved in the middle of an epoch', () => {
  const OPTIMIZER = { name: 'adam', clipNorm: 0.5 } as const;
  const kinds = [
    [
      'VQVAE with moving averages',
      () =>
        new VQVAE({
          input: 12,
          hidden: [8],
          positions: 2,
          codebookSize: 8,
          codeDimension: 3,
          optimizer: OPTIMIZER,
          seed: 1,
        }),
      (from: string) => VQVAE.load(from),
    ],
    [
      'autoencoder',
      () => new DeterministicAutoencoder({ input: 12, latent: 2, hidden: [8], optimizer: OPTIMIZER, seed: 1 }),
      (from: string) => DeterministicAutoencoder.load(from),
    ],
  ] as const;

  it.each(kinds)('resumes exactly: %s', async (kind, create, load) => {
    const learningRate = piecewise([
      [0, 0.01],
      [12, 0.5],
    ]);
    const options = { ...OPTIONS, epochs: 6, learningRate, earlyStopping: { patience: 2 } };
    const [through, stopped] = [create(), create()];
    const whole = await through.fit(train, options);
    // After the best epoch, and before the end.
    const at = through.position.step + 2;
    const first = await stopped.fit(train, {
      ...options,
      callbacks: { stepEnded: ({ step }) => (step === at ? 'stop' : undefined) },
      checkpoint: { path: path(kind) },
    });
    expect(first.progress).toMatchObject({ state: 'cancelled', step: at });
    const resumed = await load(path(kind));
    const rest = await resumed.fit(train, options);
    expect(rest.progress).toMatchObject({ state: 'done', step: whole.progress.step });
    expect(resumed.position).toEqual(through.position);
    expect(await everything(resumed)).toEqual(await everything(through));
    for (const model of [through, stopped, resumed]) model.dispose();
  });
});
