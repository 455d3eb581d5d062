/**
 * Gradients of inputs that are broadcast. tfjs gives some of them the shape of the result, which its tape refuses:
 * `maximum(x, floor)` of a batch and a row, or a batch of matrices times one.
 */
import * as tf from '@tensorflow/tfjs';
import { mend } from './mend';

const BROADCASTING = [tf.Maximum, tf.Minimum, tf.SquaredDifference, tf.BatchMatMul];

export function mendBroadcasts(): void {
  for (const kernel of BROADCASTING) {
    mend(kernel, (before, saves) => (dy, saved, attrs) => {
      const gradients = Object.entries(before(dy, saved, attrs));
      const summed = gradients.map(([name, gradient]) => {
        const { shape } = saved[saves.indexOf(name)]!;
        return [name, () => summedTo(gradient(), shape)] as const;
      });
      return Object.fromEntries(summed);
    });
  }
}

/** Sums over the axes along which a tensor of this shape was repeated. */
function summedTo(gradient: tf.Tensor, shape: number[]): tf.Tensor {
  if (tf.util.arraysEqual(gradient.shape, shape)) return gradient;
  const axes = tf.broadcast_util.getReductionAxes(shape, gradient.shape);
  return tf.reshape(tf.sum(gradient, axes), shape);
}
