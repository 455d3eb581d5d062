/** Values that are missing: NaN in x. */
import * as tf from '@tensorflow/tfjs';
import type { DecodedDistribution } from '../../likelihoods/likelihood';

/** x with 0 for what is missing, and where it is not; all of it where nothing may be missing. */
export function seenOf(x: tf.Tensor2D, missing: boolean): { seen: tf.Tensor2D; there: tf.Tensor2D | undefined } {
  if (!missing) return { seen: x, there: undefined };
  // NaN is not even itself.
  const there = x.equal(x) as tf.Tensor2D;
  return { seen: tf.where(there, x, tf.zerosLike(x)), there };
}

/** log p(x) of each row, summed over the values that are there. */
export function logProbOf(p: DecodedDistribution, x: tf.Tensor2D, there: tf.Tensor2D | undefined): tf.Tensor1D {
  if (!there) return p.logProb(x);
  if (!p.logProbPerValue) {
    throw new TypeError('With missing values the likelihood needs logProbPerValue(x): [n, d], which it has not.');
  }
  const perValue = p.logProbPerValue(x);
  return tf.where(there, perValue, tf.zerosLike(perValue)).sum(1);
}
