/** WebGPU in Node: Chromium's Dawn, from the npm package `webgpu`. */
import { importDawn } from './dawn';
import type { Loaded } from './rung';

/** Implementations of Vulkan, Direct3D and OpenGL that compute on the CPU. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|software|\bwarp\b/i;

/** @throws when there is no adapter, or it gives no device */
export async function loadWebgpu(): Promise<Loaded> {
  const { gpu, adapter } = await requestAdapter();
  const { name, software } = named(adapter.info);
  const { registerDawnBackend } = await import('./dawnBackend');
  await registerDawnBackend(gpu, adapter);
  if (!software) return { backend: 'webgpu', description: `GPU, WebGPU: ${name}` };
  return {
    backend: 'webgpu',
    description: `CPU, WebGPU in software: ${name}`,
    reservation: `the only adapter is software (${name}), which computes on the CPU`,
  };
}

/** The adapter that WebGPU takes on this machine. @throws when there is none */
export async function describeAdapter(): Promise<AdapterName> {
  return named((await requestAdapter()).adapter.info);
}

interface AdapterName {
  name: string;
  /** Computes on the CPU. */
  software: boolean;
}

async function requestAdapter(): Promise<{ gpu: GPU; adapter: GPUAdapter }> {
  const dawn = await importDawn();
  Object.assign(globalThis, dawn.globals);
  const gpu = dawn.create([]);
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Error('no graphics adapter was found');
  return { gpu, adapter };
}

function named({ vendor, architecture, description, isFallbackAdapter }: GPUAdapterInfo): AdapterName {
  const name = description || [vendor, architecture].filter(Boolean).join(' ') || 'unnamed adapter';
  return { name, software: isFallbackAdapter || SOFTWARE.test(`${vendor} ${architecture} ${description}`) };
}
