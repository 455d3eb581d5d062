/** Corruptions x̃ of clean samples x, for denoising autoencoders. */
import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import type { RandomStream } from '../random';

/**
 * A corruption of one's own. A training step is compiled once, so all randomness enters as tensors: `noise` draws them
 * on the host for each batch, `apply` is a pure function of x and of these.
 */
export interface Corruption {
  /** For a batch of `count` samples of `width` values; the names are free, but for `x` and `y`. */
  noise(stream: RandomStream, count: number, width: number): Record<string, tf.Tensor>;
  /** x̃: [n, d] → [n, d]. */
  apply(x: tf.Tensor2D, tensors: Readonly<Record<string, tf.Tensor>>): tf.Tensor2D;
}

/** Each value becomes 0 with probability `rate`; the others stay as they are (Vincent et al. 2010, section 3.3). */
export interface Masking {
  corruption: 'masking';
  /** Default 0.3. */
  rate?: number;
}

/** x̃ = x + sε with ε from N(0, I). */
export interface AdditiveGaussian {
  corruption: 'gaussian';
  /** s, in units of x. Default 0.3. */
  deviation?: number;
}

/** Each value becomes, with probability `rate`, `low` or `high`, by a fair coin. */
export interface SaltAndPepper {
  corruption: 'saltAndPepper';
  /** Default 0.3. */
  rate?: number;
  /** Default 0. */
  low?: number;
  /** Default 1. */
  high?: number;
}

export type BuiltInCorruption = Masking | AdditiveGaussian | SaltAndPepper;

const rate = z.number().min(0).max(1).default(0.3);

export const corruptionSchema = z.discriminatedUnion(
  'corruption',
  [
    z.strictObject({ corruption: z.literal('masking'), rate }),
    z.strictObject({ corruption: z.literal('gaussian'), deviation: z.number().min(0).default(0.3) }),
    z.strictObject({
      corruption: z.literal('saltAndPepper'),
      rate,
      low: z.number().default(0),
      high: z.number().default(1),
    }),
  ],
  { error: 'expected { corruption: "masking" | "gaussian" | "saltAndPepper", … }' },
);

type CheckedCorruption = z.output<typeof corruptionSchema>;

/** The corruption that the configuration describes. */
export function createCorruption(config: CheckedCorruption): Corruption {
  switch (config.corruption) {
    case 'masking':
      return masking(config.rate);
    case 'gaussian':
      return additiveGaussian(config.deviation);
    case 'saltAndPepper':
      return saltAndPepper(config);
  }
}

function masking(rate: number): Corruption {
  return {
    noise: (stream, count, width) => ({ keep: indicator(stream, count, width, 1 - rate) }),
    apply: (x, { keep }) => x.mul(keep!),
  };
}

function additiveGaussian(deviation: number): Corruption {
  return {
    noise: (stream, count, width) => ({ epsilon: tf.tensor2d(stream.normals(count * width), [count, width]) }),
    apply: (x, { epsilon }) => x.add(epsilon!.mul(deviation)),
  };
}

function saltAndPepper({ rate, low, high }: Required<Omit<SaltAndPepper, 'corruption'>>): Corruption {
  return {
    noise: (stream, count, width) => ({
      hit: indicator(stream, count, width, rate),
      salt: indicator(stream, count, width, 0.5),
    }),
    apply: (x, { hit, salt }) => {
      const extreme = salt!.mul(high - low).add(low);
      return x.add(hit!.mul(extreme.sub(x)));
    },
  };
}

/** 1 with this probability, else 0: [count, width]. */
function indicator(stream: RandomStream, count: number, width: number, probability: number): tf.Tensor2D {
  const ones = stream.uniforms(count * width).map((uniform) => (uniform < probability ? 1 : 0));
  return tf.tensor2d(ones, [count, width]);
}
