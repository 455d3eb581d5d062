/** tfjs's own CPU kernels as the oracle for their ONNX forms. */
import * as tf from '@tensorflow/tfjs';
import { expect } from 'vitest';
import { Graph, type Target } from '../../../../kernel/engine/lower/graph';
import { lower } from '../../../../kernel/engine/lower/lower';
import { loweringOf } from '../../../../kernel/engine/lower/table';
import { hostTensor, Session } from '../../../../kernel/engine/runtimes/onnx/session';
import {
  elementsOf,
  type Dtype,
  type Elements,
  type Program,
  type TensorType,
  type Value,
} from '../../../../kernel/engine/trace/program';

interface Tensor extends TensorType {
  readonly elements: Elements;
}

/** One kernel that ran on the cpu backend. */
export interface Ran extends Call {
  readonly outputs: readonly Tensor[];
}

/** One kernel that is to run. */
interface Call {
  readonly kernel: string;
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly attrs: Readonly<Record<string, unknown>>;
}

type Tensors = Readonly<Record<string, tf.Tensor | undefined>>;

export interface Tolerance {
  /** The tolerance relative to each number. */
  relative?: number;
  /** Where terms cancel, results are as exact as the largest of them. */
  absolute?: number;
}

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

/** The kernel's entry in the table, as it is for a target, run on the CPU. */
export function lowered({ kernel, inputs, attrs }: Call, target: Target): Tensor[] {
  let id = 0;
  const values = Object.entries(inputs).map(([name, { shape, dtype }]) => [name, { id: id++, shape, dtype }] as const);
  const named: Record<string, Value> = Object.fromEntries(values);
  const types = loweringOf(kernel)!.infer(named, attrs);
  const outputs = types.map(({ shape, dtype }) => ({ id: id++, shape, dtype }));
  const program: Program = {
    inputs: values.map(([name, value]) => ({ kind: 'argument', name, value })),
    constants: [],
    calls: [{ kernel, inputs: named, attrs, outputs }],
    outputs: Object.fromEntries(outputs.map((output, i) => [`output_${i}`, output])),
  };
  const feeds = values.map(([name, value]) => [`input_${name}`, { ...value, ...inputs[name]! }] as const);
  return compute(program, feeds, target).map((elements, i) => ({ ...types[i]!, elements }));
}

/**
 * Says that a function's kernel has the same shapes, types and numbers in its ONNX forms: the one for the CPU, and the
 * one without the operators that WebGPU lacks.
 *
 * @param kernel one that it must run; others that it runs are passed over
 */
export function expectSame(kernel: string, f: () => unknown, tolerance: Tolerance = {}): void {
  const ran = kernelsOf(f).filter((each) => each.kernel === kernel);
  expect(ran, `kernels named ${kernel}`).not.toHaveLength(0);
  for (const each of ran) expectLowered(each, tolerance);
}

/** Says the same of one kernel that ran. */
export function expectLowered(ran: Ran, tolerance: Tolerance = {}): void {
  for (const target of ['cpu', 'webgpu'] as const) {
    const found = lowered(ran, target);
    const type = ({ shape, dtype }: Tensor) => ({ shape: [...shape], dtype });
    expect(found.map(type), `${ran.kernel} for ${target}`).toEqual(ran.outputs.map(type));
    found.forEach(({ elements }, i) => expectNear(elements, ran.outputs[i]!.elements, tolerance));
  }
}

export function expectNear(found: Elements, expected: Elements, { relative = 1e-6, absolute = 1e-7 }: Tolerance): void {
  expect(found).toHaveLength(expected.length);
  const differing = Array.from(expected).flatMap((number, i) => {
    const other = found[i]!;
    const near = Object.is(number, other) || Math.abs(number - other) <= absolute + relative * Math.abs(number);
    return near || number === other ? [] : [{ i, expected: number, found: other }];
  });
  expect(differing.slice(0, 5)).toEqual([]);
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

function compute(program: Program, inputs: readonly (readonly [string, Tensor & Value])[], target: Target): Elements[] {
  const graph = new Graph(target);
  const edges = new Map<Value, string>();
  program.inputs.forEach(({ value }, i) => {
    edges.set(value, graph.input(inputs[i]![0], value.dtype, value.shape));
  });
  const names = Object.keys(program.outputs);
  for (const [name, edge] of Object.entries(lower(graph, program, edges))) {
    const { dtype, shape } = program.outputs[name]!;
    graph.named(edge, name);
    graph.output(name, dtype, shape);
  }
  const session = new Session(graph.model('kernel'), { provider: 'cpu' });
  const feeds = inputs.map(([name, { elements, dtype, shape }]) => [name, hostTensor(elements, dtype, shape)] as const);
  const results = session.run(Object.fromEntries(feeds), Object.fromEntries(names.map((name) => [name, null])));
  session.dispose();
  return names.map((name) => results[name]!.data as Elements);
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
