/** What `npm run setup:cuda` comes down to. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { commandLine } from '../engine/commandLine';
import { SetupError } from './setupError';

export const CUDA_USAGE = `Fetches the CUDA libraries of ONNX Runtime, for the device rung traced-cuda.

${commandLine('setup:cuda')}

They come from nuget.org (package Microsoft.ML.OnnxRuntime.Gpu.Linux, hundreds of megabytes) into
node_modules/onnxruntime-node. CUDA 12 and cuDNN 9 themselves, and NVIDIA's driver, must be on this machine.
`;

export interface CudaPlan {
  /** onnxruntime-node's own install script. */
  script: string;
  env: Readonly<Record<string, string>>;
  /** The library that is there when it has worked. */
  provider: string;
}

/**
 * @throws SetupError where ONNX Runtime has no CUDA
 */
export function cudaPlan(machine: { platform: string; arch: string } = process): CudaPlan {
  const { platform, arch } = machine;
  if (platform !== 'linux' || arch !== 'x64') {
    throw new SetupError(
      `onnxruntime-node has CUDA for Linux on x64; this is ${platform} on ${arch}. ` +
        'The rung traced-webgpu uses the GPUs of Windows, macOS and Linux: npm install webgpu',
    );
  }
  const folder = path.dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
  const script = path.join(folder, 'script', 'install.js');
  if (!existsSync(script)) {
    throw new SetupError(`onnxruntime-node has no ${script}, which fetches its libraries. Install it anew.`);
  }
  return {
    script,
    // Not `cuda12`: under `npm run` the script takes that for no wish at all. It goes before a `skip` in the user's .npmrc.
    env: { ONNXRUNTIME_NODE_INSTALL: 'true' },
    provider: path.join(folder, 'bin', 'napi-v6', 'linux', 'x64', 'libonnxruntime_providers_cuda.so'),
  };
}
