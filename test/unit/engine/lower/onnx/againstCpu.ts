/** tfjs's own CPU kernels as the oracle for their ONNX forms. */
import { expect } from 'vitest';
import { Graph, type Target } from '../../../../../kernel/engine/lower/onnx/graph';
import { lower } from '../../../../../kernel/engine/lower/onnx/lower';
import { ruleOf } from '../../../../../kernel/engine/ops/table';
import { hostTensor, Session } from '../../../../../kernel/engine/runtimes/onnx/session';
import type { Elements, Program, Value } from '../../../../../kernel/engine/trace/program';
import { kernelsOf, type Call, type Ran, type Tensor } from '../../cpuKernels';

export * from '../../cpuKernels';

export interface Tolerance {
  /** The tolerance relative to each number. */
  relative?: number;
  /** Where terms cancel, results are as exact as the largest of them. */
  absolute?: number;
}

/** The kernel's entry in the table, as it is for a target, run on the CPU. */
export function lowered({ kernel, inputs, attrs }: Call, target: Target): Tensor[] {
  let id = 0;
  const values = Object.entries(inputs).map(([name, { shape, dtype }]) => [name, { id: id++, shape, dtype }] as const);
  const named: Record<string, Value> = Object.fromEntries(values);
  const types = ruleOf(kernel)!(named, attrs);
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
