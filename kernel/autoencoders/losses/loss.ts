/** What a decoder's rows are held against: the loss of a deterministic reconstruction. */
import type * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { checkedConfig } from '../config';
import { Bernoulli } from '../distributions/index';
import { likelihoodSchema } from '../likelihoods/likelihood';
import type { LikelihoodName, LikelihoodPart, Support } from '../likelihoods/likelihood';
import type { Initial } from '../networks/initial';
import type { RowShape } from '../networks/network';
import { optional, text, whole } from '../arguments';
import { floats, gives, givesObject, givesRecord, initialKind, supportKind } from '../parts/returned';
import { room } from '../parts/part';
import type { Part, PartLike } from '../parts/part';

type Parameters = Readonly<Record<string, tf.Tensor>>;

/** A loss of a reconstruction x̂ = f(z) by x. */
export interface LossDefinition {
  /** For example `squared error`, without `per …`. */
  readonly unit: string;
  /** What it is, in words: `cross-entropy`. */
  readonly words: string;
  /** In LaTeX, of x where the encoder is given `input`. */
  formula(input: string): string;
  /** Values that it is defined for; null, the default: any finite number. */
  readonly support?: Support | null;
  /** Numbers that the decoder gives for each of the d values. Default 1. */
  readonly perValue?: number;
  /** First values of its own parameters, by name, for samples of this shape. */
  parameters?(shape: RowShape): Readonly<Record<string, Initial>>;
  /** The loss of each sample, summed over its values: x [n, d] and the decoder's rows [n, perValue · d] → [n]. */
  of(x: tf.Tensor2D, rows: tf.Tensor2D, parameters: Parameters): tf.Tensor1D;
  /** [n, d]: what each value adds to {@link of}; needed where values are missing. */
  ofEach?(x: tf.Tensor2D, rows: tf.Tensor2D, parameters: Parameters): tf.Tensor2D;
  /** Whether {@link ofEach} can be taken of these rows; default: where there is one. */
  saysEach?(rows: tf.Tensor2D, parameters: Parameters): boolean;
  /** x̂ from the decoder's rows: [n, perValue · d] → [n, d]. */
  reconstruction(rows: tf.Tensor2D, parameters: Parameters): tf.Tensor2D;
}

/** A loss with its options, as a model takes it. */
export type LossPart = Part<LossDefinition>;

/** The library's that need no options. */
export type LossName = 'squaredError' | 'crossEntropy';

const losses = room<LossDefinition>(
  'loss',
  'defineLoss',
  givesObject('a loss', () => ({
    functions: {
      formula: gives(() => text),
      of: gives((x: tf.Tensor2D) => floats([x.shape[0]], 'the loss of each sample, summed over its values')),
      reconstruction: gives((rows: tf.Tensor2D) => floats([rows.shape[0], null], 'x̂')),
    },
    optional: { parameters: givesRecord('first values', initialKind) },
    fields: { unit: text, words: text, perValue: optional(whole(1)), support: supportKind },
  })),
);

/** Defines one of the library's losses. */
export const defineBuiltLoss = losses.define;

/**
 * Defines a loss by name.
 *
 * @returns makes the part: `const mine = defineLoss('mine', () => ({ unit, words, formula, of, reconstruction }))`
 */
export const defineLoss = losses.defineOwn;

/** The field of a configuration. */
export const lossSchema = losses.schema;

/** ‖x − x̂‖² of any numbers, summed over the d values of a sample: x [n, d] and x̂ [n, d] → [n]. The decoder's rows are x̂. */
export const squaredError = defineBuiltLoss('squaredError', () => ({
  unit: 'squared error',
  words: 'squared error',
  formula: (input) => `\\|x - f(g(${input}))\\|^2`,
  of: (x, xHat) => x.sub(xHat).square().sum<tf.Tensor1D>(1),
  ofEach: (x, xHat) => x.sub<tf.Tensor2D>(xHat).square(),
  reconstruction: (xHat) => xHat,
}));

/**
 * The cross-entropy −Σ x log x̂ + (1 − x) log (1 − x̂) of a sigmoid output x̂ = σ(l), in nats, summed over the d values of a
 * sample: x in [0, 1], [n, d], and logits l [n, d] → [n]. Data outside [0, 1] are refused.
 */
export const crossEntropy = defineBuiltLoss('crossEntropy', () => ({
  unit: 'nats',
  words: 'cross-entropy',
  formula: () => '-\\sum_i \\big[x_i \\log \\hat x_i + (1 - x_i) \\log (1 - \\hat x_i)\\big]',
  support: { low: 0, high: 1, reason: 'the cross-entropy needs it; scale the data, or use loss "squaredError"' },
  of: (x, logits) => new Bernoulli(logits).logProb(x).neg(),
  ofEach: (x, logits) => new Bernoulli(logits).logProbPerValue(x).neg(),
  reconstruction: (logits) => logits.sigmoid(),
}));

/** Options of {@link negativeLogLikelihood}. */
export interface NegativeLogLikelihoodOptions {
  /** p(x|z): a part, its name, or its name with options. */
  likelihood: PartLike<LikelihoodPart, LikelihoodName>;
}

const schema = z.strictObject({ likelihood: likelihoodSchema() });

/**
 * −log p(x|z) of a likelihood, in nats, summed over the values of a sample: [n]. The decoder's rows are the parameters
 * of the likelihood, [n, perValue · d]; x̂ is its mean. With `bernoulli` it is the cross-entropy.
 *
 * @throws {ConfigurationError} for a likelihood that does not exist
 */
export const negativeLogLikelihood = defineBuiltLoss(
  'negativeLogLikelihood',
  (given: NegativeLogLikelihoodOptions) => {
    const { likelihood } = checkedConfig('negativeLogLikelihood', schema, given);
    const { definition, name } = likelihood;
    return {
      unit: 'nats',
      words: `minus the logarithm of a ${definition.words ?? name} likelihood`,
      formula: (input): string => `-\\log p(x|g(${input}))`,
      support: definition.support ?? null,
      perValue: definition.perValue ?? 1,
      parameters: (shape) => definition.parameters?.(shape) ?? {},
      of: (x, rows, parameters) => definition.of(rows, parameters).logProb(x).neg(),
      ofEach: (x, rows, parameters) => definition.of(rows, parameters).logProbPerValue!(x).neg(),
      saysEach: (rows, parameters) => definition.of(rows, parameters).logProbPerValue !== undefined,
      reconstruction: (rows, parameters) => definition.of(rows, parameters).mean(),
    };
  },
  schema,
);
