import type * as tf from '@tensorflow/tfjs';

/** The same numbers at every place of a map: [n, C] → [n, …places, C]. */
export function constantMaps(numbers: tf.Tensor2D, places: readonly number[]): tf.Tensor {
  const [n, C] = numbers.shape;
  return numbers.reshape([n, ...places.map(() => 1), C]).tile([1, ...places, 1]);
}
