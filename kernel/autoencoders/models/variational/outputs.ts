/** What other programs need of q(z|x) and p(x|z), as tensors by name. */
import type * as tf from '@tensorflow/tfjs';
import { Bernoulli, ContinuousBernoulli, DiagonalGaussian, FullGaussian, Laplace } from '../../distributions/index';
import type { DecodedDistribution } from '../../likelihoods/likelihood';
import type { Posterior } from '../../posteriors/posterior';

/** What q(z|x) gives: `z`, its mean; for a Gaussian `logVar`, log σ²; for a full one its diagonal beside `L`. */
export function posteriorOutputs(q: Posterior): Record<string, tf.Tensor> & { z: tf.Tensor } {
  if (q instanceof FullGaussian) return { z: q.mu, logVar: q.logVar, L: q.scale };
  return q instanceof DiagonalGaussian ? { z: q.mu, logVar: q.logVar } : { z: q.mean() };
}

/**
 * p(x|z) for other programs: its mean `xHat` [n, d], and log σ² of a Gaussian as `xLogVar` [n, d], log b of a Laplace
 * distribution as `xLogScale`, or the `logits` [n, d] of a Bernoulli or a continuous Bernoulli.
 */
export function likelihoodOutputs(p: DecodedDistribution): Record<string, tf.Tensor> & { xHat: tf.Tensor } {
  const xHat = p.mean();
  if (p instanceof DiagonalGaussian) return { xHat, xLogVar: xHat.mul(0).add(p.logVar) };
  if (p instanceof Laplace) return { xHat, xLogScale: xHat.mul(0).add(p.logScale) };
  if (p instanceof Bernoulli || p instanceof ContinuousBernoulli) return { xHat, logits: p.logits };
  return { xHat };
}
