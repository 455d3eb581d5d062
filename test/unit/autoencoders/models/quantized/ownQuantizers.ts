/** Quantizers as a cell defines them. */
import * as tf from '@tensorflow/tfjs';
import { defineQuantizer, initial, stopGradient, uniform } from '../../../../../kernel/autoencoders/index';

/** The nearest of K vectors that the gradient learns (van den Oord et al. 2017, equation 3). */
export const ownVectors = defineQuantizer(
  'ownVectors',
  ({ K = 6, D = 3, beta = 0.25 }: { K?: number; D?: number; beta?: number }) => ({
    codebookSize: K,
    dimensions: D,
    parameters: () => ({ e: initial.normal([K, D]) }),
    indices: (z, { e }) => z.expandDims(1).sub(e!).square().sum(2).argMin(1).expandDims(1).toInt() as tf.Tensor2D,
    lookup: (k, { e }) => tf.gather(e as tf.Tensor2D, k.flatten()),
    terms: (z, q) => ({
      codebook: {
        value: stopGradient(() => z.clone())
          .sub(q)
          .square()
          .sum(1)
          .mean(),
      },
      commitment: {
        value: z
          .sub(stopGradient(() => q.clone()))
          .square()
          .sum(1)
          .mean(),
        weight: { symbol: 'β', schedule: beta },
      },
    }),
  }),
);

/** The sign of each dimension, times its mean size so far; nothing is learned by gradient. */
export const ownSigns = defineQuantizer('ownSigns', ({ bits = 3, jitter = 0 }: { bits?: number; jitter?: number }) => ({
  codebookSize: 2 ** bits,
  dimensions: bits,
  source: 'a test',
  state: () => ({ size: initial.ones([bits]) }),
  noise: () => ({ u: uniform([bits]) }),
  indices: (z) => z.greater(0).toFloat().mul(powers(bits)).sum(1, true).toInt() as tf.Tensor2D,
  lookup: (k, { size }) => digits(k, bits).mul(2).sub(1).mul(size!) as tf.Tensor2D,
  updates: ({ z, noise }, { size }) => ({
    size: size!.mul(0.9).add(z.abs().mean(0).mul(0.1)).add(noise['u']!.mul(jitter)),
  }),
  startsFrom: 8,
  startFrom: (z) => ({ size: z.abs().mean(0).dataSync() as Float32Array }),
}));

const powers = (bits: number) => Array.from({ length: bits }, (_, i) => 2 ** i);

function digits(k: tf.Tensor2D, bits: number): tf.Tensor {
  return k.toFloat().div(powers(bits)).floor().mod(2);
}
