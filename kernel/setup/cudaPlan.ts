/** What `npm run setup:cuda` comes down to. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { commandLine } from '../engine/commandLine';
import { CUDA_PROVIDER, cudaCopy, installedOnnxRuntime } from '../engine/runtimes/onnx/installation';
import { storageFolder } from '../engine/storage';
import { SetupError } from './setupError';

export const CUDA_USAGE = `Fetches the CUDA libraries of ONNX Runtime, for the device rung traced-cuda.

${commandLine('setup:cuda')}

They come from nuget.org (package Microsoft.ML.OnnxRuntime.Gpu.Linux, hundreds of megabytes) into
node_modules/onnxruntime-node, or where the extension asks for them, into a copy of it in the extension's storage. CUDA 12 and cuDNN 9 themselves, and NVIDIA's driver, must be on this machine.
`;

export interface CudaPlan {
  /** The package as it is installed. */
  installed: string;
  /** Where the libraries go: the package itself, or a copy that is made for them. */
  folder: string;
  /** onnxruntime-node's own install script. */
  script: string;
  env: Readonly<Record<string, string>>;
  /** The library that is there when it has worked. */
  provider: string;
}

/**
 * @throws SetupError where ONNX Runtime has no CUDA
 */
export function cudaPlan(
  machine: { platform: string; arch: string } = process,
  storage: string | undefined = storageFolder(),
): CudaPlan {
  const { platform, arch } = machine;
  if (platform !== 'linux' || arch !== 'x64') {
    throw new SetupError(
      `onnxruntime-node has CUDA for Linux on x64; this is ${platform} on ${arch}. ` +
        'The rung traced-webgpu uses the GPUs of Windows, macOS and Linux: npm install webgpu',
    );
  }
  const installed = installedOnnxRuntime();
  const script = path.join(installed, 'script', 'install.js');
  if (!existsSync(script)) {
    throw new SetupError(`onnxruntime-node has no ${script}, which fetches its libraries. Install it anew.`);
  }
  const folder = storage === undefined ? installed : cudaCopy(storage);
  return {
    installed,
    folder,
    script: path.join(folder, 'script', 'install.js'),
    // Not `cuda12`: under `npm run` the script takes that for no wish at all. It goes before a `skip` in the user's .npmrc.
    env: { ONNXRUNTIME_NODE_INSTALL: 'true' },
    provider: path.join(folder, CUDA_PROVIDER),
  };
}
