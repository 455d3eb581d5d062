/** Which runtime training steps and compiled functions of this process get. */

/** `eager`: operation by operation, on tfjs's active backend; the others: one traced graph, by ONNX Runtime. */
export type Runtime = 'eager' | 'cpu' | 'webgpu' | 'cuda';

let current: Runtime = 'eager';
let rivals: readonly Runtime[] = [];

export function currentRuntime(): Runtime {
  return current;
}

/** Runtimes that each training step is to be raced on against the current one. */
export function currentRivals(): readonly Runtime[] {
  return rivals;
}

/** For the device ladder. */
export function setRuntime(runtime: Runtime, against: readonly Runtime[] = []): void {
  current = runtime;
  rivals = against;
}

let preparation: (() => Promise<void>) | undefined;

/** For a program of its own, which may begin without a device: what work that can wait for one waits for first. */
export function prepareBy(prepare: () => Promise<void>): void {
  preparation = prepare;
}

/** Once there is a device to compute on; at once in a kernel, which begins with one. */
export async function ready(): Promise<void> {
  await preparation?.();
}
