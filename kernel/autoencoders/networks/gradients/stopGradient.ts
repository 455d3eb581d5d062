import * as tf from '@tensorflow/tfjs';
import { callable, takes } from '../../arguments';

/** sg[f()]: the value of `f`, a constant for the gradient. */
export function stopGradient<T extends tf.Tensor>(f: () => T): T {
  takes('stopGradient', ['f', f, callable]);
  // Without inputs, the tape has no way from here to any variable, and what `f` computes is not recorded.
  return tf.customGrad(() => ({ value: f(), gradFunc: () => [] }))() as T;
}
