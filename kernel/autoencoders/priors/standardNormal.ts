import * as tf from '@tensorflow/tfjs';
import { DiagonalGaussian } from '../distributions/index';
import type { GaussianPosterior } from '../distributions/index';
import type { Draw } from '../noise';
import { noOptions } from '../parts/part';
import type { Posterior } from '../posteriors/posterior';
import { defineBuiltPrior } from './prior';
import type { Prior } from './prior';

/** N(0, I) over any number of dimensions. */
export const STANDARD_NORMAL: Prior<{ epsilon: Draw<tf.Tensor2D> }> = {
  logProb: (z) => new DiagonalGaussian(tf.zerosLike(z), tf.scalar(0)).logProb(z),
  sample: ({ epsilon }) => epsilon,
  klPerDimension: (q) => (isGaussian(q) ? q.klPerDimension() : undefined),
};

/** p(z) = N(0, I). */
export const standardNormal = defineBuiltPrior(
  'standardNormal',
  () => ({
    formula: '\\mathcal N(0, I)',
    of: () => STANDARD_NORMAL,
  }),
  noOptions,
);

function isGaussian(q: Posterior): q is GaussianPosterior {
  return 'klPerDimension' in q && typeof q.klPerDimension === 'function';
}
