/** Where ONNX Runtime lies: where npm has installed it, or with CUDA's libraries in the extension's storage. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { storageFolder } from '../../storage';

const require = createRequire(import.meta.url);

/** Native parts on the only platform for which there is CUDA, relative to the package. */
export const LINUX_X64 = path.join('bin', 'napi-v6', 'linux', 'x64');
/** The library by which ONNX Runtime computes with CUDA. It has to lie beside the others. */
export const CUDA_PROVIDER = path.join(LINUX_X64, 'libonnxruntime_providers_cuda.so');

/** The package as npm, or the extension, has installed it. @throws when it is not installed */
export function installedOnnxRuntime(): string {
  return path.dirname(require.resolve('onnxruntime-node/package.json'));
}

export function onnxRuntimeVersion(): string {
  return (require('onnxruntime-node/package.json') as { version: string }).version;
}

/** Where the copy with CUDA's libraries is or would be. */
export function cudaCopy(storage: string): string {
  return path.join(storage, `onnxruntime-node-${onnxRuntimeVersion()}`);
}

/** The folder of the package that is used. @throws when it is not installed */
export function onnxRuntimeFolder(): string {
  const installed = installedOnnxRuntime();
  const storage = storageFolder();
  const copy = storage && cudaCopy(storage);
  return copy && existsSync(path.join(copy, CUDA_PROVIDER)) ? copy : installed;
}
