/** Runs of numbers, cut into chunks that several threads take as they come. */

/** Floats of a chunk: with weights, gradient and moments it stays in a core's cache. */
export const CHUNK = 32_768;

/** Numbers of the chunks that n floats make. */
export function chunkCount(n: number): number {
  return Math.ceil(n / CHUNK);
}

/** Kernels that go over a run, by the number that names them to a thread. */
export const KERNELS = ['adam', 'adamax', 'sgd', 'rmsprop', 'lion', 'average', 'sumOfSquares', 'scale'] as const;
export type KernelName = (typeof KERNELS)[number];

type Kernel = (...numbers: number[]) => number | undefined;
export type KernelTable = Readonly<Record<KernelName, Kernel>>;

const FLOAT_BYTES = 4;

/** A kernel's call for all of a run: addresses of its n floats, and the kernel's other arguments. */
export interface Work {
  readonly kernel: KernelName;
  readonly addresses: readonly number[];
  readonly n: number;
  readonly others: readonly number[];
}

/** Does one chunk of it; tells its sum, of a kernel that has one. */
export function workOn(kernels: KernelTable, { kernel, addresses, n, others }: Work, chunk: number): number {
  const begin = chunk * CHUNK;
  const places = addresses.map((address) => address + begin * FLOAT_BYTES);
  return kernels[kernel](...places, Math.min(CHUNK, n - begin), ...others) ?? 0;
}
