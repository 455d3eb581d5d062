/** Gradients of operations that move elements. */
import * as tf from '@tensorflow/tfjs';
import { mend } from './mend';
import { paddedAlong } from './padding';

export function mendShapes(): void {
  // tfjs takes the one piece for a list of pieces: a batch of one row, a sequence of one step.
  mend<tf.UnpackAttrs>(tf.Unpack, () => (dy, _, { axis }) => ({ value: () => tf.stack(dy, axis) }));
  mend<tf.SplitVAttrs>(tf.SplitV, () => (dy, _, { axis }) => ({ x: () => tf.concat(dy, axis) }));
  // tfjs transposes the gradient along all axes but the last, which in a square goes unnoticed.
  mend<tf.CumsumAttrs>(tf.Cumsum, () => ([dy], _, { axis, exclusive, reverse }) => ({
    x: () => tf.cumsum(dy!, axis, exclusive, !reverse),
  }));
  // tfjs adds slice to slice, and knows four axes.
  mend<tf.TileAttrs>(tf.Tile, () => ([dy], [x], { reps }) => ({ x: () => summedRepeats(dy!, x!.shape, reps) }));
  // tfjs forgets the mirrored elements.
  mend<tf.MirrorPadAttrs>(tf.MirrorPad, () => ([dy], [x], attrs) => ({ x: () => foldedBack(dy!, x!.shape, attrs) }));
}

/** The gradients of all repeats of an element, added. */
function summedRepeats(dy: tf.Tensor, shape: number[], reps: readonly number[]): tf.Tensor {
  const summed = reps.reduce((gradient, times, axis) => {
    if (times === 1) return gradient;
    const outer = tf.util.sizeFromShape(shape.slice(0, axis));
    return tf.sum(tf.reshape(gradient, [outer, times, gradient.size / (outer * times)]), 1);
  }, dy);
  return tf.reshape(summed, shape);
}

/** The gradient of each element, with those of its mirror images. */
function foldedBack(dy: tf.Tensor, shape: readonly number[], { paddings, mode }: tf.MirrorPadAttrs): tf.Tensor {
  const edge = mode === 'reflect' ? 1 : 0;
  return paddings.reduce((gradient, [before, after], axis) => {
    const size = shape[axis]!;
    const part = (start: number, length: number) => {
      const starts = gradient.shape.map((_, i) => (i === axis ? start : 0));
      return tf.slice(gradient, starts, gradient.shape.with(axis, length));
    };
    const mirrored = (start: number, length: number, first: number) =>
      paddedAlong(tf.reverse(part(start, length), axis), axis, [first, size - first - length]);
    let sum = before + after > 0 ? part(before, size) : gradient;
    if (before > 0) sum = tf.add(sum, mirrored(0, before, edge));
    if (after > 0) sum = tf.add(sum, mirrored(before + size, after, size - edge - after));
    return sum;
  }, dy);
}
