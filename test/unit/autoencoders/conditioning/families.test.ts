import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import * as library from '../../../../kernel/autoencoders/index';
import { temporaryFolder } from '../training/support';
import { AUTOENCODERS, CLASSES, CONDITIONS, dataOf, numbersOf, tdVae } from './families';
import type { Family } from './families';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const inFolder = temporaryFolder();
const every = Object.entries({ ...AUTOENCODERS, 'TD-VAE': tdVae }).flatMap(([family, create]) =>
  CONDITIONS.map(([name, conditions]) => [`${family}, ${name}`, () => create(conditions), conditions] as const),
);
const labelled = Object.entries(AUTOENCODERS).map(([family, create]) => {
  return [family, () => create({ classes: CLASSES })] as const;
});
const withGaps = Object.entries(AUTOENCODERS).map(([family, create]) => {
  return [family, () => create({ missing: true })] as const;
});
/** Their formulas say w and x̂, and name no function of x or z. */
const WITHOUT_NETWORKS = /^(IWAE|cross-entropy)/;
const alive: { dispose(): void }[] = [];
afterEach(() => alive.splice(0).forEach((model) => model.dispose()));

function made<M extends { dispose(): void }>(create: () => M): M {
  const model = create();
  alive.push(model);
  return model;
}

describe('every family', () => {
  it.each(every)('trains, is scored, explained, saved and loaded: %s', async (name, create, { classes, missing }) => {
    const model = made(create);
    const data = dataOf(12, model, missing);
    const options = { epochs: 1, batchSize: 5, learningRate: 1e-3 };
    const { diagnostics } = await model.fit(data, { ...options, validation: data });
    const score = await model.score(data);
    expect(Object.values(score).every(Number.isFinite), JSON.stringify(score)).toBe(true);
    expect(JSON.stringify(diagnostics, (_, value: unknown) => (Number.isNaN(value) ? 'NaN' : value))).not.toMatch(
      'NaN',
    );
    expect(model.objective.formula.includes(',y)')).toBe(classes !== undefined && !WITHOUT_NETWORKS.test(name));
    expect(String(model.explain())).not.toBe('');

    await model.save(inFolder(name));
    const load = model.constructor as unknown as { load(path: string): Promise<Family> };
    const loaded = await load.load(inFolder(name));
    alive.push(loaded);
    expect([loaded.classes, loaded.missing]).toEqual([classes ?? null, missing ?? false]);
    expect(await loaded.score(data)).toEqual(score);
  });

  it.each(labelled)('takes the classes of its data, or those that are given: %s', (_, create) => {
    const model = made(create);
    const data = dataOf(8, model);
    const own = numbersOf(model.reconstruct(data));
    expect(numbersOf(model.reconstruct(data, { labels: data.labels! }))).toEqual(own);
    const [z, x] = [model.encode(data), tf.tensor2d(data.values, [8, data.width])];
    const y = Int32Array.from(data.labels!);
    expect(numbersOf(model.decode(z, { labels: y })).map((v) => v.toFixed(4))).toEqual(own.map((v) => v.toFixed(4)));
    expect(() => model.encode(x)).toThrow('needs the class of each sample');
    expect(() => model.decode(z)).toThrow('decode needs the class of each row; give { labels }.');
    expect(() => model.decode(z, { labels: CLASSES })).toThrow(`found a label ${CLASSES}`);
    tf.dispose([z, x]);
  });

  it.each(labelled)('decodes each class, and one that is not known, as its own: %s', (_, create) => {
    const model = made(create);
    // A mirrored decoder's kernel of the classes starts at 0.
    const ofClasses = Object.entries(model.parameters).filter(([name]) => name.endsWith('.classes'));
    for (const [, variable] of ofClasses) {
      variable.assign(tf.tensor(Array.from({ length: variable.size }, (_, i) => Math.sin(i)), variable.shape)); // prettier-ignore
    }
    const z = [new Array<number>(model.latentDimensions).fill(0.3)];
    const decoded = [-1, 0, 1, 2].map((labels) => numbersOf(model.decode(z, { labels })).join());
    expect(new Set(decoded).size).toBe(4);
  });

  it.each(withGaps)('sees 0 for what is missing: %s', (_, create) => {
    const model = made(create);
    const data = dataOf(6, model, true);
    const filled = tf.tensor2d(data.values.map((value) => (Number.isNaN(value) ? 0 : value)), [6, data.width]); // prettier-ignore
    const [found, expected] = [numbersOf(model.encode(data)), numbersOf(model.encode(filled))];
    expect(found).toEqual(expected);
    expect(numbersOf(model.reconstruct(data)).every(Number.isFinite)).toBe(true);
    filled.dispose();
  });

  it.each(Object.entries(AUTOENCODERS))('refuses NaN and labels that it is not told of: %s', async (_, create) => {
    const plain = made(() => create({}));
    const data = dataOf(8, plain, true);
    await expect(plain.fit(data, { epochs: 1 })).rejects.toThrow('rows: the value at row 0, column 0');
    const model = made(() => create({ classes: CLASSES }));
    const strange = new library.Dataset({ ...dataOf(8, model), labels: new Int32Array(8).fill(CLASSES) });
    await expect(model.fit(strange, { epochs: 1 })).rejects.toThrow(`knows classes 0 to 2; found a label ${CLASSES}`);
    expect(() => create({ classes: 0 })).toThrow('"classes" is 0');
  });
});

describe('the reconstruction of values that are present', () => {
  const squared = ['autoencoder', 'tied autoencoder', 'convolutional autoencoder', 'k-sparse autoencoder', 'adversarial autoencoder', 'VQ-VAE', 'convolutional VQ-VAE', 'VQ-VAE of a grid', 'VQ-VAE-2'] as const; // prettier-ignore

  it.each(squared)('is their squared error, in float64: %s', async (family) => {
    for (const conditions of [{ missing: true }, { missing: true, classes: CLASSES }]) {
      const model = made(() => AUTOENCODERS[family]!(conditions));
      const data = dataOf(7, model, true);
      const xHat = numbersOf(model.reconstruct(data));
      const errors = xHat.map((value, i) => (Number.isNaN(data.values[i]!) ? 0 : (value - data.values[i]!) ** 2));
      const expected = errors.reduce((sum, error) => sum + error, 0) / 7;
      const { reconstruction } = await model.score(data);
      expect(reconstruction! / expected).toBeCloseTo(1, 5);
    }
  });

  const likelihoods = ['VAE', 'VAE, logistic mixture', 'MHVAE', 'ladder VAE', 'denoising autoencoder', 'cross-entropy autoencoder'] as const; // prettier-ignore

  it.each([...squared, ...likelihoods])('has no gradient by a missing value’s output: %s', (family) => {
    const model = made(() => AUTOENCODERS[family]!({ missing: true }));
    const data = dataOf(1, model, true);
    // The last bias of a dense decoder belongs to one value each; a transposed convolution's is shared.
    const name = Object.keys(model.parameters).findLast((key) => key.startsWith('decoder') && key.endsWith('.bias'))!;
    const bias = model.parameters[name]!;
    const { d, perValue } = { d: data.width, perValue: bias.size / data.width };
    if (!Number.isInteger(perValue)) return expect(family).toMatch(/convolutional|VQ-VAE/);
    const x = tf.tensor2d(data.values, [1, d]);
    const noise = model.inputs(library.randomStream(3, 'noise'), 1, 0);
    const { grads } = tf.variableGrads(() => model.losses({ x, ...noise })['reconstruction']!.asScalar(), [bias]);
    const gradient = numbersOf(grads[bias.name]!);
    gradient.forEach((value, i) => expect(value === 0, `${i}`).toBe(Number.isNaN(data.values[i % d]!)));
    tf.dispose([x, noise, grads]);
    return undefined;
  });
});

describe('draws of classes', () => {
  const drawn = ['VAE', 'adversarial autoencoder', 'MHVAE', 'ladder VAE'] as const;

  it.each(drawn)('take turns, or are of the given class: %s', (family) => {
    const model = made(() => AUTOENCODERS[family]!({ classes: CLASSES })) as unknown as {
      sample(count: number, options?: { seed?: number; label?: number | number[] }): tf.Tensor2D;
    };
    const [turns, told, ones] = [undefined, [0, 1, 2, 0], 1].map((label) => {
      return numbersOf(model.sample(4, { seed: 1, ...(label === undefined ? {} : { label }) }));
    });
    expect(turns).toEqual(told);
    expect(ones).not.toEqual(turns);
    expect(() => model.sample(4, { label: [0, 1] })).toThrow('sample: found 2 labels for 4 rows');
  });

  it('are sequences of their class', () => {
    const model = made(() => tdVae({ classes: CLASSES }));
    const [zero, one] = [0, 1].map((label) => numbersOf(model.sample(2, { seed: 1, label })));
    expect(one).not.toEqual(zero);
    const x = dataOf(4, model);
    const [before, after] = [0, 2].map((labels) => numbersOf(model.rollout(x, { from: 2, steps: 1, seed: 1, labels })));
    expect(after).not.toEqual(before);
    expect(() => model.beliefs(tf.zeros([2, 12]))).toThrow('beliefs needs the class of each sample');
  });
});

describe('what cannot do with missing values or classes', () => {
  const bare = library.defineLikelihood('bareBernoulli', () => ({
    of: (logits) => {
      const { mean, logProb } = new library.Bernoulli(logits);
      const p = new library.Bernoulli(logits);
      return { mean: mean.bind(p), logProb: logProb.bind(p) };
    },
  }));
  const bareLoss = library.defineLoss('bareLoss', () => ({
    unit: 'error',
    words: 'error',
    formula: () => 'e',
    of: (x, rows) => x.sub(rows).abs().sum(1),
    reconstruction: (rows) => rows,
  }));
  const dense = { input: 12, hidden: [4], missing: true };

  it.each([
    ['VAE', () => new library.VAE({ ...dense, latent: 2, likelihood: bare() })],
    [
      'DeterministicAutoencoder',
      () => new library.DeterministicAutoencoder({ ...dense, latent: 2, likelihood: bare() }),
    ],
    ['AdversarialAutoencoder', () => new library.AdversarialAutoencoder({ ...dense, latent: 2, loss: bareLoss() })],
    ['KSparseAutoencoder', () => new library.KSparseAutoencoder({ input: 12, units: 4, active: 1, missing: true, loss: bareLoss() })], // prettier-ignore
    ['LadderVAE', () => new library.LadderVAE({ ...dense, latents: [2], likelihood: bare() })],
    ['TDVAE', () => new library.TDVAE({ ...dense, frames: 3, jumps: [1, 2], likelihood: bare() })],
  ])('is refused when the model is made: %s', (kind, create) => {
    expect(create).toThrow(`${kind}: "missing" is true, and the`);
    expect(create).toThrow('does not say what each value adds');
  });

  it('is refused with the reason: first stages of latent diffusion', () => {
    const stage = { input: [8, 8, 1], latentChannels: 1, channels: [2, 2] };
    for (const Stage of [library.LatentDiffusionAutoencoder, library.VQLatentDiffusionAutoencoder]) {
      const make = (conditions: object) => () => new Stage({ ...stage, ...conditions });
      expect(make({ classes: 3 })).toThrow(
        `${Stage.name}: "classes" is 3, not allowed: a first stage has no classes; the model of its latents can have them`,
      );
      expect(make({ missing: true })).toThrow('"missing" is true, not allowed: the discriminator');
    }
  });
});
