/** tfjs's WebGPU kernel AddN binds each summand as a buffer, and many GPUs take no more than 8 of them at a time. */
import * as tf from '@tensorflow/tfjs';

type KernelFunction = NonNullable<ReturnType<typeof tf.getKernel>>['kernelFunc'];

/** Has the backend `webgpu` add up tensors in groups of `most`. */
export function splitLongSums(most: number): void {
  const kernel = tf.getKernel(tf.AddN, 'webgpu');
  if (!kernel) throw new Error('the WebGPU backend has no kernel AddN');
  tf.unregisterKernel(tf.AddN, 'webgpu');
  tf.registerKernel({ ...kernel, kernelFunc: inGroups(kernel.kernelFunc, most) });
}

/** The sum of any number of tensors by sums of at most `most`. */
export function inGroups(sum: KernelFunction, most: number): KernelFunction {
  return ({ inputs, attrs, backend }) => {
    const rest = Object.values(inputs) as tf.TensorInfo[];
    const sumOf = (summands: tf.TensorInfo[]): tf.TensorInfo =>
      sum({ inputs: summands as unknown as tf.NamedTensorInfoMap, attrs, backend }) as tf.TensorInfo;
    let total = sumOf(rest.splice(0, most));
    while (rest.length > 0) {
      const subtotal = total;
      total = sumOf([subtotal, ...rest.splice(0, most - 1)]);
      (backend as tf.KernelBackend).disposeData(subtotal.dataId);
    }
    return total;
  };
}
