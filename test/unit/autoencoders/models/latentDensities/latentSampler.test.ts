import * as tf from '@tensorflow/tfjs';
import { Matrix } from 'ml-matrix';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  DeterministicAutoencoder,
  ConditionalVAE,
  LadderVAE,
  LatentSampler,
  MHVAE,
  MultivariateGaussian,
  ProbabilisticPCA,
  randomStream,
  VAE,
  VampPriorVAE,
} from '../../../../../kernel/autoencoders/index';
import type { LatentFlow, VAEConfig, GaussianMixture } from '../../../../../kernel/autoencoders/index';
import { fittedGaussian } from '../../../../../kernel/autoencoders/metrics/frechetDistance';
import { alive } from '../../../engine/backends';
import { binarySamples, samplesOf } from '../../data';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const [n, d, k] = [600, 3, 2];
/** μ(x) = Aᵀx + b; the posterior is wider than the means are in its second dimension. */
const A = new Matrix([
  [1, 0.1],
  [0.5, -0.1],
  [0, 0.2],
]);
const b = [0.5, -1];
const sigma = [0.3, 0.9];

const draws = randomStream(1, 'data').normals(n * d);
const data = samplesOf(Array.from({ length: n }, (_, i) => [...draws.subarray(i * d, (i + 1) * d)]));
const rowsOf = (values: ArrayLike<number>, width: number) =>
  Array.from({ length: values.length / width }, (_, i) =>
    Array.from({ length: width }, (_, j) => values[i * width + j]!),
  );

/** Encoders without hidden layers, whose q(z|x) = N(Aᵀx + b, LLᵀ) is the same but for its mean at every x. */
function linearVae(posterior: 'diagonal' | 'full', L: Matrix): VAE {
  const config: VAEConfig = { input: d, latent: k, hidden: [], likelihood: 'gaussian', sigma: 1, posterior, seed: 2 };
  const model = new VAE(config);
  const heads = posterior === 'full' ? 5 : 4;
  const kernel = A.to2DArray().map((row) => [...row, ...new Array<number>(heads - k).fill(0)]);
  const diagonal = [0, 1].map((i) => (posterior === 'full' ? 1 : 2) * Math.log(L.get(i, i)));
  const bias = [...b, ...diagonal, ...(posterior === 'full' ? [L.get(1, 0)] : [])];
  tf.tidy(() => {
    model.parameters['encoder.0.kernel']!.assign(tf.tensor2d(kernel));
    model.parameters['encoder.0.bias']!.assign(tf.tensor1d(bias));
  });
  return model;
}

const diagonal = Matrix.diag(sigma);
const correlated = new Matrix([
  [0.3, 0],
  [0.6, 0.7],
]);

/** Mean and covariance of q(z) = 1/n Σ q(z|x_i): by the law of total variance, AᵀSA + LLᵀ. */
function aggregated(L: Matrix): MultivariateGaussian {
  const x = new Matrix(rowsOf(data.values, d));
  const centre = x.mean('column');
  const centred = x.clone().subRowVector(centre);
  const S = centred.transpose().mmul(centred).div(n);
  const mean = A.transpose().mmul(Matrix.columnVector(centre)).add(Matrix.columnVector(b));
  const covariance = A.transpose().mmul(S).mmul(A).add(L.mmul(L.transpose()));
  return new MultivariateGaussian(
    mean.to1DArray(),
    Matrix.add(covariance, covariance.transpose()).mul(0.5).to2DArray(),
  );
}

/** Largest deviation of a sample's moments from a Gaussian's, in standard errors of so many draws. */
function deviation(
  found: { mean: readonly number[]; covariance: readonly (readonly number[])[] },
  { mean, covariance: P }: MultivariateGaussian,
  count: number,
): number {
  const all: number[] = [];
  for (let i = 0; i < mean.length; i++) {
    all.push((found.mean[i]! - mean[i]!) / Math.sqrt(P[i]![i]! / count));
    for (let j = 0; j <= i; j++) {
      const error = Math.sqrt((P[i]![i]! * P[j]![j]! + P[i]![j]! ** 2) / count);
      all.push((found.covariance[i]![j]! - P[i]![j]!) / error);
    }
  }
  return Math.max(...all.map(Math.abs));
}

const cases = [
  ['a diagonal posterior', 'diagonal', diagonal],
  ['a full posterior', 'full', correlated],
] as const;

describe('draws of latents', () => {
  it.each(cases)('of %s have the moments of the aggregated posterior', async (_, posterior, L) => {
    const model = linearVae(posterior, L);
    const z = model.drawLatents(data, { draws: 20, seed: 5 });
    expect(z.shape).toEqual([20 * n, k]);
    expect(deviation(await fittedGaussian(z), aggregated(L), 20 * n)).toBeLessThan(4);
    // All rows once, then all again: row i of every draw belongs to sample i.
    const averaged = z.reshape([20, n, k]).mean(0);
    const off = averaged.sub(model.encode(data)).square().mean(0).dataSync();
    for (const i of [0, 1]) {
      const variance = L.mmul(L.transpose()).get(i, i) / 20;
      expect(off[i]! / variance).toBeGreaterThan(1 - 4 * Math.sqrt(2 / n));
      expect(off[i]! / variance).toBeLessThan(1 + 4 * Math.sqrt(2 / n));
    }
    expect(model.drawLatents(data, { seed: 1 }).dataSync()).not.toEqual(
      model.drawLatents(data, { seed: 2 }).dataSync(),
    );
    expect(() => model.drawLatents(data, { draws: 0 })).toThrow('VAE, 2 latents: drawLatents draws a whole number');
    model.dispose();
  });

  it('are those of an MHVAE and of a ladder VAE with one level, where both are the VAE', () => {
    const images = binarySamples(50, 8);
    const vae = new VAE({ input: 8, hidden: [7], latent: 4, seed: 3 });
    const chain = new MHVAE({ input: 8, hidden: [7], latents: [4], seed: 3 });
    const z = vae.drawLatents(images, { draws: 2 }).dataSync();
    expect([...chain.drawLatents(images, { draws: 2 }).dataSync()]).toEqual([...z]);
    expect([...z]).not.toEqual([...vae.encode(images).tile([2, 1]).dataSync()]);
    const ladder = new LadderVAE({
      input: 8,
      hidden: [7],
      features: [6, 6],
      latents: [4, 2],
      levelHidden: [5],
      seed: 3,
    });
    expect(ladder.drawLatents(images, { draws: 3 }).shape).toEqual([150, 4]);
    for (const model of [vae, chain, ladder]) model.dispose();
  });

  it('of a conditional VAE take the classes of its data', () => {
    const labelled = { ...binarySamples(6, 5), labels: Int32Array.of(0, 1, 0, 1, 0, 1), classNames: [] };
    const model = new ConditionalVAE({ input: 5, latent: 2, hidden: [4], classes: 2 });
    const { labels, ...plain } = labelled;
    expect(model.drawLatents(labelled).dataSync()).toEqual(model.drawLatents(plain, { labels }).dataSync());
    expect(() => model.drawLatents(plain)).toThrow('needs the class of each sample');
    model.dispose();
  });

  it('of a model without a distribution of latents are what it encodes', () => {
    const model = new DeterministicAutoencoder({ input: d, latent: 2, hidden: [] });
    expect(model.drawLatents(data).dataSync()).toEqual(model.encode(data).dataSync());
    expect(model.drawLatents(data, { draws: 2 }).shape).toEqual([2 * n, 2]);
    model.dispose();
  });

  it('of probabilistic PCA have the moments of N(0, I), which they have in all at its maximum of the likelihood', async () => {
    const model = await ProbabilisticPCA.fit(data, 2);
    const z = model.drawLatents(data, { draws: 20, seed: 3 });
    expect(deviation(await fittedGaussian(z), MultivariateGaussian.standard(2), 20 * n)).toBeLessThan(4);
  });

  it('keep no tensor but the result', () => {
    const model = linearVae('full', correlated);
    model.drawLatents(data).dispose();
    const before = alive();
    model.drawLatents(data, { draws: 2 }).dispose();
    expect(alive()).toEqual(before);
    model.dispose();
  });
});

describe('samplers fitted to the latents of a linear Gaussian VAE', () => {
  it.each(cases)('of %s: a mixture of one has the moments of q(z), not those of its means', async (_, posterior, L) => {
    const model = linearVae(posterior, L);
    const exact = aggregated(L);
    const sampler = await LatentSampler.mixture(model, data, { components: 1, draws: 20, seed: 4 });
    const { means, covariances } = sampler.prior as GaussianMixture;
    const covariance = covariances[0] as readonly (readonly number[])[];
    expect(deviation({ mean: means[0]!, covariance }, exact, 20 * n)).toBeLessThan(4);
    // One draw of each sample, the default, has the same expectation.
    const once = (await LatentSampler.mixture(model, data, { components: 1 })).prior as GaussianMixture;
    expect(deviation({ mean: once.means[0]!, covariance: once.covariances[0] as number[][] }, exact, n)).toBeLessThan(
      4,
    );
    model.dispose();
  });

  it('a flow comes within .03 nats of the entropy of q(z) on draws that it has not seen', async () => {
    const model = linearVae('full', correlated);
    const exact = aggregated(correlated);
    const learningRate = { schedule: 'linearWarmup', steps: 6 * 120, from: 3e-3, to: 0 } as const;
    const fit = { epochs: 6, batchSize: 100, learningRate, seed: 1 };
    const sampler = await LatentSampler.flow(model, data, fit, { draws: 20, layers: 2, hidden: [8], seed: 1 });
    const stream = randomStream(9, 'held out');
    const z = Array.from({ length: 4000 }, () => exact.draw(stream.normals(k)));
    const found = (sampler.prior as LatentFlow).logProb(z).mean().dataSync()[0]!;
    const expected = z.reduce((sum, row) => sum + exact.logDensity(row), 0) / z.length;
    expect(Math.abs(found - expected)).toBeLessThan(0.03);
    model.dispose();
  });

  it('a second stage draws from p(z|u), whose covariance is that of its own model', async () => {
    const model = linearVae('diagonal', diagonal);
    const second = new VAE({ input: k, latent: 1, hidden: [], likelihood: 'gaussian', sigma: 0.8, seed: 3 });
    tf.tidy(() => second.parameters['decoder.0.kernel']!.assign(tf.tensor2d([[0.9, -0.4]])));
    tf.tidy(() => second.parameters['decoder.0.bias']!.assign(tf.tensor1d([1, 2])));
    const sampler = LatentSampler.secondStage(model, second);
    const drawn = sampler.prior.sample(20_000, { seed: 6 });
    // WWᵀ + σ²I.
    const exact = new MultivariateGaussian(
      [1, 2],
      [
        [0.81 + 0.64, -0.36],
        [-0.36, 0.16 + 0.64],
      ],
    );
    expect(deviation(await fittedGaussian(drawn), exact, 20_000)).toBeLessThan(4);
    expect([...sampler.sample(3, { seed: 6 }).dataSync()]).toEqual([
      ...model.decode(sampler.prior.sample(3, { seed: 6 })).dataSync(),
    ]);
    expect(sampler.name).toBe('VAE, 2 latents, second stage VAE, 1 latent');
    for (const one of [model, second]) one.dispose();
  });

  it('a second stage that is fitted here keeps the total variance of q(z), as probabilistic PCA does', async () => {
    const model = linearVae('diagonal', diagonal);
    const second = new VAE({ input: k, latent: 1, hidden: [], likelihood: 'gaussian', sigma: 'learned', seed: 3 });
    const learningRate = { schedule: 'linearWarmup', steps: 8 * 60, from: 2e-2, to: 0 } as const;
    const fit = { epochs: 8, batchSize: 100, learningRate, seed: 1, draws: 10 };
    const sampler = await LatentSampler.secondStage(model, second, data, fit);
    const { covariance } = await fittedGaussian(sampler.prior.sample(20_000, { seed: 1 }));
    const trace = (P: readonly (readonly number[])[]) => P[0]![0]! + P[1]![1]!;
    // The means alone have about 1.3 of 2.2.
    expect(trace(covariance) / trace(aggregated(diagonal).covariance)).toBeCloseTo(1, 1);
    for (const one of [model, second]) one.dispose();
  });

  it('takes a model without a seed or draws of its own: PCA’s coordinates are points', async () => {
    const model = {
      name: 'points',
      inputShape: data.shape,
      latentDimensions: d,
      encode: () => tf.tensor2d(data.values, [n, d]),
      decode: (z: tf.Tensor2D) => z.clone(),
    };
    const sampler = await LatentSampler.mixture(model, data, { components: 1 });
    const { mean, covariance } = await fittedGaussian(rowsOf(data.values, d));
    const found = sampler.prior as GaussianMixture;
    for (const [i, value] of mean.entries()) expect(found.means[0]![i]).toBeCloseTo(value, 10);
    const fitted = found.covariances[0] as number[][];
    expect(fitted[0]![1]! * (n / (n - 1))).toBeCloseTo(covariance[0]![1]!, 10);
  });
});

describe('samples of models with a likelihood', () => {
  it.each(['VAE', 'MHVAE', 'VampPriorVAE', 'ConditionalVAE'] as const)(
    'of a %s are means of p(x|z), or draws of it, which vary by its σ about them',
    (kind) => {
      const shared = { input: 4, hidden: [3], likelihood: 'gaussian' as const, sigma: 0.5, seed: 1 };
      const model = {
        VAE: () => new VAE({ ...shared, latent: 2 }),
        MHVAE: () => new MHVAE({ ...shared, latents: [2, 2] }),
        VampPriorVAE: () => new VampPriorVAE({ ...shared, latent: 2, components: 3 }),
        ConditionalVAE: () => new ConditionalVAE({ ...shared, latent: 2, classes: 2 }),
      }[kind]();
      const mean = model.sample(2000, { seed: 3 });
      const draw = model.sample(2000, { seed: 3, values: 'draw' });
      expect(mean.dataSync()).toEqual(model.sample(2000, { seed: 3, values: 'mean' }).dataSync());
      const squares = draw.sub(mean).square().mean().dataSync()[0]!;
      // 8,000 squares of N(0, ¼): 4 standard errors.
      expect(Math.abs(squares / 0.25 - 1)).toBeLessThan(4 * Math.sqrt(2 / 8000));
      model.dispose();
    },
  );
});
