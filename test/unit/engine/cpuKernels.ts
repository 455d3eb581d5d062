/** Kernels as tfjs's own cpu backend runs them: the oracle for their shape rules and their lowerings. */
import * as tf from '@tensorflow/tfjs';
import { elementsOf, type Dtype, type Elements, type TensorType } from '../../../kernel/engine/trace/program';

export interface Tensor extends TensorType {
  readonly elements: Elements;
}

/** One kernel that ran on the cpu backend. */
export interface Ran extends Call {
  readonly outputs: readonly Tensor[];
}

/** One kernel that is to run. */
export interface Call {
  readonly kernel: string;
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly attrs: Readonly<Record<string, unknown>>;
}

type Tensors = Readonly<Record<string, tf.Tensor | undefined>>;

/** The kernels that a function runs, in order: each with what tfjs handed to it and what it made of that. */
export function kernelsOf(f: () => unknown): Ran[] {
  const ran: Ran[] = [];
  const kernels = tf.getKernelsForBackend('cpu');
  const originals = kernels.map(({ kernelFunc }) => kernelFunc);
  kernels.forEach((config, i) => {
    config.kernelFunc = (args) => {
      // Copied before it runs: SplitV writes into its attributes.
      const attrs = structuredClone(args.attrs ?? {});
      const inputs = elementsIn(args.inputs);
      const outputs = originals[i]!(args);
      ran.push({ kernel: config.kernelName, inputs, attrs, outputs: [outputs].flat().map(read) });
      return outputs;
    };
  });
  try {
    tf.tidy(() => void f());
  } finally {
    kernels.forEach((config, i) => (config.kernelFunc = originals[i]!));
  }
  return ran;
}

/** A call that the cpu backend has not run. */
export function call(kernel: string, tensors: Tensors, attrs: Call['attrs']): Call {
  return { kernel, inputs: elementsIn(tensors), attrs };
}

/** One kernel, called by its name. */
export function called(kernel: string, inputs: Tensors, attrs: Call['attrs']): Ran {
  const run = () => tf.engine().runKernel(kernel, inputs as tf.NamedTensorMap, attrs as tf.NamedAttrMap);
  return kernelsOf(run).find((ran) => ran.kernel === kernel)!;
}

function elementsIn(tensors: Readonly<Record<string, tf.TensorInfo | undefined>>): Record<string, Tensor> {
  const given = Object.entries(tensors).flatMap(([name, tensor]) => (tensor ? [[name, read(tensor)] as const] : []));
  return Object.fromEntries(given);
}

function read({ dataId, shape, dtype }: tf.TensorInfo): Tensor {
  if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool') throw new Error(`${dtype} is not tested here.`);
  // Outputs are not yet known to the engine.
  const data = tf.backend().readSync(dataId);
  const elements = elementsOf(dtype, data.length);
  // A few kernels of the cpu backend keep int32 and bool as Float32Array.
  elements.set(data as Elements);
  return { shape: [...shape], dtype, elements };
}

// --- tensors to try ---------------------------------------------------------------------------------------------------

/** Normal numbers, the same for the same seed. */
export function normal(shape: number[], seed = 1): tf.Tensor {
  return tf.randomNormal(shape, 0, 1, 'float32', seed);
}

/** Whole numbers from `low` up to, without, `high`. */
export function whole(shape: number[], low: number, high: number, seed = 2): tf.Tensor {
  return tf.randomUniform(shape, low, high, 'float32', seed).floor().toInt();
}

export function booleans(shape: number[], seed = 3): tf.Tensor {
  return tf.randomUniform(shape, 0, 1, 'float32', seed).greater(0.5);
}

export function random(shape: number[], dtype: Dtype): tf.Tensor {
  return { float32: normal, int32: (size: number[]) => whole(size, -9, 10), bool: booleans }[dtype](shape);
}

export const DTYPES = ['float32', 'int32', 'bool'] as const;
