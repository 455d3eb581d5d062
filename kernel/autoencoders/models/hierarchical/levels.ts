/** Levels of a chain of Gaussian latents. */
import * as tf from '@tensorflow/tfjs';
import { DiagonalGaussian } from '../../distributions/index';
import { MLP } from '../../networks/mlp';
import type { MLPOptions } from '../../networks/mlp';

/** One latent variable, inferred. */
export interface Level {
  /** q of z_t, given what it is drawn after. */
  q: DiagonalGaussian;
  /** The draw from it: [n, k_t]. */
  z: tf.Tensor2D;
}

/** The generative half, as an inference sees it. */
export interface Chain {
  /** T. */
  readonly levels: number;
  /** p(z_t|z_{t+1}) for z_{t+1} [n, k_{t+1}]; t from 1 to T − 1. */
  prior(t: number, above: tf.Tensor2D): DiagonalGaussian;
  /** log p(z_t|z_{t+1}), or log p(z_T) for the last: [n]. */
  logPrior(levels: readonly Level[], t: number): tf.Tensor1D;
}

/** Mean and log-variance side by side: [n, 2k] → N over [n, k]. */
export function gaussianOf(heads: tf.Tensor2D): DiagonalGaussian {
  const [mu, logVar] = tf.split(heads, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
  return new DiagonalGaussian(mu, logVar);
}

/** B: standard deviations of transitions lie between e⁻⁴ and e⁴. */
export const LOG_VARIANCE_BOUND = 8;

/**
 * {@link gaussianOf} with log σ² = B tanh(h / B) for the second half h, which is h itself near 0. It is for networks
 * whose input is a draw: without a bound, a draw far out sets the variance of the next latent, and a few levels up
 * float32 overflows.
 */
export function transitionOf(heads: tf.Tensor2D): DiagonalGaussian {
  const [mu, logVar] = tf.tidy(() => {
    const { mu, logVar } = gaussianOf(heads);
    return [mu, logVar.div(LOG_VARIANCE_BOUND).tanh().mul<tf.Tensor2D>(LOG_VARIANCE_BOUND)] as const;
  });
  return new DiagonalGaussian(mu, logVar);
}

/**
 * A network whose last kernel starts at a tenth of its usual size: each transition starts near N(0, I), as its
 * marginals should be, and the chain does not grow from level to level.
 */
export function transitionNetwork(options: MLPOptions): MLP {
  const network = new MLP(options);
  const last = network.parameters[`${options.name}.${options.sizes.length - 2}.kernel`]!;
  tf.tidy(() => last.assign(last.mul(0.1)));
  return network;
}
