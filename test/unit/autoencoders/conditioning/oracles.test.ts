import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  ContractiveAutoencoder,
  Dataset,
  DeterministicAutoencoder,
  KSparseAutoencoder,
  MHVAE,
  randomStream,
  VAE,
} from '../../../../kernel/autoencoders/index';
import { CLASSES, numbersOf, tdVae, valuesOf } from './families';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/**
 * Four classes of four points each: means ±2 e₁ and ±e₂, and about them ±.3 e₃ ± .2 e₄. The covariance of all is
 * diag(2, .5, .09, .04), that within the classes diag(0, 0, .09, .04).
 */
function classMeans(): Dataset {
  const means = [[2, 0], [-2, 0], [0, 1], [0, -1]] as const; // prettier-ignore
  const about = [[0.3, 0.2], [0.3, -0.2], [-0.3, 0.2], [-0.3, -0.2]] as const; // prettier-ignore
  const rows = means.flatMap((mean) => about.map((offset) => [...mean, ...offset]));
  return Dataset.from(rows, { labels: Int32Array.from({ length: 16 }, (_, i) => Math.floor(i / 4)) });
}

describe('a linear autoencoder that takes the class', () => {
  const data = classMeans();
  const linear = { input: 4, latent: 1, hidden: [], seed: 3 };
  const options = { epochs: 1500, batchSize: 16, learningRate: 0.02 };

  it('leaves the discarded variance within the classes, and without the class all of it', async () => {
    const told = new DeterministicAutoencoder({ ...linear, classes: 4 });
    const untold = new DeterministicAutoencoder(linear);
    await told.fit(data, options);
    await untold.fit(data, options);
    expect((await told.score(data))['reconstruction']).toBeCloseTo(0.04, 3);
    expect((await untold.score(data))['reconstruction']).toBeCloseTo(0.5 + 0.09 + 0.04, 3);
    for (const model of [told, untold]) model.dispose();
  });

  it('finds the class means where its kernels are tied', async () => {
    const model = new KSparseAutoencoder({ input: 4, units: 1, active: 1, classes: 4, seed: 3 });
    await model.fit(data, options);
    expect((await model.score(data))['reconstruction']).toBeCloseTo(0.04, 2);
    model.dispose();
  });
});

describe('the contraction of an encoder that takes the class', () => {
  it('is the Jacobian by x alone, by finite differences', () => {
    const model = new ContractiveAutoencoder({ input: 3, latent: 2, hidden: [4], classes: CLASSES, seed: 2 });
    const [x, labels] = [[0.3, -0.8, 0.5], [1]];
    const given = { x: tf.tensor2d([x]), y: tf.tensor1d(labels, 'int32') };
    const found = numbersOf(model.losses(given).contraction)[0]!;
    const h = 0.01;
    let expected = 0;
    for (let j = 0; j < 3; j++) {
      const at = (step: number) =>
        numbersOf(model.encode([x.map((value, i) => value + (i === j ? step : 0))], { labels }));
      const [up, down] = [at(h), at(-h)];
      expected += up.reduce((sum, value, i) => sum + ((value - down[i]!) / (2 * h)) ** 2, 0);
    }
    expect(found / expected).toBeCloseTo(1, 3);
    tf.dispose(given);
    model.dispose();
  });
});

describe('an MHVAE of one level', () => {
  it.each([{ classes: CLASSES }, { missing: true }, { classes: CLASSES, missing: true }])(
    'is the VAE, in its terms and its likelihood: %j',
    async (conditions) => {
      const common = { input: 6, hidden: [5], likelihood: 'gaussian' as const, seed: 4, ...conditions };
      const [vae, chain] = [new VAE({ ...common, latent: 2 }), new MHVAE({ ...common, latents: [2] })];
      for (const [name, variable] of Object.entries(vae.parameters)) variable.assign(chain.parameters[name]!);
      const labels = Int32Array.from({ length: 4 }, (_, i) => i - 1);
      const values = Float32Array.from(valuesOf(4, 6, conditions.missing).flat());
      const data = new Dataset({ values, shape: vae.inputShape, labels });
      const given = {
        x: tf.tensor2d(values, [4, 6]),
        y: tf.tensor1d(labels, 'int32'),
        epsilon: tf.tensor2d(randomStream(1, 'ε').normals(8), [4, 2]),
      };
      const [found, expected] = [chain.losses(given), vae.losses(given)];
      for (const term of ['reconstruction', 'kl']) {
        expect(numbersOf(found[term]!)[0]!).toBeCloseTo(numbersOf(expected[term]!)[0]!, 4);
      }
      const likelihoods = await Promise.all(
        [chain, vae].map((model) => model.logLikelihood(data, { draws: 3, seed: 1 })),
      );
      expect(likelihoods[0]!.mean).toBeCloseTo(likelihoods[1]!.mean, 4);
      expect(likelihoods[0]!.bitsPerDimension).toBeCloseTo(-likelihoods[1]!.mean / (6 * Math.LN2), 4);
      const wrong = new Dataset({
        ...data,
        name: 'rows',
        values: values.map((value, i) => (i === 8 ? Infinity : value)),
      });
      await expect(chain.logLikelihood(wrong)).rejects.toThrow('rows: the value at row 1, column 2 (“x3”)');
      tf.dispose(given);
      for (const model of [vae, chain]) model.dispose();
    },
  );
});

describe('missing values', () => {
  it('stay missing where a VAE makes zeros and ones of the others', async () => {
    const values = valuesOf(6, 5, true);
    const ones = values.map((row) => row.map((value) => (Number.isNaN(value) ? NaN : value > 0.5 ? 1 : 0)));
    const config = { input: 5, latent: 2, hidden: [4], missing: true, seed: 1 };
    const [binarizing, plain] = [new VAE({ ...config, binarize: 0.5 }), new VAE(config)];
    const [found, expected] = [await binarizing.score(Dataset.from(values)), await plain.score(Dataset.from(ones))];
    expect(found).toEqual(expected);
    expect(await binarizing.logLikelihood(Dataset.from(values))).toEqual(await plain.logLikelihood(Dataset.from(ones)));
    for (const model of [binarizing, plain]) model.dispose();
  });

  it('stay missing where the others are corrupted', () => {
    const model = new DeterministicAutoencoder({
      input: 4,
      latent: 2,
      hidden: [],
      corruption: 'gaussian',
      missing: true,
    });
    const epsilon = tf.tensor2d([[1, -1, 2, 0.5]]);
    const losses = (gap: number) => {
      const moved = tf.tensor2d([[1, -1, gap, 0.5]]);
      const x = tf.tensor2d([[0.1, 0.2, NaN, 0.4]]);
      return numbersOf(model.losses({ x, epsilon: moved }).reconstruction)[0];
    };
    expect(losses(2)).toBe(losses(-7));
    epsilon.dispose();
    model.dispose();
  });

  it('say nothing where all of a frame is missing', () => {
    const model = tdVae({ missing: true });
    const noise = model.inputs(randomStream(1, 'noise'), 3, 0);
    const gone = model.losses({ x: tf.fill([3, 12], NaN), ...noise });
    expect(numbersOf(gone['reconstruction']!)[0]).toBeCloseTo(0, 9);
    expect(Number.isFinite(numbersOf(gone['prediction']!)[0])).toBe(true);
    model.dispose();
  });
});
