/** What NVIDIA's driver tells about the GPUs. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { wantedPrecision } from './precision';
import type { Precision } from './rung';

export interface NvidiaGpu {
  name: string;
  /** The driver's version. */
  driver: string;
  /** Compute capability: 8 and later are Ampere and later. */
  capability: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** All that `nvidia-smi` lists, in the order of their slots; none when there is none, or no `nvidia-smi`. */
export async function nvidiaGpus(): Promise<NvidiaGpu[]> {
  const query = ['--query-gpu=name,driver_version,compute_cap', '--format=csv,noheader'];
  try {
    return gpusOf((await promisify(execFile)('nvidia-smi', query, { timeout: 5_000 })).stdout);
  } catch {
    // It only adds names: whether CUDA works is for the self-test to say.
    return [];
  }
}

/** The one that CUDA computes on: the first, or the first that the environment lets it see. */
export async function nvidiaGpu(env: Environment = process.env): Promise<NvidiaGpu | undefined> {
  const visible = Number(env['CUDA_VISIBLE_DEVICES']?.split(',')[0] || 0);
  const gpus = await nvidiaGpus();
  return gpus[Number.isInteger(visible) ? visible : 0];
}

/** Lines of `name, driver_version, compute_cap`. */
export function gpusOf(csv: string): NvidiaGpu[] {
  return csv.split('\n').flatMap((line) => {
    const [name, driver, capability] = line.trim().split(/,\s*/);
    return name && driver && capability ? [{ name, driver, capability: Number(capability) }] : [];
  });
}

/** From Ampere on, CUDA's libraries take TF32 for products, unless float32 is asked for. */
export function cudaPrecision(gpu: NvidiaGpu | undefined, env: Environment = process.env): Precision {
  if (wantedPrecision(env) === 'float32') return 'float32';
  return gpu && gpu.capability < 8 ? 'float32' : 'TF32';
}
