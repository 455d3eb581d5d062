import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { installFastMatMul, installMovesFirst, mendWasmKernels } from '../../../kernel/engine/index';

/** The fastest backend that every machine has, as the device ladder sets it up. */
export async function useWasm(): Promise<void> {
  const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(`${dirname(entry)}/`);
  await tf.setBackend('wasm');
  await tf.ready();
  mendWasmKernels();
  installFastMatMul();
  installMovesFirst();
}

/** Tensors and buffers that are alive. */
export function alive(): { tensors: number; buffers: number } {
  const { numTensors, numDataBuffers } = tf.memory();
  return { tensors: numTensors, buffers: numDataBuffers };
}
