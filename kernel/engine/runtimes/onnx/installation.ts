/** Where ONNX Runtime lies: where npm has installed it. */
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);

/** The folder of the package. @throws when it is not installed */
export function onnxRuntimeFolder(): string {
  return path.dirname(require.resolve('onnxruntime-node/package.json'));
}

export function onnxRuntimeVersion(): string {
  return (require('onnxruntime-node/package.json') as { version: string }).version;
}
