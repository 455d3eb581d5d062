/** What NVIDIA's driver tells about the GPU. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Precision } from './rung';

export interface NvidiaGpu {
  name: string;
  /** The driver's version. */
  driver: string;
  /** Compute capability: 8 and later are Ampere and later. */
  capability: number;
}

/** The first GPU that `nvidia-smi` lists; undefined when there is none, or no `nvidia-smi`. */
export async function nvidiaGpu(): Promise<NvidiaGpu | undefined> {
  const query = ['--query-gpu=name,driver_version,compute_cap', '--format=csv,noheader'];
  try {
    return gpuOf((await promisify(execFile)('nvidia-smi', query, { timeout: 5_000 })).stdout);
  } catch {
    // It only adds a name: whether CUDA works is for the self-test to say.
    return undefined;
  }
}

/** The first line of `name, driver_version, compute_cap`. */
export function gpuOf(csv: string): NvidiaGpu | undefined {
  const [name, driver, capability] = csv.trim().split('\n')[0]!.split(/,\s*/);
  return name && driver && capability ? { name, driver, capability: Number(capability) } : undefined;
}

/** From Ampere on, CUDA's libraries take TF32 for products, unless the user's environment forbids it. */
export function cudaPrecision(
  gpu: NvidiaGpu | undefined,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Precision {
  if (env['NVIDIA_TF32_OVERRIDE'] === '0') return 'float32';
  return gpu && gpu.capability < 8 ? 'float32' : 'TF32';
}
