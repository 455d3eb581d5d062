/** Data that are their own factors, and representations whose disentanglement is known in advance. */
import * as tf from '@tensorflow/tfjs';
import { Dataset, randomStream, uniformFactors } from '../../autoencoders/index';
import type { Factor, FactorSampler, RepresentationFunction, Samples } from '../../autoencoders/index';

const steps = (count: number) => Array.from({ length: count }, (_, i) => i / (count - 1));

/** One factor with three names, three with eight numbers. */
export const factorsThemselves: FactorSampler = samplerOf([
  { name: 'kind', values: ['a', 'b', 'c'] },
  { name: 'u', values: steps(8) },
  { name: 'v', values: steps(8) },
  { name: 'w', values: steps(8) },
]);

/** Samples that hold the index of each factor's value. */
export function samplerOf(factors: Factor[]): FactorSampler {
  const features = factors.map(({ name }) => name);
  return {
    factors,
    sampleFactors: (stream, n) => uniformFactors(factors, stream, n),
    render: (indices) => new Dataset({ values: Float32Array.from(indices), shape: { kind: 'vector', features } }),
  };
}

/** Every factor in its own dimension. */
export const identity: RepresentationFunction = ({ values, length, width }) => tf.tensor2d(values, [length, width]);

/** The same in another order, stretched, mirrored, beside two dimensions of noise. */
export const axisAligned: RepresentationFunction = (x) =>
  tf.tidy((): tf.Tensor2D => {
    const [kind, u, v, w] = tf.split(identity(x), 4, 1) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
    return tf.concat2d([noiseOf(x, 2), w.mul<tf.Tensor2D>(-3), kind.mul<tf.Tensor2D>(2), v.add<tf.Tensor2D>(5), u], 1);
  });

/** Every dimension mixes all factors evenly: an orthogonal transform, so that nothing is lost. */
export const entangled: RepresentationFunction = (x) =>
  tf.tidy((): tf.Tensor2D => {
    const hadamard = [
      [1, 1, 1, 1],
      [1, -1, 1, -1],
      [1, 1, -1, -1],
      [1, -1, -1, 1],
    ];
    // The three kinds spread as far as eight values do.
    const spread: tf.Tensor2D = identity(x).mul(tf.tensor2d([[8 / 3, 1, 1, 1]]));
    const rotation: tf.Tensor2D = tf.tensor2d(hadamard).mul(0.5);
    return tf.matMul(spread, rotation);
  });

/** Four dimensions that know nothing of the factors. */
export const noise: RepresentationFunction = (x) => noiseOf(x, 4);

function noiseOf({ values, length }: Samples, k: number): tf.Tensor2D {
  // Other noise for other samples, the same for the same ones.
  const counter = values.reduce((sum, value, i) => (sum + value * (i + 1)) % 1_000_003, 0);
  return tf.tensor2d(randomStream(7, 'noise', counter).normals(length * k), [length, k]);
}
