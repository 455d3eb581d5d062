import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { checkedConfig } from '../config';
import { DiagonalGaussian } from '../distributions/index';
import { initial } from '../networks/initial';
import { defineBuiltLikelihood } from './likelihood';
import type { LikelihoodDefinition } from './likelihood';

/** Options of {@link gaussian}. */
export interface GaussianLikelihoodOptions {
  /**
   * σ: a number; `learned` (the default), one trained σ for all values, 1 at the start; or `perPixel`: the decoder gives
   * one for each value beside its mean, with log σ between {@link LOG_SIGMA_BOUNDS}.
   */
  sigma?: number | 'learned' | 'perPixel';
}

/**
 * The bounds of log σ with `sigma: "perPixel"`: σ from .0025 to 7.4. Without them, a value that is always the same
 * would have a likelihood without bound.
 */
export const LOG_SIGMA_BOUNDS = [-6, 2] as const;

export const sigmaSchema = z.union([z.number().positive(), z.literal(['learned', 'perPixel'])], {
  error: 'allowed: a number > 0, "learned", "perPixel"',
});

const schema = z.strictObject({ sigma: sigmaSchema.default('learned') });

/** Independent Gaussian values of mean and variance σ², on all numbers. */
export const gaussian = defineBuiltLikelihood(
  'gaussian',
  (given: GaussianLikelihoodOptions): LikelihoodDefinition => {
    const { sigma } = checkedConfig('gaussian', schema, given);
    if (sigma === 'perPixel') return { words: 'Gaussian', perValue: 2, of: perPixel };
    if (typeof sigma === 'number') {
      return { words: 'Gaussian', of: (mean) => new DiagonalGaussian(mean, tf.mul(Math.log(sigma), 2)) };
    }
    return {
      words: 'Gaussian',
      parameters: () => ({ logSigma: initial.zeros([]) }),
      of: (mean, { logSigma }) => new DiagonalGaussian(mean, tf.mul(logSigma!, 2)),
    };
  },
  schema,
);

/** Means beside s, with log σ = a + (b − a)·sigmoid(s + log(−a/b)) for bounds a < 0 < b, so that σ = 1 at s = 0. */
function perPixel(rows: tf.Tensor2D): DiagonalGaussian {
  const [a, b] = LOG_SIGMA_BOUNDS;
  const [mean, logVar] = tf.tidy(() => {
    const [mean, s] = tf.split(rows, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
    const share = s.add(Math.log(-a / b)).sigmoid();
    const logSigma = share.mul(b - a).add(a);
    return [mean, logSigma.mul<tf.Tensor2D>(2)] as const;
  });
  rows.dispose();
  return new DiagonalGaussian(mean, logVar);
}
