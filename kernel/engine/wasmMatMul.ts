/**
 * Faster matrix products for tfjs's wasm backend.
 *
 * Its C++ hands a product of two untransposed matrices to XNNPACK and computes any other one in a plain loop, ten times
 * slower; the gradient of a dense layer is made of transposed products. Transposing first costs a few per cent.
 */
import * as tf from '@tensorflow/tfjs';
import { replaceWasmKernel, type Kernel, type KernelArguments } from './wasmReplace';

const WRAPPED = Symbol('transposes first');

/**
 * Replaces the wasm backend's BatchMatMul and _FusedMatMul by kernels that transpose first where that helps: for single
 * matrices. A stack of several stays as it is, since tfjs computes it in the plain loop either way.
 *
 * Call it once the backend is registered; a second call does nothing.
 *
 * @throws when the wasm backend's kernels are not registered
 */
export function installFastMatMul(): void {
  for (const name of [tf.BatchMatMul, tf._FusedMatMul]) replaceWasmKernel(name, WRAPPED, transposesFirst);
}

function transposesFirst(product: Kernel['kernelFunc']): Kernel['kernelFunc'] {
  return ({ inputs, attrs, backend }) => {
    const { a, b } = inputs;
    const transposed: tf.TensorInfo[] = [];
    const untransposed = (x: tf.TensorInfo): tf.TensorInfo => {
      const result = transpose(x, backend);
      transposed.push(result);
      return result;
    };
    if (!a || !b || !isMatrix(a) || !isMatrix(b)) return product({ inputs, attrs, backend });
    try {
      return product({
        inputs: {
          ...inputs,
          a: attrs?.['transposeA'] ? untransposed(a) : a,
          b: attrs?.['transposeB'] ? untransposed(b) : b,
        },
        attrs: { ...attrs, transposeA: false, transposeB: false },
        backend,
      });
    } finally {
      for (const { dataId } of transposed) (backend as tf.KernelBackend).disposeData(dataId);
    }
  };
}

/** Whether it is one matrix, whatever the number of leading ones in its shape. */
function isMatrix({ shape }: tf.TensorInfo): boolean {
  return shape.length >= 2 && shape.slice(0, -2).every((size) => size === 1);
}

function transpose(x: tf.TensorInfo, backend: KernelArguments['backend']): tf.TensorInfo {
  const kernel = tf.getKernel(tf.Transpose, 'wasm');
  if (!kernel) throw new Error('The wasm backend has no kernel Transpose.');
  const rank = x.shape.length;
  const perm = [...Array(rank - 2).keys(), rank - 1, rank - 2];
  const result = kernel.kernelFunc({ inputs: { x }, attrs: { perm }, backend });
  if (Array.isArray(result)) throw new Error('Transpose gave several tensors.');
  return result;
}
