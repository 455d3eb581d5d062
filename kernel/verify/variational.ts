/** Variational autoencoders: likelihoods, posteriors, training. */
import * as tf from '@tensorflow/tfjs';
import {
  Bernoulli,
  fashionMnist,
  linearWarmup,
  LinearGaussianModel,
  ProbabilisticPCA,
  VAE,
} from '../autoencoders/index';
import type { VAEConfig } from '../autoencoders/index';
import type { Measured, Verification } from './verification';

/** Cross-entropy of the mean image, nats per image of the Fashion-MNIST test set. */
const MEAN_IMAGE = 385.02;

export const variational: Verification[] = [
  {
    id: 'variational/ppca-10',
    system: 'VAE',
    identity:
      'a linear Gaussian VAE with a learned σ² reaches the likelihood of probabilistic PCA, k = 10, nats per image of the shipped 10,000 Fashion-MNIST images (both fitted to them)',
    quick: false,
    measure: () => probabilisticPca(10),
  },
  {
    id: 'variational/beta-1',
    system: 'β-VAE',
    identity: 'β = 1 trains to the weights of the VAE, bit for bit: largest difference',
    quick: true,
    measure: betaOne,
  },
  {
    id: 'variational/capacity',
    system: 'β-VAE with capacity',
    identity: 'KL settles within 2% of C_max = 10 nats (γ 1000, C_t over 300 of 600 steps, 1000 Fashion-MNIST images)',
    quick: false,
    measure: capacity,
  },
  {
    id: 'variational/cross-entropy-floor',
    system: 'VAE',
    identity: 'grey-scale cross-entropy of a perfect reconstruction, nats per Fashion-MNIST test image',
    quick: true,
    measure: () => crossEntropy(189.86, (x) => x),
  },
  {
    id: 'variational/cross-entropy-mean-image',
    system: 'VAE',
    identity: 'grey-scale cross-entropy of the mean image, nats per Fashion-MNIST test image',
    quick: true,
    measure: () => crossEntropy(MEAN_IMAGE, (x) => x.mean<tf.Tensor2D>(0, true).tile([x.shape[0], 1])),
  },
  {
    id: 'variational/fashion-784-400-20',
    system: 'VAE',
    identity:
      'a VAE 784-400-20 has a better held-out bound than the mean image after 4 epochs on 8000 Fashion-MNIST images: −ELBO on 2000 others (MNIST, whose −ELBO of 105.6 is known, is not shipped)',
    quick: false,
    measure: heldOutBound,
  },
];

async function probabilisticPca(k: number): Promise<Measured> {
  const data = await fashionMnist();
  const expected = ProbabilisticPCA.fit(data, k).logLikelihood(data);
  const epochs = 100;
  const batchSize = 200;
  const model = new VAE({ input: data.shape, latent: k, hidden: [], likelihood: 'gaussian', seed: 1 });
  const steps = (epochs * data.length) / batchSize;
  await model.fit(data, { epochs, batchSize, learningRate: linearWarmup(steps, 0.02, 0) });
  const decoder = await LinearGaussianModel.of(model);
  model.dispose();
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += decoder.logEvidence(data.values.subarray(i * 784, (i + 1) * 784));
  return { expected, found: sum / data.length, tolerance: 0.5 };
}

async function betaOne(): Promise<Measured> {
  const config: VAEConfig = { input: 12, hidden: [8], latent: 3, seed: 3 };
  const data = tf.randomUniform<tf.Rank.R2>([40, 12], 0, 1, 'float32', 1);
  const weights: Float32Array[] = [];
  for (const model of [new VAE(config), new VAE({ ...config, beta: 1 })]) {
    await model.fit(data, { epochs: 3, batchSize: 8 });
    weights.push(tf.concat(Object.values(model.parameters).map((weight) => weight.flatten())).dataSync<'float32'>());
    model.dispose();
  }
  const differences = weights[0]!.map((value, i) => Math.abs(value - weights[1]![i]!));
  return { expected: 0, found: Math.max(...differences), tolerance: 0 };
}

async function capacity(): Promise<Measured> {
  const data = (await fashionMnist()).slice(0, 1000);
  const max = 10;
  const model = new VAE({ input: data.shape, hidden: [64], latent: 6, seed: 1, capacity: { max, steps: 300 } });
  await model.fit(data, { epochs: 60, batchSize: 100, learningRate: linearWarmup(600, 2e-3, 1e-5) });
  const { kl } = await model.score(data);
  model.dispose();
  return { expected: max, found: kl, tolerance: 0.02 * max };
}

/** By the Bernoulli's formula with grey values. */
async function crossEntropy(expected: number, reconstruct: (x: tf.Tensor2D) => tf.Tensor2D): Promise<Measured> {
  const { values, length, width } = await fashionMnist();
  const found = tf.tidy(() => {
    const x = tf.tensor2d(values, [length, width]);
    const p = reconstruct(x).clipByValue(1e-7, 1 - 1e-7);
    const logits = p.div<tf.Tensor2D>(p.neg().add(1)).log<tf.Tensor2D>();
    return -new Bernoulli(logits).logProb(x).mean().dataSync()[0]!;
  });
  return { expected, found, tolerance: 0.05 };
}

async function heldOutBound(): Promise<Measured> {
  const data = await fashionMnist();
  const model = new VAE({ input: data.shape, hidden: [400], latent: 20, seed: 1 });
  await model.fit(data.slice(0, 8000), { epochs: 4, batchSize: 100 });
  const { elbo } = await model.score(data.slice(8000, 10000));
  model.dispose();
  return { expected: MEAN_IMAGE, found: -elbo, tolerance: 0, relation: '≤' };
}
