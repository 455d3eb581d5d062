import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { batches, ConditionalVAE, Dataset, VAE, VQVAE } from '../../../../../kernel/autoencoders/index';
import type { BatchesOptions, FitOptions, GeneratedPlace } from '../../../../../kernel/autoencoders/index';
import { useWasm } from '../../../engine/backends';
import { everything, stoppedAt, temporaryFolder } from '../support';

beforeAll(useWasm);
const path = temporaryFolder();

const D = 6;
const OPTIONS: FitOptions = { epochs: 3, learningRate: 0.01, seed: 3 };
const newModel = () => new VAE({ input: D, latent: 2, hidden: [8], seed: 1 });

const rowsOf = ({ count, random }: Pick<GeneratedPlace, 'count' | 'random'>) =>
  Array.from({ length: count }, () => [...random.uniforms(D)]);

const SIZES = { shape: D, batchesPerEpoch: 4, batchSize: 5 };
const made = (options: Partial<BatchesOptions> = {}) => batches({ ...SIZES, make: rowsOf, ...options });
/** The same batches whether they are made one by one or by a generator, where they depend on the place alone. */
const byPlace = ({ epoch, batch, count }: { epoch: number; batch: number; count: number }) =>
  Float32Array.from({ length: count * D }, (_, i) => Math.abs(Math.sin(1 + i + 100 * batch + 1000 * epoch)));

const generators: [string, () => ReturnType<typeof batches>][] = [
  ['a function of the place', () => made()],
  ['one that waits', () => made({ make: async (place) => Promise.resolve(rowsOf(place)) })],
  [
    'a generator',
    () =>
      made({
        make: undefined,
        *generate(epoch) {
          for (;;) yield rowsOf(epoch);
        },
      }),
  ],
  [
    'an async generator',
    () =>
      made({
        make: undefined,
        async *generate(epoch) {
          for (let i = 0; i < 4; i++) yield Promise.resolve({ values: tf.tensor2d(rowsOf(epoch)) });
        },
      }),
  ],
];

describe.each(generators)('batches by %s', (_, source) => {
  it('train exactly the same when the training is stopped, saved, loaded and gone on with', async () => {
    const whole = newModel();
    await whole.fit(source(), OPTIONS);
    expect(whole.position).toMatchObject({ step: 12, epoch: 3 });
    const begun = newModel();
    await stoppedAt(6, () => begun.fit(source(), OPTIONS));
    await begun.save(path('begun'));
    const resumed = await VAE.load(path('begun'));
    const history = await resumed.fit(source(), OPTIONS);
    expect(history.notes[0]).toContain('Resumes after step 6');
    expect(await everything(resumed)).toEqual(await everything(whole));
    for (const model of [whole, begun, resumed]) model.dispose();
  });

  it('are scored and validated, the same at every call', async () => {
    const model = newModel();
    const first = await model.score(source());
    expect(await model.score(source())).toEqual(first);
    const history = await model.fit(made(), { ...OPTIONS, validation: source() });
    const { total } = await model.score(source(), { seed: OPTIONS.seed });
    expect(history.final.validation!['total']).toBeCloseTo(total, 4);
    model.dispose();
  });
});

describe('own batches', () => {
  it('are other ones in every batch and epoch, by seed; scoring has numbers of its own', async () => {
    const seen = new Map<string, number>();
    const note = ({ purpose, epoch, batch, seed, random }: GeneratedPlace) => {
      seen.set(`${purpose} ${seed} ${epoch} ${batch}`, random.uniform());
    };
    const source = made({
      seed: 3,
      make: (place) => {
        note(place);
        return rowsOf(place);
      },
    });
    const model = newModel();
    await model.fit(source, { ...OPTIONS, epochs: 2, validation: source });
    // 8 batches of training, 4 of validation; all of their random numbers differ.
    expect([...seen.keys()].filter((key) => key.startsWith('training 3'))).toHaveLength(8);
    expect([...seen.keys()].filter((key) => key.startsWith('scoring 3 0'))).toHaveLength(4);
    expect(new Set(seen.values()).size).toBe(12);
    model.dispose();
  });

  it.each<[string, (place: GeneratedPlace) => unknown]>([
    ['float64', (place) => Float64Array.from(byPlace(place))],
    ['a tensor', (place) => tf.tensor2d(byPlace(place), [place.count, D])],
    ['a tensor of images', (place) => tf.tensor4d(byPlace(place), [place.count, 2, 3, 1])],
    [
      'rows',
      (place) => Array.from({ length: place.count }, (_, i) => [...byPlace(place).subarray(i * D, (i + 1) * D)]),
    ],
    ['values', (place) => ({ values: byPlace(place) })],
    ['a data set', (place) => Dataset.from(tf.tensor2d(byPlace(place), [place.count, D]))],
  ])('come as %s: the same training', async (_, make) => {
    const expected = newModel();
    await expected.fit(made({ make: byPlace }), OPTIONS);
    const model = newModel();
    await model.fit(made({ make: make as BatchesOptions['make'] }), OPTIONS);
    expect(await everything(model)).toEqual(await everything(expected));
    for (const one of [model, expected]) one.dispose();
  });

  it('train as the same rows do in memory, where these come in the same order', async () => {
    const source = made({ make: byPlace, batchesPerEpoch: 1 });
    const rows = Dataset.from(tf.tensor2d(byPlace({ epoch: 0, batch: 0, count: 5 }), [5, D]));
    expect(await newModel().score(source)).toEqual(await newModel().score(rows));
  });

  it('free the tensors that they are given as', async () => {
    const model = newModel();
    const source = made({ make: (place) => tf.tensor2d(byPlace(place), [place.count, D]) });
    await model.fit(source, { ...OPTIONS, epochs: 1 });
    const before = tf.memory().numTensors;
    await model.fit(source, { ...OPTIONS, epochs: 1 });
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });

  it('bring classes to models that look at them, and start codebooks', async () => {
    const labelled = made({ make: (place) => ({ values: rowsOf(place), labels: [0, 1, 2, 1, 0] }) });
    const conditional = new ConditionalVAE({ input: D, latent: 2, hidden: [8], classes: 3 });
    await conditional.fit(labelled, { epochs: 1 });
    await expect(conditional.fit(made(), { epochs: 1 })).rejects.toThrow('needs the class of each sample');
    const quantized = new VQVAE({ input: D, hidden: [8], positions: 2, codebookSize: 4, codeDimension: 2 });
    await quantized.fit(labelled, { epochs: 1 });
    expect(quantized.position.step).toBe(4);
    for (const model of [conditional, quantized]) model.dispose();
  });

  it.each<[string, unknown, string]>([
    ['fewer samples', () => [[0, 0, 0, 0, 0, 0]], 'batches: batch 0 of epoch 0 (both counted from 0): found 1 samples; expected 5 of 6 values (6 features)'],
    ['rows of another width', () => Array.from({ length: 5 }, () => [1]), 'found [1] at row 0; expected 5 of 6 values'],
    ['no rows', () => new Float32Array(7), 'found 7 values; expected 5 of 6 values'],
    ['a tensor of another shape', () => tf.zeros([5, 5]), 'found a tensor of shape [5, 5]'],
    ['nothing', () => undefined, 'found undefined; expected 5'],
    ['text', () => 'rows', 'found the text "rows"; expected 5'],
    ['NaN', () => new Float32Array(5 * D).fill(NaN), 'batches, epoch 0: the value at row 0, column 0 (“x1”) (both counted from 0) is NaN'],
    ['values outside the support', () => new Float32Array(5 * D).fill(2), 'is 2, outside [0, 1]'],
    ['fewer labels', () => ({ values: new Float32Array(5 * D), labels: [1] }), 'found 1 labels for 5 samples'],
    ['labels that are fractions', () => ({ values: new Float32Array(5 * D), labels: [0, 1, 0.5, 0, 0] }), 'found labels that are not whole numbers'],
  ])('refuse %s', async (_, make, message) => {
    const model = newModel();
    await expect(model.fit(made({ make: make as BatchesOptions['make'] }), OPTIONS)).rejects.toThrow(message);
    expect(model.position.step).toBe(0);
    model.dispose();
  }); // prettier-ignore

  it('say so when a generator ends early, and close one that is left', async () => {
    const closed = vi.fn();
    const short = made({
      make: undefined,
      *generate(epoch) {
        try {
          for (let i = 0; i < 2; i++) yield rowsOf(epoch);
        } finally {
          closed();
        }
      },
    });
    const model = newModel();
    await expect(model.fit(short, OPTIONS)).rejects.toThrow('batches: epoch 0 ended after 2 of 4 batches');
    expect(closed).toHaveBeenCalledTimes(1);
    const endless = made({
      make: undefined,
      *generate(epoch) {
        try {
          for (;;) yield rowsOf(epoch);
        } finally {
          closed();
        }
      },
    });
    await newModel().fit(endless, { ...OPTIONS, epochs: 2 });
    // Once for each of both epochs; a VAE's own figures look at an epoch once, too.
    expect(closed.mock.calls.length).toBeGreaterThanOrEqual(3);
    model.dispose();
  });

  it.each([
    ['nothing', undefined, 'undefined'],
    ['a promise of them', Promise.resolve([]), 'a Promise'],
    ['a number', 7, 'the number 7'],
  ])('say so when "generate" gives %s', async (_, given, what) => {
    const wrong = made({ make: undefined, generate: (() => given) as never });
    const model = newModel();
    await expect(model.fit(wrong, OPTIONS)).rejects.toThrow(`batches: "generate" gave ${what}; expected`);
    await expect(model.score(wrong)).rejects.toThrow(
      'expected batches one after the other, as a generator function gives',
    );
    model.dispose();
  });

  it.each<[string, unknown, string]>([
    ['no function', { ...SIZES }, 'batches takes either "make"'],
    ['two functions', { ...SIZES, make: rowsOf, generate: rowsOf }, 'batches takes either "make"'],
    ['no number of batches', { shape: 3, make: rowsOf }, 'batches takes as "options" an object with shape, batchesPerEpoch'],
    ['no whole batch', { ...SIZES, batchSize: 0.5, make: rowsOf }, 'batches takes as "batchSize" a whole number from 1'],
    ['half a shape', { ...SIZES, shape: { kind: 'image', height: 2 }, make: rowsOf }, 'batches takes as "shape" a number of features'],
    ['half a shape', { ...SIZES, shape: { kind: 'image', height: 2 }, make: rowsOf }, 'batches takes as "shape" a number of features'],
    ['a shape of four axes', { ...SIZES, shape: [1, 2, 3, 4], make: rowsOf }, 'batches takes as "shape" a number of features'],
  ])('are refused with %s', (_, options, message) => {
    expect(() => batches(options as BatchesOptions)).toThrow(message);
  }); // prettier-ignore

  it('know their size: fit takes no other', async () => {
    const model = newModel();
    expect(() => model.encode(made() as never)).toThrow('found a stream, which only fit and score read piece by piece');
    await expect(model.fit(made(), { ...OPTIONS, batchSize: 7 })).rejects.toThrow(
      'fit: "batchSize" is 7, and batches makes batches of 5; leave it out, or pass batches({ batchSize: 7 })',
    );
    await expect(new VAE({ input: 3, latent: 1 }).fit(made(), OPTIONS)).rejects.toThrow(
      'expects rows of 3 values (3 features); found batches with 6 values (6 features)',
    );
    model.dispose();
  });
});
