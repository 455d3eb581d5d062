import * as tf from '@tensorflow/tfjs';
import { draw } from '../../noise';
import type { Draw } from '../../noise';
import type { RandomStream } from '../../random';

/** Pairs of times t₁ < t₂, one for each sequence of a batch, as selections: rows with a single 1. */
export interface TimePairs {
  /** [n, T + 1]: t₁ from 0, before the first frame, to T − 1. */
  from: Draw<tf.Tensor2D>;
  /** [n, T + 1]: t₂ from 1 to T, counting frames from 1. */
  to: Draw<tf.Tensor2D>;
  /** [n, j_max]: the jump t₂ − t₁, from 1. */
  jump: Draw<tf.Tensor2D>;
}

/**
 * For each of `count` sequences a jump, uniform in `jumps`, and then t₁, uniform among those that leave room for it. The
 * pairs of one stream are drawn once, for whichever selection is asked for first.
 */
export function timePairs(count: number, frames: number, [shortest, longest]: readonly [number, number]): TimePairs {
  const known = new WeakMap<RandomStream, { jumps: number[]; starts: number[] }>();
  const pairs = (stream: RandomStream) => {
    const before = known.get(stream);
    if (before) return before;
    const jumps = Array.from({ length: count }, () => shortest + stream.integer(longest - shortest + 1));
    const starts = jumps.map((jump) => stream.integer(frames - jump + 1));
    known.set(stream, { jumps, starts });
    return { jumps, starts };
  };
  const selection = (width: number, indices: (stream: RandomStream) => number[]) =>
    draw([count, width], 'float32', (stream) => selections(indices(stream), width));
  const ends = ({ jumps, starts }: ReturnType<typeof pairs>) => starts.map((start, i) => start + jumps[i]!);
  return {
    from: { ...selection(frames + 1, (stream) => pairs(stream).starts), symbol: 't₁' },
    to: { ...selection(frames + 1, (stream) => ends(pairs(stream))), symbol: 't₂' },
    jump: selection(longest, (stream) => pairs(stream).jumps.map((jump) => jump - 1)),
  };
}

/** [indices.length, width] with a 1 at each index. */
export function oneHot(indices: readonly number[], width: number): tf.Tensor2D {
  return tf.tensor2d(selections(indices, width), [indices.length, width]);
}

function selections(indices: readonly number[], width: number): Float32Array {
  const values = new Float32Array(indices.length * width);
  indices.forEach((index, row) => (values[row * width + index] = 1));
  return values;
}
