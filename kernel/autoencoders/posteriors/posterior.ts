/** What an encoder's rows stand for: q(z|x). */
import type * as tf from '@tensorflow/tfjs';
import { optional, text, whole } from '../arguments';
import { anything, floats, gives, givesObject } from '../parts/returned';
import { room } from '../parts/part';
import type { Part } from '../parts/part';

/** q(z|x), one distribution over [k] for each row; all results are in nats, summed over the k dimensions. */
export interface Posterior {
  /** [n, k]. */
  mean(): tf.Tensor2D;
  /** z [n, k] for ε ~ N(0, I) [n, k], differentiable in the parameters. */
  reparameterize(epsilon: tf.Tensor): tf.Tensor2D;
  /** [n]: log q(z) of each row, constants included. */
  logProb(z: tf.Tensor): tf.Tensor1D;
  /** [n]: log q(z) of z = reparameterize(ε), where a change of variables gives it more exactly than {@link logProb}. */
  logProbOfNoise?(epsilon: tf.Tensor): tf.Tensor1D;
  dispose?(): void;
}

/** A family of posteriors. */
export interface PosteriorDefinition {
  /** How many numbers the encoder gives for each sample, for k latents. */
  width(k: number): number;
  /** q(z|x) from the encoder's rows [n, width(k)]. */
  of(rows: tf.Tensor2D, k: number): Posterior;
  /** In LaTeX: `\mathcal N(\mu, \mathrm{diag}\,\sigma^2)`. */
  formula?: string;
}

/** A posterior with its options, as a model takes it. */
export type PosteriorPart = Part<PosteriorDefinition>;

/** The library's. */
export type PosteriorName = 'diagonalGaussian' | 'fullGaussian';

const posteriors = room<PosteriorDefinition>(
  'posterior',
  'definePosterior',
  givesObject('a family of posteriors', () => ({
    functions: {
      width: gives(() => whole(1)),
      of: givesObject('a posterior', (rows: tf.Tensor2D, k: number) => ({
        functions: {
          mean: gives(() => floats([rows.shape[0], k], 'the means, a row for each sample')),
          reparameterize: gives((epsilon: tf.Tensor) => floats([...epsilon.shape], 'z, as many as there are ε')),
          logProb: gives((z: tf.Tensor) => floats(z.shape.slice(0, -1), 'log q(z) of each row, summed over k')),
        },
        optional: {
          logProbOfNoise: gives((epsilon: tf.Tensor) => floats(epsilon.shape.slice(0, -1), 'log q(z) of each row')),
          dispose: gives(() => anything),
        },
      })),
    },
    fields: { formula: optional(text) },
  })),
);

/** Defines one of the library's families. */
export const defineBuiltPosterior = posteriors.define;

/**
 * Defines a family of posteriors by name.
 *
 * @returns makes the part: `const mine = definePosterior('mine', (options) => ({ width, of }))`
 */
export const definePosterior = posteriors.defineOwn;

/** The field of a configuration. */
export const posteriorSchema = posteriors.schema;

/** log q(z) of z = reparameterize(ε): [n]. */
export function logPosterior(q: Posterior, z: tf.Tensor2D, epsilon: tf.Tensor): tf.Tensor1D {
  return q.logProbOfNoise ? q.logProbOfNoise(epsilon) : q.logProb(z);
}
