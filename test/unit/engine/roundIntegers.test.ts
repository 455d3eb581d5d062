import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { roundIntegers } from '../../../kernel/engine/devices/roundIntegers';

it('integers stay as they are on a backend that rounds them to 0, and other numbers are rounded', async () => {
  await tf.setBackend('cpu');
  const round = tf.getKernel('Round', 'cpu');
  const zeros = tf.getKernel('ZerosLike', 'cpu');
  const wrongForIntegers: tf.KernelFunc = (args) =>
    (args.inputs['x']!.dtype === 'int32' ? zeros : round).kernelFunc(args);
  tf.unregisterKernel('Round', 'cpu');
  tf.registerKernel({ ...round, kernelFunc: wrongForIntegers });
  const integers = tf.tensor1d([-12345678, 10, 7], 'int32');
  expect([...tf.round(integers).dataSync()]).toEqual([0, 0, 0]);
  roundIntegers('cpu');
  expect([...tf.round(integers).dataSync()]).toEqual([-12345678, 10, 7]);
  expect([...tf.round(tf.tensor1d([-1.6, 0.5, 1.5, 2.4])).dataSync()]).toEqual([-2, 0, 2, 2]);
});
