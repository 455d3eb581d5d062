/** Gradients of kernels that cut out and turn round. */
import * as tf from '@tensorflow/tfjs';
import { stridesOf, type StridedSlice } from '../ops/slices';
import type { Dtype } from '../ops/types';
import { paddedAlong } from './padding';
import { register } from './register';

export function registerMoves(): void {
  register<StridedSlice>(tf.StridedSlice, { inputs: ['x'] }, ([dy], [x], attrs) => ({
    x: () => {
      const { begin, end, strides } = stridesOf({ shape: x!.shape, dtype: x!.dtype as Dtype }, attrs);
      // With an axis for each of x, of length 1 where the result has none.
      const sizes = tf.slice_util.computeOutShape(begin, end, strides);
      if (sizes.includes(0)) return tf.zerosLike(x!);
      return x!.shape.reduce(
        (gradient, size, axis) => putBack(gradient, axis, { size, begin: begin[axis]!, stride: strides[axis]! }),
        tf.reshape(dy!, sizes),
      );
    },
  }));
  register<object>(tf.FlipLeftRight, {}, ([dy]) => ({ image: () => tf.reverse(dy!, 2) }));
  register<object>(tf.Diag, { inputs: ['x'] }, ([dy], [x]) => ({
    x: () => {
      const size = tf.util.sizeFromShape(x!.shape);
      const square = tf.reshape(dy!, [size, size]);
      return tf.reshape(tf.sum(tf.mul(square, tf.eye(size)), 1), x!.shape);
    },
  }));
  register<{ blockSize: number }>(tf.DepthToSpace, { inputs: ['x'] }, ([dy], [x], { blockSize }) => ({
    x: () => {
      const [n, height, width, depth] = x!.shape as [number, number, number, number];
      const channels = depth / blockSize ** 2;
      const cut = tf.reshape(dy!, [n, height, blockSize, width, blockSize, channels]);
      return tf.reshape(tf.transpose(cut, [0, 1, 3, 2, 4, 5]), x!.shape);
    },
  }));
}

interface Steps {
  /** Elements along the axis before the slice. */
  size: number;
  begin: number;
  /** Negative: from the end. */
  stride: number;
}

/** Elements of a slice at their places along an axis, with zeros between them. */
function putBack(slice: tf.Tensor, axis: number, { size, begin, stride }: Steps): tf.Tensor {
  const count = slice.shape[axis]!;
  const reach = (count - 1) * Math.abs(stride);
  const ascending = stride < 0 ? tf.reverse(slice, axis) : slice;
  const first = stride < 0 ? begin - reach : begin;
  const spread = withZeros(ascending, axis, Math.abs(stride));
  return paddedAlong(spread, axis, [first, size - first - spread.shape[axis]!]);
}

/** With as many zeros between neighbours that the step from one to the next is the stride. */
function withZeros(x: tf.Tensor, axis: number, stride: number): tf.Tensor {
  if (stride === 1 || x.shape[axis] === 1) return x;
  const count = x.shape[axis]!;
  const apart = paddedAlong(tf.expandDims(x, axis + 1), axis + 1, [0, stride - 1]);
  const joined = tf.reshape(apart, x.shape.with(axis, count * stride));
  const starts = x.shape.map(() => 0);
  return tf.slice(joined, starts, x.shape.with(axis, (count - 1) * stride + 1));
}
