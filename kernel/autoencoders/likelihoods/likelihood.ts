/** What a decoder's rows stand for: p(x|z). */
import type * as tf from '@tensorflow/tfjs';
import type { Initial } from '../networks/initial';
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

export type LikelihoodPart = Part<LikelihoodDefinition>;

const likelihoods = room<LikelihoodDefinition>('likelihood', 'defineLikelihood');

/**
 * Defines a family of likelihoods by name.
 *
 * @returns makes the part: `const mine = defineLikelihood('mine', (options) => ({ of: (rows) => ({ mean, logProb }) }))`
 */
export const defineLikelihood = likelihoods.define;

/** The field of a configuration. */
export const likelihoodSchema = likelihoods.schema;

/** Why values have to lie between 0 and 1. */
export function unitInterval(likelihood: string): Support {
  const reason = `${likelihood} likelihood needs it; scale the data, or take likelihood "gaussian"`;
  return { low: 0, high: 1, reason };
}
