/** What a deterministic autoencoder is charged for beside its reconstruction. */
import type * as tf from '@tensorflow/tfjs';
import type { Activation } from '../networks/layers/layers';
import type { Network } from '../networks/network';
import type { Terms } from '../objectives/terms';
import { optional, text } from '../arguments';
import { checkedTerms } from '../objectives/checkedTerms';
import { gives, givesObject, maybe } from '../parts/returned';
import { room } from '../parts/part';
import type { Part, PartLike } from '../parts/part';

/** What a penalty sees of a batch. */
export interface Coded {
  /** What the encoder is given, corrupted where there is a corruption, 0 for what is missing: [n, d]. */
  readonly x: tf.Tensor2D;
  /** The codes: [n, k]. */
  readonly z: tf.Tensor2D;
  /** The result of each dense layer of the encoder, the last one z; null if it has other layers. */
  readonly encoded: readonly tf.Tensor2D[] | null;
  /** The result of each hidden layer of the decoder; null if it has other layers than dense ones. */
  readonly decoded: readonly tf.Tensor2D[] | null;
  /** What the model is made of. */
  readonly networks: CodedBy;
}

/** The networks of a deterministic autoencoder. */
export interface CodedBy {
  /** What encodes. */
  readonly encoder: Network;
  /** What decodes. */
  readonly decoder: Network;
  /** φ of z, applied to what the encoder gives. */
  readonly code: Activation;
}

/** A penalty. */
export interface PenaltyDefinition {
  /** Authors, year, title or equation. */
  readonly source?: string;
  /** Why it cannot be taken of these networks; undefined if it can. */
  refuses?(networks: CodedBy): string | undefined;
  /** Terms of the loss, beside `reconstruction`. */
  terms(coded: Coded): Terms;
}

/** A penalty with its options, as a model takes it. */
export type PenaltyPart = Part<PenaltyDefinition>;

/** A penalty's part, its name, or its name with options. */
export type PenaltyLike = PartLike<PenaltyPart, 'contraction' | 'sparsity' | 'squaredCodes' | 'decoderDecay'>;

const penalties = room<PenaltyDefinition>(
  'penalty',
  'definePenalty',
  givesObject('a penalty', () => ({
    functions: { terms: checkedTerms },
    optional: { refuses: maybe(gives(() => text)) },
    fields: { source: optional(text) },
  })),
);

/** Defines one of the library's penalties. */
export const defineBuiltPenalty = penalties.define;

/**
 * Defines a penalty by name.
 *
 * @returns makes the part: `const mine = definePenalty('mine', ({ weight = 1 }) => ({ terms: ({ z }) => ({ … }) }))`
 */
export const definePenalty = penalties.defineOwn;

/** The field of a configuration. */
export const penaltySchema = penalties.schema;
