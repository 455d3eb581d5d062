import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  bitsPerDimension,
  ConvolutionalVAE,
  DiagonalGaussian,
  estimateEvidenceLowerBound,
  LinearGaussianModel,
  monteCarloDivergence,
  MultivariateGaussian,
  randomStream,
  reparameterizedGradients,
  scoreFunctionGradients,
  VAE,
} from '../../../../kernel/autoencoders/index';
import { alive } from '../../engine/backends';
import { lowRankSamples, mean, standardError } from '../data';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const linear = () => new VAE({ input: 4, latent: 2, hidden: [], likelihood: 'gaussian', sigma: 0.8, seed: 5 });
const rows = (n: number) => {
  const { values, width } = lowRankSamples(n, 4, 2, 0.5);
  return Array.from({ length: n }, (_, i) => [...values.subarray(i * width, (i + 1) * width)]);
};

describe('a linear Gaussian model', () => {
  it('has the evidence and the posterior of the joint Gaussian', async () => {
    const model = linear();
    const exact = await LinearGaussianModel.of(model);
    const noise = [0, 1, 2, 3].map((i) => [0, 1, 2, 3].map((j) => (i === j ? 0.8 ** 2 : 0)));
    const map = { A: exact.W.to2DArray(), Q: noise, b: Array.from(exact.b) };
    const prior = MultivariateGaussian.standard(2);
    for (const x of rows(3)) {
      expect(exact.logEvidence(x)).toBeCloseTo(prior.pushedThrough(map).logDensity(x), 10);
      const [found, expected] = [exact.posterior(x), prior.given(map, x)];
      expect(found.kl(expected)).toBeCloseTo(0, 10);
    }
    model.dispose();
  });

  it('is no model with hidden layers', async () => {
    const deep = new VAE({ input: 4, latent: 2, hidden: [3], likelihood: 'gaussian', seed: 5 });
    await expect(LinearGaussianModel.of(deep)).rejects.toThrow('expects a model with hidden: []');
    deep.dispose();
  });
});

describe('importance-weighted likelihoods', () => {
  it('come from exactly the draws asked for, whatever chunks they are drawn in', async () => {
    const model = linear();
    // Two chunks of rows; draws pass 4 and then 3 of them at a time, or all at once.
    const data = rows(1500);
    const found = await model.logLikelihood(data, { draws: 7 });
    expect([found.draws, found.perSample.length]).toEqual([7, 1500]);
    expect(found.kind).toBe('importance-weighted bound');
    expect(found.mean).toBeCloseTo(mean(found.perSample), 10);
    expect(found.standardError).toBeCloseTo(standardError(found.perSample), 10);
    expect(found.bitsPerDimension).toBeCloseTo(-found.mean / (4 * Math.LN2), 10);
    expect(found.effectiveDraws).toBeGreaterThan(1);
    expect(found.effectiveDraws).toBeLessThan(7);
    model.dispose();
  });

  it('come near log p(x) of the closed form, and name the bound of one draw as it is', async () => {
    const model = linear();
    // q(z|x) = N(0, I), which is wide enough.
    model.parameters['encoder.0.kernel']!.assign(tf.zeros([4, 4]));
    const exact = await LinearGaussianModel.of(model);
    const data = rows(40);
    const expected = mean(data.map((x) => exact.logEvidence(x)));
    expect((await model.logLikelihood(data, { draws: 2000 })).mean).toBeCloseTo(expected, 1);
    const one = await model.logLikelihood(data, { draws: 1 });
    expect(one.kind).toBe('evidence lower bound');
    expect(one.mean).toBeLessThan(expected);
    const elbo = await estimateEvidenceLowerBound(model, data, { draws: 2000 });
    expect(elbo.kind).toBe('evidence lower bound');
    expect(elbo.mean).toBeLessThan(expected);
    model.dispose();
  });

  it('hold where weights under- or overflow on their own', async () => {
    const model = linear();
    const far = [[60, -60, 60, -60]];
    const exact = await LinearGaussianModel.of(model);
    const found = await model.logLikelihood(far, { draws: 50 });
    expect(Number.isFinite(found.mean)).toBe(true);
    expect(found.mean).toBeLessThan(exact.logEvidence(far[0]!));
    expect(found.standardError).toBe(0);
    model.dispose();
  });

  it('see images as the likelihood does: black and white where it says so', async () => {
    const input = { kind: 'image', height: 4, width: 4, channels: 1 } as const;
    const model = new ConvolutionalVAE({ input, channels: [2], latent: 2, binarize: 0.5, seed: 1 });
    const grey = Array.from({ length: 3 }, (_, i) => Array.from(randomStream(i, 'grey').uniforms(16)));
    const binary = grey.map((row) => row.map((value) => (value > 0.5 ? 1 : 0)));
    const [a, b] = [await model.logLikelihood(grey, { draws: 3 }), await model.logLikelihood(binary, { draws: 3 })];
    expect(Array.from(a.perSample)).toEqual(Array.from(b.perSample));
    model.dispose();
  });

  it('refuse values that the likelihood is not defined for', async () => {
    const model = new VAE({ input: 4, latent: 2, hidden: [], seed: 5 });
    const before = alive();
    await expect(model.logLikelihood([[0, 1, 255, 0]], { draws: 2 })).rejects.toThrow('is 255, outside [0, 1]');
    await expect(model.logLikelihood([[0, NaN, 1, 0]], { draws: 2 })).rejects.toThrow('is NaN');
    expect(alive()).toEqual(before);
    model.dispose();
  });

  it('refuse draws that are not whole numbers, and keep no tensors', async () => {
    const model = linear();
    const before = alive();
    await expect(model.logLikelihood(rows(2), { draws: 0 })).rejects.toThrow('"draws" is 0, allowed: at least 1');
    await model.logLikelihood(rows(2), { draws: 3 });
    expect(alive()).toEqual(before);
    model.dispose();
  });
});

describe('bits per dimension', () => {
  it('are nats / (d ln 2), and log₂ of the levels more for a density', () => {
    expect(bitsPerDimension(10 * Math.LN2, 10)).toBeCloseTo(1, 12);
    expect(bitsPerDimension(0, 10, { levels: 256 })).toBe(8);
    expect(() => bitsPerDimension(1, 0)).toThrow('takes as "d" a whole number from 1; found the number 0');
  });
});

describe('gradients of expectations', () => {
  const f = (z: tf.Tensor1D) => z.square() as tf.Tensor1D;
  const options = { mu: 1, sigma: 1, draws: 60_000, seed: 2 };
  const variance = (values: ArrayLike<number>) => standardError(values) ** 2 * (values.length - 1);

  it('of z² are 2μ and 2σ by both estimators', () => {
    for (const { mu, sigma } of [scoreFunctionGradients(f, options), reparameterizedGradients(f, options)]) {
      expect(Math.abs(mean(mu) - 2)).toBeLessThan(4 * standardError(mu));
      expect(Math.abs(mean(sigma) - 2)).toBeLessThan(4 * standardError(sigma));
    }
  });

  it('vary by 30 with the score function and by 4 with reparameterised draws', () => {
    expect(Math.abs(variance(scoreFunctionGradients(f, options).mu) / 30 - 1)).toBeLessThan(0.05);
    expect(Math.abs(variance(reparameterizedGradients(f, options).mu) / 4 - 1)).toBeLessThan(0.05);
  });

  it('vary less with a baseline, about the same mean', () => {
    const plain = scoreFunctionGradients(f, options).mu;
    const { mu } = scoreFunctionGradients(f, { ...options, baseline: 2 });
    expect(Math.abs(mean(mu) - 2)).toBeLessThan(4 * standardError(mu));
    expect(standardError(mu)).toBeLessThan(standardError(plain));
  });

  it('need a σ above 0', () => {
    expect(() => scoreFunctionGradients(f, { ...options, sigma: 0 })).toThrow('needs σ > 0; found 0');
  });
});

describe('a divergence by draws', () => {
  it('is that of the closed form, and takes one q at a time', async () => {
    const q = new DiagonalGaussian(tf.tensor2d([[0.5, -1]]), tf.tensor2d([[0.3, -0.8]]));
    const prior = new DiagonalGaussian(tf.zeros([1, 2]), tf.zeros([1, 2]));
    const { value, standardError } = await monteCarloDivergence(q, prior, { draws: 80_000, seed: 1 });
    expect(Math.abs(value - q.kl().dataSync()[0]!)).toBeLessThan(4 * standardError);
    const two = new DiagonalGaussian(tf.zeros([2, 2]), tf.scalar(0));
    await expect(monteCarloDivergence(two, prior, { draws: 10 })).rejects.toThrow('found 2');
  });
});
