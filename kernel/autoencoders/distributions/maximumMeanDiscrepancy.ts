import * as tf from '@tensorflow/tfjs';
import { object, takes, tensor } from '../arguments';

/** The kernels of {@link squaredMMD}; {@link MMDKernel} has their formulas. */
export const MMD_KERNELS = ['rbf', 'inverseMultiquadratic'] as const;
/** The estimators of {@link squaredMMD}: without or with the pairs of a sample and itself. */
export const MMD_ESTIMATORS = ['unbiased', 'biased'] as const;

/**
 * With s the scale and k the dimensions, so that s = 1 suits draws of N(0, I), whose squared distance is 2k on average:
 * `rbf`: exp(−‖a − b‖² / (2 s² k)); `inverseMultiquadratic`: C / (C + ‖a − b‖²) with C = 2 s² k (Tolstikhin et al. 2018,
 * section 4).
 */
export type MMDKernel = (typeof MMD_KERNELS)[number];

/** Options of {@link squaredMMD}. */
export interface MMDOptions {
  /** Default `rbf`. */
  kernel?: MMDKernel;
  /** s. Default 1. */
  scale?: number;
  /**
   * `unbiased` (the default): without the pairs of a point with itself, so that the mean is MMD² and single values may be
   * negative; `biased`: with them, never negative, and too large by about 1/n + 1/m (Gretton et al. 2012, lemma 6 and
   * equation 5).
   */
  estimator?: (typeof MMD_ESTIMATORS)[number];
}

/**
 * Squared maximum mean discrepancy of two samples, $\mathbb E\,k(a, a') + \mathbb E\,k(b, b') - 2\,\mathbb E\,k(a, b)$:
 * a scalar without a unit, 0 in the mean when both come from one distribution.
 *
 * @param a [n, k]
 * @param b [m, k]
 */
export function squaredMMD(a: tf.Tensor2D, b: tf.Tensor2D, options: MMDOptions = {}): tf.Scalar {
  takes('maximumMeanDiscrepancy', ['a', a, tensor(2)], ['b', b, tensor(2)], ['options', options, object()]);
  const { kernel = 'rbf', scale = 1, estimator = 'unbiased' } = options;
  const C = 2 * scale ** 2 * a.shape[1];
  const k = (x: tf.Tensor2D, y: tf.Tensor2D) => {
    const distances = squaredDistances(x, y);
    return kernel === 'rbf' ? distances.div(-C).exp() : distances.add(C).reciprocal().mul(C);
  };
  const within = (x: tf.Tensor2D) => {
    const n = x.shape[0];
    const all = k(x, x).sum();
    // k(x, x) = 1 of a point with itself.
    return estimator === 'biased' ? all.div(n * n) : all.sub(n).div(Math.max(1, n * (n - 1)));
  };
  return tf.tidy(() => within(a).add(within(b)).sub(k(a, b).mean().mul(2)).asScalar());
}

/** [n, m]: ‖a_i − b_j‖². */
function squaredDistances(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  const norms = (x: tf.Tensor2D) => x.square().sum(1);
  const products = a.matMul(b, false, true).mul(-2);
  // A difference of rounded numbers; below zero it is noise.
  return products.add(norms(a).expandDims(1)).add(norms(b).expandDims(0)).relu();
}
