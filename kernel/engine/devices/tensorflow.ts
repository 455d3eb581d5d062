/** TensorFlow's own C library, through tfjs-node and tfjs-node-gpu. */
import { createRequire } from 'node:module';
import { builtPackage, requireBuilt, type TensorFlowPackage } from './builtPackage';
import { cudaPrecision, nvidiaGpu } from './nvidia';
import type { Loaded } from './rung';

const require = createRequire(import.meta.url);

/** What the bindings tell about themselves. */
interface TensorFlowBackend {
  isGPUPackage: boolean;
  isUsingGpuDevice: boolean;
  binding: { TF_Version: string };
}

/**
 * What the user has built (`npm run setup:tfjs-node`) goes before what npm has installed.
 *
 * @throws when the package, its native library or, for the GPU package, a GPU is not there
 */
export async function loadTensorFlow(packageName: TensorFlowPackage): Promise<Loaded> {
  const wantsGpu = packageName === '@tensorflow/tfjs-node-gpu';
  // TensorFlow takes all memory of a GPU otherwise, and other kernels find none.
  process.env['TF_FORCE_GPU_ALLOW_GROWTH'] ??= 'true';
  // Its log tells the GPU's name; that of the CPU holds no news.
  if (!wantsGpu) process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '1';
  restoreRemovedUtilities();
  const built = builtPackage(packageName);
  if (built) requireBuilt(built);
  else require(packageName);
  const [tf, { roundIntegers }] = await Promise.all([import('@tensorflow/tfjs'), import('./roundIntegers')]);
  const { isGPUPackage, isUsingGpuDevice, binding } = tf.findBackend('tensorflow') as unknown as TensorFlowBackend;
  if (isGPUPackage !== wantsGpu) throw new Error('this process has loaded the other TensorFlow package already');
  roundIntegers('tensorflow');
  if (!wantsGpu) return { backend: 'tensorflow', description: `CPU, TensorFlow ${binding.TF_Version}` };
  if (!isUsingGpuDevice) throw new Error('it loads, but TensorFlow sees no GPU');
  const gpu = await nvidiaGpu();
  const driver = gpu ? ` (driver ${gpu.driver})` : '';
  // Its name comes from TensorFlow's own log.
  const description = `GPU, TensorFlow ${binding.TF_Version} with CUDA${driver}`;
  return { backend: 'tensorflow', description, precision: cudaPrecision(gpu) };
}

/** tfjs-node calls functions of `node:util` that Node 23 has removed, or warns of. */
function restoreRemovedUtilities(): void {
  const util = require('node:util') as { isNullOrUndefined?: unknown; isArray?: unknown };
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  util.isArray = Array.isArray;
}
