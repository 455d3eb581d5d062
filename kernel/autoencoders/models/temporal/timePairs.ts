import * as tf from '@tensorflow/tfjs';
import type { RandomStream } from '../../random';

/** Pairs of times t₁ < t₂, one for each sequence of a batch, as selections: rows with a single 1. */
export interface TimePairs {
  /** [n, T + 1]: t₁ from 0, before the first frame, to T − 1. */
  from: tf.Tensor2D;
  /** [n, T + 1]: t₂ from 1 to T, counting frames from 1. */
  to: tf.Tensor2D;
  /** [n, j_max]: the jump t₂ − t₁, from 1. */
  jump: tf.Tensor2D;
}

/** For each of `count` sequences a jump, uniform in `jumps`, and then t₁, uniform among those that leave room for it. */
export function drawTimePairs(
  stream: RandomStream,
  count: number,
  frames: number,
  [shortest, longest]: readonly [number, number],
): TimePairs {
  const jumps = Array.from({ length: count }, () => shortest + stream.integer(longest - shortest + 1));
  const starts = jumps.map((jump) => stream.integer(frames - jump + 1));
  return {
    from: oneHot(starts, frames + 1),
    to: oneHot(
      starts.map((start, i) => start + jumps[i]!),
      frames + 1,
    ),
    jump: oneHot(
      jumps.map((jump) => jump - 1),
      longest,
    ),
  };
}

/** [indices.length, width] with a 1 at each index. */
export function oneHot(indices: readonly number[], width: number): tf.Tensor2D {
  const values = new Float32Array(indices.length * width);
  indices.forEach((index, row) => (values[row * width + index] = 1));
  return tf.tensor2d(values, [indices.length, width]);
}
