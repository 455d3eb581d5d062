/** What a decoder's rows stand for: p(x|z). */
import type * as tf from '@tensorflow/tfjs';
import type { Initial } from '../networks/initial';
import { optional, text, whole } from '../arguments';
import { anything, floats, gives, givesObject, givesRecord, initialKind, supportKind } from '../parts/returned';
import { room } from '../parts/part';
import type { Part } from '../parts/part';
import type { RowShape } from '../networks/network';
import type { Support } from '../support';

export type { Support } from '../support';

/** p(x|z), independent values, one distribution over [d] for each row; all results are in nats. */
export interface DecodedDistribution {
  /** [n, d]. */
  mean(): tf.Tensor2D;
  /** [n]: log p(x) of each row, summed over the d values, constants included. */
  logProb(x: tf.Tensor): tf.Tensor1D;
  /** [n, d]: what each value adds to {@link logProb}; needed where values are missing. */
  logProbPerValue?(x: tf.Tensor): tf.Tensor2D;
  /** [n, d]: where the density, or the probability, is largest. */
  mode?(): tf.Tensor2D;
  /** [n, d]: one draw for each row. */
  sample?(options?: { seed?: number }): tf.Tensor2D;
  dispose?(): void;
}

/** A family of likelihoods. */
export interface LikelihoodDefinition {
  /** Numbers that the decoder gives for each of the d values. Default 1. */
  readonly perValue?: number;
  /** Values that it is defined for; null, the default: any finite number. */
  readonly support?: Support | null;
  /** First values of the parameters, by name, for samples of this shape. */
  parameters?(shape: RowShape): Readonly<Record<string, Initial>>;
  /** p(x|z) from the decoder's rows [n, perValue · d]: all first numbers, then all second ones. */
  of(rows: tf.Tensor2D, parameters: Readonly<Record<string, tf.Tensor>>): DecodedDistribution;
  /** In words, for a summary: `Gaussian`. */
  readonly words?: string;
}

/** A likelihood with its options, as a model takes it. */
export type LikelihoodPart = Part<LikelihoodDefinition>;

/** The library's that need no options. */
export type LikelihoodName =
  'bernoulli' | 'continuousBernoulli' | 'gaussian' | 'laplace' | 'categorical' | 'logisticMixture';

const likelihoods = room<LikelihoodDefinition>(
  'likelihood',
  'defineLikelihood',
  givesObject('a family of likelihoods', () => ({
    functions: {
      of: givesObject('a likelihood', ({ shape: [n] }: tf.Tensor2D) => ({
        functions: {
          mean: gives(() => floats([n!, null], 'the means, a row for each z')),
          logProb: gives((x: tf.Tensor) => floats([x.shape[0]!], 'log p(x|z) of each row, summed over d')),
        },
        optional: {
          logProbPerValue: gives((x: tf.Tensor) => floats([...x.shape], 'what each value adds to log p(x|z)')),
          mode: gives(() => floats([n!, null], 'a row for each z')),
          sample: gives(() => floats([n!, null], 'one draw for each z')),
          dispose: gives(() => anything),
        },
      })),
    },
    optional: { parameters: givesRecord('first values', initialKind) },
    fields: { perValue: optional(whole(1)), support: supportKind, words: optional(text) },
  })),
);

/** Defines one of the library's families. */
export const defineBuiltLikelihood = likelihoods.define;

/**
 * Defines a family of likelihoods by name.
 *
 * @returns makes the part: `const mine = defineLikelihood('mine', (options) => ({ of: (rows) => ({ mean, logProb }) }))`
 */
export const defineLikelihood = likelihoods.defineOwn;

/** The field of a configuration. */
export const likelihoodSchema = likelihoods.schema;

/** Why values have to lie between 0 and 1. */
export function unitInterval(likelihood: string): Support {
  const reason = `${likelihood} likelihood needs it; scale the data, or use likelihood "gaussian"`;
  return { low: 0, high: 1, reason };
}
