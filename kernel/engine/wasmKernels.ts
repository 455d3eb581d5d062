/** Kernels of tfjs's wasm backend that give wrong numbers: some are mended, some taken away. */
import * as tf from '@tensorflow/tfjs';
import { replaceWasmKernel, type Kernel, type KernelArguments } from './wasmReplace';

const MENDED = Symbol('mended');

/**
 * Transposed convolutions of volumes are wrong throughout, their filters' gradients with strides, and maxima of volumes
 * where these are negative. An error is better, or what another runtime lends.
 */
const WRONG = [tf.Conv3DBackpropInputV2, tf.Conv3DBackpropFilterV2, tf.MaxPool3D, tf.MaxPool3DGrad];

/** Call it once the backend is registered; a second call does nothing. */
export function mendWasmKernels(): void {
  for (const name of WRONG) if (tf.getKernel(name, 'wasm')) tf.unregisterKernel(name, 'wasm');
  replaceWasmKernel(tf.Cast, MENDED, toBool);
  replaceWasmKernel(tf.ClipByValue, MENDED, clipped);
  for (const name of [tf.BatchMatMul, tf._FusedMatMul]) replaceWasmKernel(name, MENDED, overNothing);
}

/** Whether a number is not zero; tfjs keeps its last eight bits. */
function toBool(cast: Kernel['kernelFunc']): Kernel['kernelFunc'] {
  return (call) => {
    const { x } = call.inputs as { x: tf.TensorInfo };
    if (call.attrs?.['dtype'] !== 'bool' || x.dtype === 'bool' || x.dtype === 'complex64') return cast(call);
    const zero = written(call, new (x.dtype === 'int32' ? Int32Array : Float32Array)(1), [], x.dtype);
    return freeing(call, [zero], () => run(tf.NotEqual, call, { a: x, b: zero }));
  };
}

/** Whole numbers as floating-point ones: tfjs clips their bits. */
function clipped(clip: Kernel['kernelFunc']): Kernel['kernelFunc'] {
  return (call) => {
    const { x } = call.inputs as { x: tf.TensorInfo };
    if (x.dtype !== 'int32') return clip(call);
    const floats = run(tf.Cast, call, { x }, { dtype: 'float32' });
    const within = clip({ ...call, inputs: { x: floats } }) as tf.TensorInfo;
    return freeing(call, [floats, within], () => run(tf.Cast, call, { x: within }, { dtype: 'int32' }));
  };
}

/** A product over no elements is that over one zero; tfjs leaves what is in the memory. */
function overNothing(product: Kernel['kernelFunc']): Kernel['kernelFunc'] {
  return (call) => {
    const { a, b } = call.inputs as { a: tf.TensorInfo; b: tf.TensorInfo };
    if (!a.shape.includes(0) && !b.shape.includes(0)) return product(call);
    const zeros = [
      zerosOver(a, call.attrs?.['transposeA'] ? -2 : -1),
      zerosOver(b, call.attrs?.['transposeB'] ? -1 : -2),
    ];
    return freeing(call, zeros, () => product({ ...call, inputs: { ...call.inputs, a: zeros[0]!, b: zeros[1]! } }));

    function zerosOver({ shape }: tf.TensorInfo, axis: number): tf.TensorInfo {
      const one = shape.with(axis, 1);
      return written(call, new Float32Array(tf.util.sizeFromShape(one)), one, 'float32');
    }
  };
}

function written(
  { backend }: KernelArguments,
  values: tf.TypedArray,
  shape: number[],
  dtype: tf.DataType,
): tf.TensorInfo {
  return { dataId: (backend as tf.KernelBackend).write(values, shape, dtype), shape, dtype };
}

function run(name: string, { backend }: KernelArguments, inputs: tf.NamedTensorInfoMap, attrs = {}): tf.TensorInfo {
  return tf.getKernel(name, 'wasm').kernelFunc({ inputs, attrs, backend }) as tf.TensorInfo;
}

function freeing<T>({ backend }: KernelArguments, tensors: readonly tf.TensorInfo[], work: () => T): T {
  try {
    return work();
  } finally {
    for (const { dataId } of tensors) (backend as tf.KernelBackend).disposeData(dataId);
  }
}
