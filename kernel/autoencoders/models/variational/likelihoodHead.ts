/** What turns a decoder's output into p(x|z), for every likelihood that models offer. */
import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { Bernoulli, ContinuousBernoulli, DiagonalGaussian } from '../../distributions/index';
import type { Likelihood } from '../../distributions/index';
import { newVariable } from '../../networks/layers/layers';
import type { Support } from '../../training/loop/trainable';

export const LIKELIHOODS = ['bernoulli', 'continuousBernoulli', 'gaussian'] as const;

export interface LikelihoodConfig {
  /**
   * p(x|z), independent over the d values: Bernoulli (whose formula also serves values between 0 and 1, as minus the
   * cross-entropy, not as a density), continuous Bernoulli on [0, 1], or Gaussian of variance σ². Default `bernoulli`.
   */
  likelihood?: (typeof LIKELIHOODS)[number];
  /**
   * σ of the Gaussian likelihood: a number, `learned` (the default: one trained σ for all values), or `perPixel`: the
   * decoder gives one for each value beside its mean, with log σ between {@link LOG_SIGMA_BOUNDS}.
   */
  sigma?: number | 'learned' | 'perPixel';
}

/**
 * The bounds of log σ with `sigma: "perPixel"`: σ from .0025 to 7.4. Without them, a value that is always the same
 * would have a likelihood without bound.
 */
export const LOG_SIGMA_BOUNDS = [-6, 2] as const;

export const likelihoodFields = {
  likelihood: z.enum(LIKELIHOODS).default('bernoulli'),
  sigma: z
    .union([z.number().positive(), z.literal(['learned', 'perPixel'])], {
      error: 'allowed: a number > 0, "learned", "perPixel"',
    })
    .optional(),
};

type CheckedLikelihood = z.output<z.ZodObject<typeof likelihoodFields>>;

export interface LikelihoodHead {
  /** Numbers that the decoder gives for each of the d values. */
  readonly perValue: number;
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  readonly support: Support | null;
  /** p(x|z) from the decoder's output [n, d · perValue], which it takes over. */
  of(output: tf.Tensor2D): Likelihood;
  /** σ as it is now, where all values share one. */
  sigma(): Promise<number | null>;
}

export function likelihoodHead({ likelihood, sigma = 'learned' }: CheckedLikelihood): LikelihoodHead {
  const shared = { perValue: 1, parameters: {}, sigma: () => Promise.resolve(null) };
  switch (likelihood) {
    case 'bernoulli':
      return { ...shared, support: unitInterval('a Bernoulli'), of: (logits) => new Bernoulli(logits) };
    case 'continuousBernoulli': {
      const support = unitInterval('a continuous Bernoulli');
      return { ...shared, support, of: (logits) => new ContinuousBernoulli(logits) };
    }
    case 'gaussian':
      if (sigma === 'perPixel') return { ...shared, perValue: 2, support: null, of: perPixelGaussian };
      return sigma === 'learned' ? learnedGaussian() : fixedGaussian(sigma);
  }
}

/**
 * p(x|z) for other programs: its mean `xHat` [n, d], and log σ² of a Gaussian as `xLogVar` [n, d], or the `logits`
 * [n, d] of a Bernoulli or a continuous Bernoulli.
 */
export function likelihoodOutputs(p: Likelihood): { xHat: tf.Tensor; xLogVar?: tf.Tensor; logits?: tf.Tensor } {
  const xHat = p.mean();
  if (p instanceof DiagonalGaussian) return { xHat, xLogVar: xHat.mul(0).add(p.logVar) };
  if (p instanceof Bernoulli || p instanceof ContinuousBernoulli) return { xHat, logits: p.logits };
  return { xHat };
}

function fixedGaussian(sigma: number): LikelihoodHead {
  const of = (output: tf.Tensor2D) => new DiagonalGaussian(output, tf.mul(Math.log(sigma), 2));
  return { perValue: 1, parameters: {}, support: null, of, sigma: () => Promise.resolve(sigma) };
}

/** log σ is a trained scalar, 0 at the start. */
function learnedGaussian(): LikelihoodHead {
  const logSigma = newVariable(new Float32Array(1), []);
  return {
    perValue: 1,
    parameters: { logSigma },
    support: null,
    of: (output) => new DiagonalGaussian(output, tf.mul(logSigma, 2)),
    sigma: async () => Math.exp((await logSigma.data())[0]!),
  };
}

/** Means beside s, with log σ = a + (b − a)·sigmoid(s + log(−a/b)) for bounds a < 0 < b, so that σ = 1 at s = 0. */
function perPixelGaussian(output: tf.Tensor2D): DiagonalGaussian {
  const [a, b] = LOG_SIGMA_BOUNDS;
  const [mean, logVar] = tf.tidy(() => {
    const [mean, s] = tf.split(output, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
    const share = s.add(Math.log(-a / b)).sigmoid();
    const logSigma = share.mul(b - a).add(a);
    return [mean, logSigma.mul<tf.Tensor2D>(2)] as const;
  });
  output.dispose();
  return new DiagonalGaussian(mean, logVar);
}

function unitInterval(likelihood: string): Support {
  const reason = `${likelihood} likelihood needs it; scale the data, or take likelihood "gaussian"`;
  return { low: 0, high: 1, reason };
}
