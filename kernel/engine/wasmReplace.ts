/** Kernels of tfjs's wasm backend that are replaced by our own. */
import * as tf from '@tensorflow/tfjs';

export type Kernel = NonNullable<ReturnType<typeof tf.getKernel>>;
export type KernelArguments = Parameters<Kernel['kernelFunc']>[0];
type Compute = Kernel['kernelFunc'];

interface ReplacedKernel extends Kernel {
  [mark: symbol]: true;
}

/**
 * Registers another kernel in place of one of the backend's, unless `mark` says that this has been done.
 *
 * @param make makes it, given the one before
 * @throws when the wasm backend's kernels are not registered
 */
export function replaceWasmKernel(name: string, mark: symbol, make: (before: Compute) => Compute): void {
  const kernel = tf.getKernel(name, 'wasm') as ReplacedKernel | undefined;
  if (!kernel) throw new Error(`The wasm backend has no kernel ${name}: load @tensorflow/tfjs-backend-wasm first.`);
  if (kernel[mark]) return;
  tf.unregisterKernel(name, 'wasm');
  const replaced: ReplacedKernel = { ...kernel, kernelFunc: make(kernel.kernelFunc), [mark]: true };
  tf.registerKernel(replaced);
}
