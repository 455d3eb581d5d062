/** Corruptions x̃ of clean samples x, for denoising autoencoders. */
import type * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { checkedConfig } from '../config';
import { draw, normal } from '../noise';
import type { Draw, Draws } from '../noise';
import { drawKind, floats, gives, givesObject, givesRecord } from '../parts/returned';
import { room } from '../parts/part';
import type { Part, PartLike } from '../parts/part';

/** A corruption: random numbers for a batch, and what they make of it. */
export interface CorruptionDefinition {
  /** Random numbers for n samples of `width` values; the names are free, but for `x` and `y`. */
  noise(n: number, width: number): Draws;
  /** x̃: [n, d] → [n, d], a pure function of x and of what {@link noise} declares. */
  apply(x: tf.Tensor2D, drawn: Readonly<Record<string, tf.Tensor>>): tf.Tensor2D;
}

/** A corruption with its options, as a model takes it. */
export type CorruptionPart = Part<CorruptionDefinition>;

const corruptions = room<CorruptionDefinition>(
  'corruption',
  'defineCorruption',
  givesObject('a corruption', () => ({
    functions: {
      noise: givesRecord('declared random numbers', drawKind, ['x', 'y']),
      apply: gives((x: tf.Tensor2D) => floats([...x.shape], 'x̃, of the shape of x')),
    },
  })),
);

const defineBuilt = corruptions.define;

/**
 * Defines a corruption by name.
 *
 * @returns makes the part: `const mine = defineCorruption('mine', ({ share = 0.1 }) => ({ noise, apply }))`
 */
export const defineCorruption = corruptions.defineOwn;

/** A corruption by its name under `corruption`, as configurations of earlier versions have it. */
type Named = { corruption: string } & Readonly<Record<string, unknown>>;

/** What a configuration may say: a part, its name, or its name with options. */
export type CorruptionLike = PartLike<CorruptionPart, 'masking' | 'gaussian' | 'saltAndPepper'> | Named;

/** The field of a configuration. */
export const corruptionSchema = () => z.preprocess(renamed, corruptions.schema());

function renamed(given: unknown): unknown {
  if (typeof given !== 'object' || given === null || !('corruption' in given)) return given;
  const { corruption, ...options } = given;
  return { name: corruption, ...options };
}

/** Options of {@link masking}. */
export interface MaskingOptions {
  /** Default 0.3. */
  rate?: number;
}

/** Options of {@link gaussianNoise}. */
export interface GaussianNoiseOptions {
  /** s, in units of x. Default 0.3. */
  deviation?: number;
}

/** Options of {@link saltAndPepper}. */
export interface SaltAndPepperOptions {
  /** Default 0.3. */
  rate?: number;
  /** Default 0. */
  low?: number;
  /** Default 1. */
  high?: number;
}

const rate = z.number().min(0).max(1).default(0.3);
const maskingSchema = z.strictObject({ rate });
const gaussianSchema = z.strictObject({ deviation: z.number().min(0).default(0.3) });
const saltAndPepperSchema = z.strictObject({ rate, low: z.number().default(0), high: z.number().default(1) });

/** Each value becomes 0 with probability `rate`; the others stay as they are (Vincent et al. 2010, section 3.3). */
export const masking = defineBuilt(
  'masking',
  (given: MaskingOptions) => {
    const { rate } = checkedConfig('masking', maskingSchema, given);
    return {
      noise: (n, width) => ({ keep: indicator([n, width], 1 - rate) }),
      apply: (x, { keep }) => x.mul(keep!),
    };
  },
  maskingSchema,
);

/** x̃ = x + sε with ε from N(0, I). */
export const gaussianNoise = defineBuilt(
  'gaussian',
  (given: GaussianNoiseOptions) => {
    const { deviation } = checkedConfig('gaussianNoise', gaussianSchema, given);
    return {
      noise: (n, width) => ({ epsilon: normal([n, width]) }),
      apply: (x, { epsilon }) => x.add(epsilon!.mul(deviation)),
    };
  },
  gaussianSchema,
);

/** Each value becomes, with probability `rate`, `low` or `high`, by a fair coin. */
export const saltAndPepper = defineBuilt(
  'saltAndPepper',
  (given: SaltAndPepperOptions) => {
    const { rate, low, high } = checkedConfig('saltAndPepper', saltAndPepperSchema, given);
    return {
      noise: (n, width) => ({ hit: indicator([n, width], rate), salt: indicator([n, width], 0.5) }),
      apply: (x, { hit, salt }) => {
        const extreme = salt!.mul(high - low).add(low);
        return x.add(hit!.mul(extreme.sub(x)));
      },
    };
  },
  saltAndPepperSchema,
);

/** 1 with this probability, else 0. */
function indicator(shape: readonly [number, number], probability: number): Draw<tf.Tensor2D> {
  return draw(shape, 'float32', (stream) =>
    stream.uniforms(shape[0] * shape[1]).map((uniform) => (uniform < probability ? 1 : 0)),
  );
}
