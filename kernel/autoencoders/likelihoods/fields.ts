/** The likelihood of models that are configured by its name and its σ. */
import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { startedVariables } from '../networks/initial';
import { widthOfRows } from '../networks/network';
import type { RowShape } from '../networks/network';
import { bernoulli } from './bernoulli';
import { gaussian, sigmaSchema } from './gaussian';
import { likelihoodSchema } from './likelihood';
import type { DecodedDistribution, LikelihoodName, LikelihoodPart, Support } from './likelihood';
import type { PartLike } from '../parts/part';

export interface LikelihoodConfig {
  /**
   * p(x|z), independent over the d values: Bernoulli (whose formula also serves values between 0 and 1, as minus the
   * cross-entropy, not as a density), continuous Bernoulli on [0, 1], Gaussian of variance σ², or another part. Default
   * `bernoulli`.
   */
  likelihood?: PartLike<LikelihoodPart, LikelihoodName>;
  /**
   * σ of a likelihood `"gaussian"`: a number, `learned` (the default: one trained σ for all values), or `perPixel`: the
   * decoder gives one for each value beside its mean, with log σ between {@link LOG_SIGMA_BOUNDS}.
   */
  sigma?: number | 'learned' | 'perPixel';
}

export const likelihoodFields = {
  likelihood: z.preprocess((given) => given ?? 'bernoulli', likelihoodSchema()),
  sigma: sigmaSchema.optional(),
};

interface CheckedLikelihood {
  likelihood?: LikelihoodPart | undefined;
  sigma?: number | 'learned' | 'perPixel' | undefined;
}

/** Adds an issue for a σ beside a likelihood that has none, or has its own. */
export function sigmaNeedsGaussian({ likelihood, sigma }: CheckedLikelihood, context: z.RefinementCtx): void {
  const options = likelihood?.options as { sigma?: unknown } | undefined;
  if (sigma === undefined || (likelihood?.name === 'gaussian' && options?.sigma === 'learned')) return;
  context.addIssue({ code: 'custom', path: ['sigma'], message: 'allowed only with likelihood "gaussian"' });
}

export function likelihoodOf({ likelihood, sigma }: CheckedLikelihood): LikelihoodPart {
  if (sigma !== undefined) return gaussian({ sigma });
  return likelihood ?? bernoulli();
}

/** A likelihood with its parameters. */
export interface LikelihoodHead {
  /** Numbers that the decoder gives for each of the d values. */
  readonly perValue: number;
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  readonly support: Support | null;
  /** p(x|z) from the decoder's output [n, perValue · d], which it takes over. */
  of(output: tf.Tensor2D): DecodedDistribution;
  /** σ as it is now, where all values share one. */
  sigma(): Promise<number | null>;
}

export function likelihoodHead(part: LikelihoodPart, shape: RowShape, seed: number): LikelihoodHead {
  const { definition } = part;
  const parameters = startedVariables(definition.parameters?.(shape) ?? {}, seed);
  return {
    perValue: definition.perValue ?? 1,
    parameters,
    support: definition.support ?? null,
    of: (output) => definition.of(output, parameters),
    sigma: () => sigmaOf(part, parameters),
  };
}

/** Whether a likelihood of samples of this shape says what each value adds to its logarithm. */
export function saysEach({ of, perValue }: LikelihoodHead, shape: RowShape): boolean {
  return of(tf.zeros([1, perValue * widthOfRows(shape)])).logProbPerValue !== undefined;
}

/** σ of a Gaussian likelihood as it is now, where all values share one; null for every other likelihood. */
export async function sigmaOf(
  { name, options }: LikelihoodPart,
  parameters: Readonly<Record<string, tf.Variable>>,
): Promise<number | null> {
  const { sigma } = options as { sigma?: number | string };
  if (name !== 'gaussian' || sigma === 'perPixel') return null;
  if (typeof sigma === 'number') return sigma;
  return Math.exp((await parameters['logSigma']!.data())[0]!);
}
