/** What models ask of the distributions of x and z; all results are in nats. */
import type * as tf from '@tensorflow/tfjs';

/** p(x|z): independent values, one distribution over [d] for each row. */
export interface Likelihood {
  /** [n, d]. */
  mean(): tf.Tensor2D;
  /** [n, d]: where the density, or the probability, is largest. */
  mode(): tf.Tensor2D;
  /** [n, d]: one draw for each row. */
  sample(options?: { seed?: number }): tf.Tensor2D;
  /** [n]: log p(x) of each row, summed over the d values, constants included. */
  logProb(x: tf.Tensor): tf.Tensor1D;
  dispose(): void;
}

/** The moments of a diagonal Gaussian. */
export interface DiagonalMoments {
  /** [n, k] or [1, k]. */
  readonly mu: tf.Tensor2D;
  /** log σ², of a shape that broadcasts to that of `mu`. */
  readonly logVar: tf.Tensor;
}

/** q(z|x): a Gaussian over [k] for each row, diagonal or of full covariance. */
export interface GaussianPosterior extends Likelihood {
  /** [n, k]. */
  readonly mu: tf.Tensor2D;
  /** [n, k], or a shape that broadcasts to it: the log of the variance of each dimension by itself. */
  readonly logVar: tf.Tensor;
  /** z [n, k] for ε ~ N(0, I), differentiable in the parameters. */
  reparameterize(epsilon: tf.Tensor): tf.Tensor2D;
  /** [n]: log q(z) of z = reparameterize(ε), by the change of variables from ε to z. */
  logProbOfNoise(epsilon: tf.Tensor): tf.Tensor1D;
  /** [n, k]: what each dimension adds to {@link kl}. */
  klPerDimension(prior?: DiagonalMoments): tf.Tensor2D;
  /** [n]: KL(this ‖ prior) in closed form. Default prior: N(0, I). */
  kl(prior?: DiagonalMoments): tf.Tensor1D;
}
