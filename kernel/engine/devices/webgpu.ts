/** WebGPU in Node: Chromium's Dawn, from the npm package `webgpu`. */
import type { Loaded } from './rung';

/** Implementations of Vulkan, Direct3D and OpenGL that compute on the CPU. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|software|\bwarp\b/i;

/** @throws when there is no adapter, or it gives no device */
export async function loadWebgpu(): Promise<Loaded> {
  const dawn = await import('webgpu');
  Object.assign(globalThis, dawn.globals);
  const gpu = dawn.create([]);
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Error('no graphics adapter was found');
  const { vendor, architecture, description, isFallbackAdapter } = adapter.info;
  const name = description || [vendor, architecture].filter(Boolean).join(' ') || 'unnamed adapter';
  const { registerDawnBackend } = await import('./dawnBackend');
  await registerDawnBackend(gpu, adapter);
  if (!isFallbackAdapter && !SOFTWARE.test(`${vendor} ${architecture} ${description}`)) {
    return { backend: 'webgpu', description: `GPU, WebGPU: ${name}` };
  }
  return {
    backend: 'webgpu',
    description: `CPU, WebGPU in software: ${name}`,
    reservation: `the only adapter is software (${name}), which computes on the CPU`,
  };
}
