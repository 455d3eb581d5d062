import * as tf from '@tensorflow/tfjs';

/** The tensor with zeros before and after it along one axis. */
export function paddedAlong(x: tf.Tensor, axis: number, [before, after]: readonly [number, number]): tf.Tensor {
  if (before === 0 && after === 0) return x;
  return tf.pad(
    x,
    x.shape.map((_, i): [number, number] => (i === axis ? [before, after] : [0, 0])),
  );
}
