/** The rungs that every machine has: WebAssembly and plain JavaScript. */
import { createRequire } from 'node:module';
import path from 'node:path';
import type * as tfjs from '@tensorflow/tfjs';
import type { Loaded } from './rung';

export async function loadWasm(): Promise<Loaded> {
  const [tf, wasm, { installFastMatMul }, { installMovesFirst }, { mendWasmKernels }] = await Promise.all([
    import('@tensorflow/tfjs'),
    import('@tensorflow/tfjs-backend-wasm'),
    import('../wasmMatMul'),
    import('../wasmMoves'),
    import('../wasmKernels'),
  ]);
  const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  wasm.setWasmPaths(path.dirname(entry) + path.sep);
  const started = await withoutNewListeners(() => tf.setBackend('wasm'));
  if (!started) throw new Error('the WebAssembly backend does not start');
  mendWasmKernels();
  installFastMatMul();
  installMovesFirst();
  const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
  return { backend: 'wasm', description: `CPU, WebAssembly${simd ? ' (SIMD)' : ''}` };
}

export async function loadCpu(): Promise<Loaded> {
  const tf = await import('@tensorflow/tfjs');
  silenceCpu(tf);
  return { backend: 'cpu', description: 'CPU, plain JavaScript' };
}

/** At its first use in Node it would advertise another backend on the console, in the middle of a notebook. */
export function silenceCpu(tf: Pick<typeof tfjs, 'findBackend'>): void {
  Object.assign(tf.findBackend('cpu'), { firstUse: false });
}

/** WebAssembly's loader adds listeners that end the process at any promise that nobody waits for; this removes them. */
async function withoutNewListeners<T>(start: () => Promise<T>): Promise<T> {
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const before = events.map((event) => process.rawListeners(event));
  const result = await start();
  for (const [i, event] of events.entries()) {
    for (const listener of process.rawListeners(event)) {
      if (!before[i]!.includes(listener)) process.removeListener(event, listener as () => void);
    }
  }
  return result;
}
