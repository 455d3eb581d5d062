import * as tf from '@tensorflow/tfjs';

/** sg[f()]: the value of `f`, a constant for the gradient. */
export function stopGradient<T extends tf.Tensor>(f: () => T): T {
  // Without inputs, the tape has no way from here to any variable, and what `f` computes is not recorded.
  return tf.customGrad(() => ({ value: f(), gradFunc: () => [] }))() as T;
}
