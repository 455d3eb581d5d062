/** Configuration fields that every model has. */
import { z } from 'zod';
import { ACTIVATIONS } from '../networks/mlp';
import type { Activation } from '../networks/mlp';
import { defaultSeed } from '../random';
import type { SampleShape } from '../samples';

export interface CommonConfig {
  /** Shape of one sample; a number means that many features. */
  input: SampleShape | number;
  /** Widths of the encoder's hidden layers; the decoder has them in reverse. Default [400, 200]. */
  hidden?: number[];
  /** Of the hidden layers. Default `relu`. */
  activation?: Activation;
  /** Of the first weights, and of trainings and scores that are given none. */
  seed?: number;
}

/** {@link CommonConfig} after its check. */
export interface CheckedCommonConfig {
  input: SampleShape;
  hidden: number[];
  activation: Activation;
  seed: number;
}

const size = z.int().min(1);

const shape = z.union(
  [
    size.transform((width): SampleShape => ({ kind: 'vector', features: featureNames(width) })),
    z.strictObject({
      kind: z.literal('image'),
      height: size,
      width: size,
      channels: z.union([z.literal(1), z.literal(3)]),
    }),
    z.strictObject({ kind: z.literal('vector'), features: z.array(z.string()).min(1) }),
  ],
  { error: 'expected a number of features ≥ 1 or the shape of a data set (data.shape)' },
);

export const commonFields = {
  input: shape,
  hidden: z.array(size).default([400, 200]),
  activation: z.enum(ACTIVATIONS).default('relu'),
  seed: z.int().default(defaultSeed),
};

function featureNames(width: number): string[] {
  return Array.from({ length: width }, (_, i) => `x${i + 1}`);
}
