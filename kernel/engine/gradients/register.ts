import * as tf from '@tensorflow/tfjs';
import type { GradientFunction } from './mend';

interface Saves {
  readonly inputs?: readonly string[] | 'all';
  /** Whether each output is saved. */
  readonly outputs?: readonly boolean[];
}

/** Registers a gradient for a kernel to which tfjs gives none. One that tfjs has by now stays. */
export function register<A extends object>(kernelName: string, saves: Saves, gradient: GradientFunction<A>): void {
  if (tf.getGradient(kernelName)) return;
  const { inputs = [], outputs = [] } = saves;
  tf.registerGradient({
    kernelName,
    ...(inputs === 'all' ? { saveAllInputs: true } : { inputsToSave: [...inputs] }),
    outputsToSave: [...outputs],
    gradFunc: (dy: tf.Tensor | tf.Tensor[], saved, attrs) => gradient([dy].flat(), saved, attrs as unknown as A),
  });
}

/** The gradient of whole numbers, such as indices: the tape wants one of floating-point numbers. */
export function none({ shape }: tf.Tensor): tf.Tensor {
  return tf.zeros(shape, 'float32');
}
