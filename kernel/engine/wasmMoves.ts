/**
 * Tensors that move to tfjs's wasm backend in the middle of an operation.
 *
 * tfjs moves the data of a tensor when a kernel first asks for it. On this backend that may grow the memory, whereupon
 * the views of it that the kernel has made already are detached ("Cannot perform Construct on a detached ArrayBuffer").
 */
import * as tf from '@tensorflow/tfjs';
import { replaceWasmKernel, type Kernel } from './wasmReplace';

const MOVES_FIRST = Symbol('moves first');

/** What of the backend is needed: asking for an entry moves the data there. */
interface WasmBackend {
  readonly dataIdMap: { get(dataId: object): unknown };
}

/**
 * Has every kernel of the wasm backend's move its inputs before it begins.
 *
 * Call it once the backend is registered; a second call does nothing.
 */
export function installMovesFirst(): void {
  for (const { kernelName } of tf.getKernelsForBackend('wasm')) replaceWasmKernel(kernelName, MOVES_FIRST, movesFirst);
}

function movesFirst(compute: Kernel['kernelFunc']): Kernel['kernelFunc'] {
  return ({ inputs, attrs, backend }) => {
    const { dataIdMap } = backend as WasmBackend;
    // Kernels with optional inputs are handed undefined for those that are not there; complex tensors are two.
    for (const input of Object.values(inputs)) if (input && input.dtype !== 'complex64') dataIdMap.get(input.dataId);
    return compute({ inputs, attrs, backend });
  };
}
