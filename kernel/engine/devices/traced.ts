/** Rungs on which training steps are traced and run as one graph by ONNX Runtime. */
import { cpus } from 'node:os';
import { loadWasm } from './portable';
import type { Loaded } from './rung';
import { onnxRuntimeFolder, onnxRuntimeVersion } from '../runtimes/onnx/installation';
import { threadCount } from '../variation';

/** Single operations, those of cells among them, run on tfjs's wasm backend; what that lacks, ONNX Runtime lends. */
export async function loadEagerSide(): Promise<string> {
  const { backend } = await loadWasm();
  const { lendKernels } = await import('../runtimes/onnx/lentKernels');
  lendKernels(backend);
  return backend;
}

/** @throws when onnxruntime-node has no binary for this platform */
export async function loadTracedCpu(): Promise<Loaded> {
  const threads = threadCount();
  const description = `CPU, ONNX Runtime ${onnxRuntimeVersion()} (${threads} thread${threads === 1 ? '' : 's'})`;
  return { backend: await loadEagerSide(), runtime: 'cpu', description };
}

/** @throws when there is no adapter, or the package that tells its name is not installed */
export async function loadTracedWebgpu(): Promise<Loaded> {
  const { describeAdapter } = await import('./webgpu');
  const { name, software } = await describeAdapter();
  const backend = await loadEagerSide();
  const description = `${software ? 'CPU, WebGPU in software' : 'GPU, WebGPU'} by ONNX Runtime ${onnxRuntimeVersion()}: ${name}`;
  return {
    backend,
    runtime: 'webgpu',
    description,
    ...(software ? { reservation: `the only adapter is software (${name}), which computes on the CPU` } : {}),
  };
}

/** The library and the processor that the rung on the CPU depends on. */
export function tracedCpuIdentity(): string {
  const processor = cpus()[0]?.model ?? 'unknown';
  const threads = threadCount();
  return [
    onnxRuntimeFolder(),
    onnxRuntimeVersion(),
    threads,
    process.version,
    process.platform,
    process.arch,
    processor,
  ].join(' ');
}

/** Why there can be no traced step: where the install script of ONNX Runtime fails, npm leaves it out. */
export function onnxRuntimeAbsent(): string | undefined {
  try {
    onnxRuntimeFolder();
    return undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    const install = 'ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node';
    return `ONNX Runtime is not installed; \`${install}\` adds it without fetching CUDA’s libraries from nuget.org`;
  }
}
