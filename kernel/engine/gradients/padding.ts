import * as tf from '@tensorflow/tfjs';

/** The tensor with zeros before and after it along one axis. */
export function paddedAlong(x: tf.Tensor, axis: number, border: Border): tf.Tensor {
  return framed(
    x,
    x.shape.map((_, i) => (i === axis ? border : [0, 0])),
  );
}

/** Zeros before and after an axis; a negative number takes elements away. */
export type Border = readonly [before: number, after: number];

/** The tensor with a border along each axis. */
export function framed(x: tf.Tensor, borders: readonly Border[]): tf.Tensor {
  let result = x;
  if (borders.flat().some((border) => border < 0)) {
    const taken = borders.map(([before, after]) => [Math.max(0, -before), Math.max(0, -after)] as const);
    const sizes = x.shape.map((size, axis) => size - taken[axis]![0] - taken[axis]![1]);
    result = tf.slice(result, taken.map(([before]) => before), sizes); // prettier-ignore
  }
  if (borders.flat().some((border) => border > 0)) {
    result = tf.pad(
      result,
      borders.map(([before, after]): [number, number] => [Math.max(0, before), Math.max(0, after)]),
    );
  }
  return result;
}
