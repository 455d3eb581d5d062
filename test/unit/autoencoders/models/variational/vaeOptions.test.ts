import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  linearWarmup,
  LinearGaussianModel,
  MultivariateGaussian,
  randomStream,
  VAE,
} from '../../../../../kernel/autoencoders/index';
import type { FullGaussian, VAEConfig } from '../../../../../kernel/autoencoders/index';
import { binarySamples, samplesOf } from '../../data';
import { expectFiniteDifferences } from '../../gradients';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const data = binarySamples(6, 5);
const base: VAEConfig = { input: 5, latent: 2, hidden: [4], activation: 'tanh', seed: 3 };
const number = (tensor: tf.Tensor | undefined) => tensor!.dataSync()[0]!;

/** The terms at the noise of one step. */
function termsOf(model: VAE, step = 0) {
  const x = tf.tensor2d(data.values, [6, 5]);
  return model.losses({ x, ...model.inputs(randomStream(1, 'noise'), 6, step) });
}

describe('the likelihoods and posteriors of a VAE', () => {
  it.each([
    { likelihood: 'continuousBernoulli' },
    { likelihood: 'gaussian', sigma: 'perPixel' },
    { posterior: 'full' },
    { posterior: 'full', draws: 2, latent: 3 },
    { freeBits: 0.4 },
    { capacity: { max: 3, steps: 4, gamma: 2 } },
  ] as const)('have the gradient of finite differences with %j', (config) => {
    const model = new VAE({ ...base, ...config });
    const x = tf.tensor2d(data.values, [6, 5]);
    const noise = model.inputs(randomStream(1, 'noise'), 6, 2);
    const loss = () => tf.addN(Object.values(model.losses({ x, ...noise }))) as tf.Scalar;
    expectFiniteDifferences(model.parameters, loss, 2e-3);
    model.dispose();
  });

  it('give σ of each pixel between its bounds, 1 in the middle of the start', () => {
    const model = new VAE({ ...base, likelihood: 'gaussian', sigma: 'perPixel' });
    for (const variable of Object.values(model.parameters)) variable.assign(tf.zerosLike(variable));
    const log2Pi = Math.log(2 * Math.PI);
    // Means 0 and σ = 1: the density of N(0, I) at 1.
    expect(number(model.likelihood(tf.zeros([1, 2])).logProb(tf.ones([1, 5])))).toBeCloseTo(-2.5 * (log2Pi + 1), 5);
    model.parameters['decoder.1.bias']!.assign(
      tf.tensor1d([...new Array<number>(5).fill(0), ...new Array<number>(5).fill(-90)]),
    );
    // log σ = −6, its lower bound.
    expect(number(model.likelihood(tf.zeros([1, 2])).logProb(tf.zeros([1, 5])))).toBeCloseTo(-2.5 * (log2Pi - 12), 3);
    expect(model.support).toBeNull();
    model.dispose();
  });

  it('of full covariance learn the correlated posterior of a linear Gaussian model', async () => {
    // x = z₁ + z₂ + noise: given x, the two latents are anticorrelated.
    const config: VAEConfig = { input: 1, latent: 2, hidden: [], likelihood: 'gaussian', sigma: 0.5, seed: 1 };
    const model = new VAE({ ...config, posterior: 'full', draws: 8 });
    model.parameters['decoder.0.kernel']!.assign(tf.ones([2, 1]));
    const x = samplesOf(Array.from(randomStream(1, 'x').normals(100), (value) => [1.5 * value]));
    const before = await gapOf(model, [0.7]);
    await model.fit(x, { epochs: 120, batchSize: 100, learningRate: linearWarmup(120, 0.1, 0) });
    const after = await gapOf(model, [0.7]);
    expect(before).toBeGreaterThan(0.2);
    expect(after).toBeGreaterThan(0);
    expect(after).toBeLessThan(0.05);
    model.dispose();
  });

  it('give their tensors back', () => {
    const model = new VAE({ ...base, likelihood: 'gaussian', sigma: 'perPixel' });
    const z = tf.zeros<tf.Rank.R2>([3, 2]);
    const before = tf.memory().numTensors;
    model.likelihood(z).dispose();
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });

  it('refuse data outside [0, 1] where the likelihood has no density there', async () => {
    const model = new VAE({ ...base, likelihood: 'continuousBernoulli' });
    await expect(model.fit([[0, 0.5, 1.2, 0, 0]], { epochs: 1 })).rejects.toThrow(
      'a continuous Bernoulli likelihood needs it',
    );
    model.dispose();
  });
});

/** KL(q ‖ p(z|x)) in float64. */
async function gapOf(model: VAE, x: number[]): Promise<number> {
  const exact = await LinearGaussianModel.of(model);
  const q = model.posterior([x]) as FullGaussian;
  const L = q.scale.squeeze<tf.Tensor2D>([0]);
  const covariance = symmetric((L.matMul(L, false, true) as tf.Tensor2D).arraySync());
  return exact.inferenceGap(x, new MultivariateGaussian([...q.mu.dataSync()], covariance));
}

function symmetric(rows: number[][]): number[][] {
  return rows.map((row, i) => row.map((value, j) => (value + rows[j]![i]!) / 2));
}

describe('a capacity', () => {
  const capacity = { max: 8, steps: 4, gamma: 5 };

  it('is |KL − C_t| with C_t from 0 to its maximum', () => {
    const model = new VAE({ ...base, capacity });
    const kl = number(termsOf(model).kl);
    for (const [step, C] of [
      [0, 0],
      [1, 2],
      [4, 8],
      [9, 8],
    ]) {
      expect(number(termsOf(model, step)['capacity']!)).toBeCloseTo(Math.abs(kl - C!), 4);
    }
    model.dispose();
  });

  it('takes the place of β in the total and in the explanation', async () => {
    const model = new VAE({ ...base, capacity });
    const score = (await model.score(data)) as Record<string, number>;
    expect(score['total']).toBeCloseTo(score['reconstruction']! + 5 * score['capacity']!, 4);
    expect(score['elbo']).toBeCloseTo(-score['reconstruction']! - score['kl']!, 5);
    const { terms, effectiveBeta } = model.explain();
    expect(terms.map(({ name, weight }) => [name, weight])).toEqual([
      ['reconstruction', 1],
      ['kl', 0],
      ['capacity', 5],
    ]);
    expect(effectiveBeta).toBeNull();
    model.dispose();
  });

  it('moves on with the steps of a traced training: the divergence follows it', async () => {
    const model = new VAE({ ...base, hidden: [16], capacity: { max: 2, steps: 40, gamma: 20 } });
    await model.fit(binarySamples(64, 5), { epochs: 80, batchSize: 64, learningRate: linearWarmup(80, 0.02, 0) });
    expect(Math.abs((await model.score(binarySamples(64, 5))).kl - 2)).toBeLessThan(0.1);
    model.dispose();
  });

  it('cannot be had beside β or free bits', () => {
    expect(() => new VAE({ ...base, capacity, beta: 2 })).toThrow('VAE: "beta" is 2, allowed only without "capacity"');
    expect(() => new VAE({ ...base, capacity, freeBits: 1 })).toThrow('VAE: "freeBits" is 1, allowed only without');
  });
});

describe('free bits', () => {
  it('charge each dimension for what it lacks to λ, so that the sum is Σ max(λ, KLⱼ)', () => {
    const model = new VAE({ ...base, latent: 3, freeBits: 0.3 });
    const { kl, freeBits } = termsOf(model);
    const each = model.posterior(data).klPerDimension().mean(0).dataSync();
    const expected = Array.from(each, (value) => Math.max(0.3, value)).reduce((sum, value) => sum + value, 0);
    expect(number(kl) + number(freeBits!)).toBeCloseTo(expected, 5);
    model.dispose();
  });

  it('leave no gradient of the divergence below λ', () => {
    const model = new VAE({ ...base, freeBits: 100 });
    const x = tf.tensor2d(data.values, [6, 5]);
    const noise = model.inputs(randomStream(1, 'noise'), 6);
    const encoder = model.parameters['encoder.1.kernel']!;
    const { grads } = tf.variableGrads(() => {
      const { kl, freeBits } = model.losses({ x, ...noise });
      return kl.add(freeBits!).asScalar();
    }, [encoder]);
    expect(grads[encoder.name]!.abs().max().dataSync()[0]).toBe(0);
    model.dispose();
  });
});

describe('the mean over values as reduction', () => {
  it('is a weight of 1/d: terms stay in nats, and the effective β is β·d', async () => {
    const [sum, mean] = (['sum', 'mean'] as const).map((reduction) => new VAE({ ...base, beta: 2, reduction }));
    const [a, b] = [await sum!.score(data), await mean!.score(data)];
    expect(b.reconstruction).toBe(a.reconstruction);
    expect(b.total).toBeCloseTo(a.reconstruction / 5 + 2 * a.kl, 5);
    expect(b.elbo).toBe(a.elbo);
    expect([sum!.explain().effectiveBeta, mean!.explain().effectiveBeta]).toEqual([2, 10]);
    for (const model of [sum!, mean!]) model.dispose();
  });
});

describe('sampling from the prior of a VAE', () => {
  it('warns when the latents of data are far from it, and not otherwise', async () => {
    const model = new VAE({ input: 2, latent: 2, hidden: [] });
    const warnings: string[] = [];
    const warn = console.warn;
    console.warn = (text: string) => void warnings.push(text);
    try {
      const rows = { name: '', values: new Float32Array(8), shape: model.inputShape, length: 4, width: 2 };
      // Posteriors N(0, I) of zeros, whatever the kernel is.
      await model.diagnostics(rows);
      model.sample(1).dispose();
      expect(warnings).toEqual([]);
      // Mean 5 in both dimensions: ½ · 25 nats each.
      tf.tidy(() => model.parameters['encoder.0.bias']!.assign(tf.tensor1d([5, 5, 0, 0])));
      const { priorMismatch } = await model.diagnostics(rows);
      expect(priorMismatch).toBeCloseTo(25, 4);
      model.sample(1).dispose();
      expect(warnings[0]).toMatch(/25\.0 nats from N\(0, I\).*LatentSampler/);
    } finally {
      console.warn = warn;
      model.dispose();
    }
  });
});
