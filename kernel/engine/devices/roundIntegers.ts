import * as tf from '@tensorflow/tfjs';

/**
 * Has a backend's `Round` leave integers as they are.
 *
 * TensorFlow from 2.17 on rounds them all to 0 (github.com/tensorflow/tensorflow/issues/74789).
 */
export function roundIntegers(backend: string): void {
  const round = tf.getKernel('Round', backend);
  const identity = tf.getKernel('Identity', backend);
  tf.unregisterKernel('Round', backend);
  tf.registerKernel({
    ...round,
    kernelFunc: (args) => (args.inputs['x']?.dtype === 'int32' ? identity : round).kernelFunc(args),
  });
}
