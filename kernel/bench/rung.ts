import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as tf from '@tensorflow/tfjs';
import { chooseDevice } from '../engine/devices';
import { XLA_PLATFORMS } from '../engine/devices/xla/plugins';
import { startedXlaDevice } from '../engine/runtimes/xla/device';

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

/** Bytes in use on the device of an XLA rung that is computing; undefined of others, and where the plugin does not tell. */
export function deviceMemory(rung: string): number | undefined {
  const platform = XLA_PLATFORMS.find((one) => rung.split(':')[0] === `xla-${one}`);
  return platform && startedXlaDevice(platform).client.devices[0]?.memory()?.inUse;
}

/** Takes away what nothing refers to, so that memory is what is really held. */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
}
