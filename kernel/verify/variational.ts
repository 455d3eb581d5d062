/** Variational autoencoders: likelihoods, posteriors, training. */
import * as tf from '@tensorflow/tfjs';
import {
  Bernoulli,
  ConvolutionalVAE,
  estimate,
  fashionMnist,
  linearWarmup,
  randomStream,
  VAE,
} from '../autoencoders/index';
import { weightsAt } from '../autoencoders/training/loop/evaluate';
import { trainingStep } from '../engine/index';
import { linear } from './variational/linear';
import type { Measured, Verification } from './verification';

/** Cross-entropy of the mean image, nats per image of the Fashion-MNIST test set. */
const MEAN_IMAGE = 385.02;

export const variational: Verification[] = [
  ...linear,
  {
    id: 'variational/beta-1',
    system: 'β-VAE',
    identity:
      'β = 1 trains to the weights of minus the bound as one term without a weight, bit for bit: largest difference',
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
    id: 'variational/convolutional-divergence',
    system: 'Convolutional VAE',
    identity:
      'the divergence by one draw, log q(z|x) − log p(z), has the mean of the closed form: 4000 draws, 4 standard errors',
    quick: true,
    measure: convolutionalDivergence,
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

async function betaOne(): Promise<Measured> {
  const weights: Float32Array[] = [];
  for (const weighted of [true, false]) {
    const model = new VAE({ input: 12, hidden: [8], latent: 3, seed: 3, beta: 1 });
    const minusBound = (tensors: Readonly<Record<string, tf.Tensor>>) => {
      const { reconstruction, kl } = model.losses(tensors);
      return { losses: { minusBound: reconstruction.add(kl) } };
    };
    const { parameters: trainable, config } = model;
    const plain = { trainable, state: {}, terms: minusBound, optimizer: config.optimizer };
    const step = weighted ? model.step : trainingStep(plain);
    for (let i = 0; i < 15; i++) {
      const x = tf.tensor2d(randomStream(1, 'x', i).uniforms(8 * 12), [8, 12]);
      const tensors = { x, ...model.inputs(randomStream(1, 'noise', i), 8) };
      await step.run({ tensors, weights: weighted ? weightsAt(model, i) : {}, learningRate: 1e-3 });
      tf.dispose(tensors);
    }
    weights.push(tf.concat(Object.values(trainable).map((weight) => weight.flatten())).dataSync<'float32'>());
    if (!weighted) step.dispose();
    model.dispose();
  }
  const differences = weights[0]!.map((value, i) => Math.abs(value - weights[1]![i]!));
  return { expected: 0, found: Math.max(...differences), tolerance: 0 };
}

function convolutionalDivergence(): Measured {
  const [n, k] = [4000, 2];
  const input = { kind: 'image', height: 8, width: 8, channels: 1 } as const;
  const model = new ConvolutionalVAE({ input, channels: [2, 3], latent: k, seed: 1 });
  // Away from N(0, I), where the divergence is 0 of every draw.
  model.parameters['encoder.2.bias']!.assign(tf.tensor1d([0.8, -0.5, -1, 0.4]));
  const image = tf.tensor2d(randomStream(1, 'image').uniforms(64), [1, 64]);
  const epsilon = tf.tensor2d(randomStream(2, 'noise').normals(n * k), [n, k]);
  const q = model.posterior(image);
  const [mu, logVar, e] = [q.mu.dataSync(), q.logVar.dataSync(), epsilon.dataSync()];
  // Both in float64: the closed form, and what a draw may be off.
  let expected = 0;
  const each = new Float64Array(n);
  for (let j = 0; j < k; j++) {
    const [m, v] = [mu[j]!, logVar[j]!];
    expected += 0.5 * (m * m + Math.exp(v) - v - 1);
    for (let i = 0; i < n; i++) {
      const draw = e[i * k + j]!;
      each[i]! += 0.5 * ((m + Math.exp(v / 2) * draw) ** 2 - draw ** 2 - v);
    }
  }
  const { kl } = tf.tidy(() => model.losses({ x: image.tile([n, 1]), epsilon }));
  const found = kl.dataSync()[0]!;
  tf.dispose([image, epsilon, kl]);
  q.dispose();
  model.dispose();
  return { expected, found, tolerance: 4 * estimate(each).standardError };
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
