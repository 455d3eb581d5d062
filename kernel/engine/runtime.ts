/** Which runtime training steps and compiled functions of this process get. */

/** What an XLA plugin computes on: NVIDIA's, AMD's, Intel's and Apple's GPUs, and the processor. */
export const XLA_PLATFORMS = ['cuda', 'rocm', 'intel', 'metal', 'cpu'] as const;
export type XlaPlatform = (typeof XLA_PLATFORMS)[number];

/** Runtimes of traced steps by an XLA plugin: `xla-cuda`. */
export type XlaRuntime = `xla-${XlaPlatform}`;

/**
 * `eager`: operation by operation, on tfjs's active backend; the others: one traced graph, by ONNX Runtime (`cpu`,
 * `webgpu`) or by an XLA plugin.
 */
export type Runtime = 'eager' | 'cpu' | 'webgpu' | XlaRuntime;

export const RUNTIMES: readonly Runtime[] = [
  'eager',
  'cpu',
  'webgpu',
  ...XLA_PLATFORMS.map((platform): XlaRuntime => `xla-${platform}`),
];

/** The platform of an XLA runtime; undefined for the others. */
export function xlaPlatformOf(runtime: Runtime): XlaPlatform | undefined {
  return XLA_PLATFORMS.find((platform) => runtime === `xla-${platform}`);
}

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

/** For its own program, which may begin without a device: what work that can wait for one waits for first. */
export function prepareBy(prepare: () => Promise<void>): void {
  preparation = prepare;
}

/** Once there is a device to compute on; at once in a kernel, which begins with one. */
export async function ready(): Promise<void> {
  await preparation?.();
}
