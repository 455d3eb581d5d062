/** TensorFlow's own C library, through tfjs-node and tfjs-node-gpu. */
import { createRequire } from 'node:module';
import type { Loaded } from './rung';

const require = createRequire(import.meta.url);

/** What the bindings tell about themselves. */
interface TensorFlowBackend {
  isGPUPackage: boolean;
  isUsingGpuDevice: boolean;
}

/** @throws when the package, its native library or, for the GPU package, a GPU is not there */
export async function loadTensorFlow(
  packageName: '@tensorflow/tfjs-node' | '@tensorflow/tfjs-node-gpu',
): Promise<Loaded> {
  // TensorFlow takes all memory of a GPU otherwise, and other kernels find none.
  process.env['TF_FORCE_GPU_ALLOW_GROWTH'] ??= 'true';
  restoreRemovedUtilities();
  require(packageName);
  const tf = await import('@tensorflow/tfjs');
  const { isGPUPackage, isUsingGpuDevice } = tf.findBackend('tensorflow') as unknown as TensorFlowBackend;
  const wantsGpu = packageName === '@tensorflow/tfjs-node-gpu';
  if (isGPUPackage !== wantsGpu) throw new Error('this process has loaded the other TensorFlow package already');
  if (!wantsGpu) return { backend: 'tensorflow', description: 'CPU, TensorFlow' };
  if (!isUsingGpuDevice) throw new Error('it loads, but TensorFlow sees no GPU');
  return { backend: 'tensorflow', description: 'GPU, TensorFlow with CUDA' };
}

/** tfjs-node calls functions of `node:util` that Node 23 has removed. */
function restoreRemovedUtilities(): void {
  const util = require('node:util') as { isNullOrUndefined?: unknown; isArray?: unknown };
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  util.isArray ??= Array.isArray;
}
