/**
 * Notes what every spec uses of the backend under test, and lends it what it lacks.
 *
 * Kernels that it does not have, and tensors of types that it cannot hold, are tfjs's own `cpu` backend's business; tfjs
 * moves the values from one to the other. So a spec that uses both runs to its end, and says of itself that it did.
 */
import * as tf from '@tensorflow/tfjs';
import { setTestEnvs } from '@tensorflow/tfjs-core/dist/jasmine_util';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { subject } from './subject';

/** What a spec used: kernels that the backend has, and what it was lent. */
export interface Use {
  readonly kernels: Set<string>;
  readonly lent: Set<string>;
}

let use: Use = { kernels: new Set(), lent: new Set() };

/** What is used from now on is noted here. */
export function beginUse(): Use {
  return (use = { kernels: new Set(), lent: new Set() });
}

const LENT_TYPES = new Set<unknown>(['string', 'complex64']);

function observeKernels(): void {
  for (const { kernelName, kernelFunc } of tf.getKernelsForBackend(subject.backend)) {
    const lowered = subject.kernels.has(kernelName);
    tf.unregisterKernel(kernelName, subject.backend);
    const observed: tf.KernelFunc = (call) => {
      const type = lentTypeOf(call);
      if (type) use.lent.add(`${type} tensors`);
      if (!lowered) use.lent.add(kernelName);
      else if (!type) use.kernels.add(kernelName);
      return lowered && !type ? kernelFunc(call) : runOnCpu(kernelName, call);
    };
    tf.registerKernel({ kernelName, backendName: subject.backend, kernelFunc: observed });
  }
}

type KernelCall = Parameters<tf.KernelFunc>[0];

/** The type among those of its inputs and of the result asked for that the backend cannot hold, if there is one. */
function lentTypeOf({ inputs, attrs }: KernelCall): unknown {
  const types = [attrs?.dtype, ...Object.values(inputs).map((input) => input?.dtype)];
  return types.find((type) => LENT_TYPES.has(type));
}

/** Its inputs move to the `cpu` backend as it reads them; its results are tensors of that backend. */
function runOnCpu(kernelName: string, { inputs, attrs }: KernelCall): tf.TensorInfo | tf.TensorInfo[] {
  const cpu = tf.findBackend('cpu');
  const kernel = tf.getKernel(kernelName, 'cpu');
  if (!kernel) throw new Error(`Neither the ${subject.backend} nor the cpu backend has the kernel ${kernelName}.`);
  const results = kernel.kernelFunc({ inputs, attrs, backend: cpu });
  const tensor = (info: tf.TensorInfo) =>
    info instanceof tf.Tensor ? info : tf.engine().makeTensorFromTensorInfo(info, cpu);
  return Array.isArray(results) ? results.map(tensor) : tensor(results);
}

/** Tensors of strings are made where they can be held. */
function lendStrings(): void {
  const engine = tf.engine();
  const makeTensor = engine.makeTensor.bind(engine);
  engine.makeTensor = (values, shape, dtype, backend) => {
    if (dtype !== 'string' || backend || tf.getBackend() !== subject.backend) {
      return makeTensor(values, shape, dtype, backend);
    }
    use.lent.add('string tensors');
    return makeTensor(values, shape, dtype, tf.findBackend('cpu'));
  };
}

observeKernels();
lendStrings();
setTestEnvs([{ name: subject.backend, backendName: subject.backend, isDataSync: true }]);
