/** What holds of the conditionals of autoregressive priors, whatever their weights are. */
import * as tf from '@tensorflow/tfjs';
import { PixelCNN, PixelSNAIL, randomStream } from '../../autoencoders/index';
import type { CausalNetwork } from '../../autoencoders/networks/causal/causalNetwork';
import { GatedPixelCNN } from '../../autoencoders/networks/causal/gatedPixelCnn';
import { PixelSNAILNetwork } from '../../autoencoders/networks/causal/pixelSnail';
import type { Verification } from '../verification';

const map = { height: 3, width: 4 };
const P = 12;
const K = 3;
const attention = { residualLayers: 1, heads: 2, keyChannels: 3, valueChannels: 2 };

const ARCHITECTURES = [
  {
    id: 'pixelcnn',
    system: 'PixelCNN',
    network: (seed = NETWORK.seed): CausalNetwork =>
      new GatedPixelCNN({ ...NETWORK, seed, layers: 4, firstKernel: 3, kernel: 3 }),
    prior: (height: number, width: number, codebookSize: number) =>
      new PixelCNN({ height, width, codebookSize, channels: 8, layers: 3, firstKernel: 3, seed: 5 }),
  },
  {
    id: 'pixelsnail',
    system: 'PixelSNAIL',
    network: (seed = NETWORK.seed): CausalNetwork =>
      new PixelSNAILNetwork({ ...NETWORK, seed, ...attention, layers: 2, kernel: 3 }),
    prior: (height: number, width: number, codebookSize: number) =>
      new PixelSNAIL({ height, width, codebookSize, channels: 8, layers: 2, ...attention, seed: 5 }),
  },
];
const NETWORK = { map, codebookSize: K, channels: 4, contextChannels: 0, seed: 3 };

export const conditionals: Verification[] = ARCHITECTURES.flatMap(({ id, system, network, prior }) => [
  {
    id: `autoregressive/${id}-masks`,
    system,
    identity: 'largest |∂ logits_i/∂ c_j| of all pairs j ≥ i on a map of 3 × 4 codes',
    quick: true,
    measure: () => {
      const later = influences(network).flatMap((row, i) => row.filter((_, j) => j >= i));
      return { expected: 0, found: Math.max(...later), tolerance: 0 };
    },
  },
  {
    id: `autoregressive/${id}-no-blind-spot`,
    system,
    identity:
      'pairs j < i with ∂ logits_i/∂ c_j ≠ 0 for some of 8 draws of weights, on a map of 3 × 4 codes, of 12 · 11 / 2',
    quick: true,
    measure: () => {
      // One draw may switch units off on which a pair depends; a blind spot is there whatever the weights are.
      const draws = Array.from({ length: 8 }, (_, draw) => influences(() => network(NETWORK.seed + draw)));
      const pairs = draws[0]!.flatMap((row, i) => row.slice(0, i).map((_, j) => draws.some((of) => of[i]![j]! > 0)));
      return { expected: (P * (P - 1)) / 2, found: pairs.filter(Boolean).length, tolerance: 0 };
    },
  },
  {
    id: `autoregressive/${id}-normalised`,
    system,
    identity: 'Σ p(c) over all 3⁴ maps of 2 × 2 codes',
    quick: true,
    measure: () => {
      const model = prior(2, 2, 3);
      const maps = Array.from({ length: 81 }, (_, i) => [27, 9, 3, 1].map((place) => Math.floor(i / place) % 3));
      const found = read(() => model.logProb(maps).exp().sum());
      model.dispose();
      return { expected: 1, found, tolerance: 1e-5 };
    },
  },
  {
    id: `autoregressive/${id}-cached`,
    system,
    identity: 'largest difference of logits, code by code with caches and in a full pass (7 × 7 codes)',
    quick: true,
    measure: () => {
      const model = prior(7, 7, 16);
      const stream = randomStream(1, 'codes');
      const codes = Array.from({ length: 4 }, () => Array.from({ length: 49 }, () => stream.integer(16)));
      const found = read(() => model.cachedLogits(codes).sub(model.logits(codes)).abs().max());
      model.dispose();
      return { expected: 0, found, tolerance: 1e-4 };
    },
  },
  {
    id: `autoregressive/${id}-cached-samples`,
    system,
    identity: 'codes of 4 sampled maps (5 × 5) that differ between cached and full passes, same seed',
    quick: true,
    measure: () => {
      const model = prior(5, 5, 16);
      const found = read(() => {
        const differ = model.sample(4, { seed: 2 }).notEqual(model.sample(4, { seed: 2, cached: false }));
        return differ.cast('float32').sum();
      });
      model.dispose();
      return { expected: 0, found, tolerance: 0 };
    },
  },
]);

/** [i][j]: the largest |∂ logits of position i / ∂ input at position j|, at a random input. */
function influences(create: () => CausalNetwork): number[][] {
  const network = create();
  const rows = tf.tidy(() => {
    const x = tf.tensor4d(randomStream(1, 'input').normals(P * K), [1, map.height, map.width, K]);
    return Array.from({ length: P }, (_, i) => {
      const weights = tf.tensor2d(randomStream(2, 'weights', i).normals(K), [1, K]);
      const logits = (input: tf.Tensor) => network.apply(input as tf.Tensor4D, null).reshape([P, K]);
      const gradient = tf.grad((input: tf.Tensor) => logits(input).slice(i, 1).mul(weights).sum())(x);
      return [...gradient.abs().reshape([P, K]).max(1).dataSync()];
    });
  });
  tf.dispose(Object.values(network.parameters));
  return rows;
}

function read(f: () => tf.Tensor): number {
  return tf.tidy(() => f().dataSync()[0]!);
}
