/** What the applications ask of a model: q(z|x), p(x|z) and the prior N(0, I). */
import type * as tf from '@tensorflow/tfjs';
import type { GaussianPosterior, Likelihood } from '../distributions/index';
import type { ImportanceSampler } from '../estimators/importanceWeights';
import type { SampleInput, SampleShape } from '../samples';

/** A variational autoencoder. */
export interface PosteriorModel extends ImportanceSampler {
  readonly inputShape: SampleShape;
  /** q(z|x) of every row, to be disposed by the caller. */
  posterior(x: SampleInput): GaussianPosterior;
  /** p(x|z) for latents [n, k], to be disposed by the caller. */
  likelihood(z: tf.Tensor2D): Likelihood;
}
