import * as tf from '@tensorflow/tfjs';
import { chooseDevice } from '../engine/devices';

/** What the library's rung `wasm` replaces. */
const REPLACED = [tf.BatchMatMul, tf._FusedMatMul];

/**
 * Has a rung compute in this process.
 *
 * @param stock with the WebAssembly kernels as tfjs ships them
 * @returns the device, for people
 * @throws when the rung cannot be used
 */
export async function useRung(rung: string, stock: boolean): Promise<string> {
  const shipped = stock ? await shippedKernels() : [];
  const { description } = await chooseDevice(rung);
  for (const kernel of shipped) {
    tf.unregisterKernel(kernel.kernelName, kernel.backendName);
    tf.registerKernel(kernel);
  }
  return description;
}

async function shippedKernels() {
  await import('@tensorflow/tfjs-backend-wasm');
  return REPLACED.map((name) => tf.getKernel(name, 'wasm')!);
}
