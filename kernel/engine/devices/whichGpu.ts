/** One of several GPUs, by its place in `nvidia-smi` or by a part of its name: `xla-cuda:1`, `xla-cuda:H200`. */
import { DeviceError } from './deviceError';
import { GPU_RUNG_NAMES } from './names';
import { nvidiaGpus, type NvidiaGpu } from './nvidia';

export interface Requested {
  /** `auto` or a rung. */
  name: string;
  /** Which GPU, as it was asked for. */
  gpu?: string;
}

export function parseRequest(requested: string): Requested {
  const colon = requested.indexOf(':');
  if (colon < 0) return { name: requested };
  return { name: requested.slice(0, colon), gpu: requested.slice(colon + 1).trim() };
}

/** Rungs that compute on the NVIDIA GPU that CUDA sees. */
const ON_CUDA = ['tfjs-node-gpu', 'xla-cuda'];

/** Why no GPU can be chosen behind the colon: the rung computes on none, or on one that is not chosen so. */
export function misplacedChoice({ name, gpu }: Requested): string | undefined {
  if (gpu === undefined || name === 'auto' || ON_CUDA.includes(name)) return undefined;
  const isForGpu = (GPU_RUNG_NAMES as readonly string[]).includes(name);
  const why = isForGpu
    ? `a number or a name chooses among NVIDIA’s GPUs, with ${ON_CUDA.toReversed().join(' or ')}`
    : `${name} computes on the processor, and a number or a name chooses among GPUs`;
  return `there is no device “${name}:${gpu}”: ${why}; write ${name} alone`;
}

/** @throws {DeviceError} when no GPU or more than one is meant; the message lists them */
export function indexOfGpu(gpu: string, gpus: readonly Pick<NvidiaGpu, 'name'>[]): number {
  const list = gpus.map(({ name }, i) => `${i} (${name})`).join(', ');
  if (gpus.length === 0) {
    throw new DeviceError(`The GPU “${gpu}” cannot be found: nvidia-smi, which names NVIDIA’s GPUs, lists none.`);
  }
  if (/^\d+$/.test(gpu)) {
    if (Number(gpu) < gpus.length) return Number(gpu);
    throw new DeviceError(`There is no GPU ${gpu}; this machine has ${list}.`);
  }
  const meant = gpus.flatMap(({ name }, i) => (gpu && name.toLowerCase().includes(gpu.toLowerCase()) ? [i] : []));
  if (meant.length === 1) return meant[0]!;
  const what = meant.length === 0 ? 'There is no GPU' : 'More than one GPU is named';
  throw new DeviceError(`${what} “${gpu}”; this machine has ${list}. Choose by number, xla-cuda:1 for example.`);
}

/** Lets CUDA see this GPU alone, in this process and those that it starts. */
export async function exposeGpu(gpu: string, env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const index = indexOfGpu(gpu, await nvidiaGpus());
  // Else CUDA numbers them by speed.
  env['CUDA_DEVICE_ORDER'] = 'PCI_BUS_ID';
  env['CUDA_VISIBLE_DEVICES'] = String(index);
}
