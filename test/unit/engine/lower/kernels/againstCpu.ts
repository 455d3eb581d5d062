/** tfjs's own CPU kernels as the oracle for their ONNX forms, and for their StableHLO forms where there is a plugin. */
import { afterEach, expect } from 'vitest';
import { Graph, type Target } from '../../../../../kernel/engine/lower/onnx/graph';
import { lower } from '../../../../../kernel/engine/lower/onnx/lower';
import { stableHlo } from '../../../../../kernel/engine/lower/stablehlo/lower';
import { ruleOf } from '../../../../../kernel/engine/ops/table';
import { hostTensor, Session } from '../../../../../kernel/engine/runtimes/onnx/session';
import type { Elements, Program, Value } from '../../../../../kernel/engine/trace/program';
import { CompiledProgram } from '../../../../../kernel/engine/runtimes/pjrt/compute';
import { kernelsOf, type Call, type Ran, type Tensor } from '../../cpuKernels';
import { PLUGIN, sayWithoutPlugin, xlaClient } from '../../xlaPlugin';

export * from '../../cpuKernels';

export interface Tolerance {
  /** The tolerance relative to each number. */
  relative?: number;
  /** Where terms cancel, results are as exact as the largest of them. */
  absolute?: number;
}

sayWithoutPlugin('the same kernels on XLA');

/** What XLA has been asked in this test and not answered yet. */
const pending: Promise<void>[] = [];

afterEach(async () => {
  await Promise.all(pending.splice(0));
});

/** The kernel's entry in the table, as it is for a target, run on the CPU. */
export function lowered({ kernel, inputs, attrs }: Call, target: Target): Tensor[] {
  const program = programOf({ kernel, inputs, attrs });
  const feeds = program.inputs.map(({ name, value }) => [`input_${name}`, { ...value, ...inputs[name]! }] as const);
  const types = Object.values(program.outputs);
  return compute(program, feeds, target).map((elements, i) => ({ ...types[i]!, elements }));
}

/** A program of this kernel alone. */
export function programOf({ kernel, inputs, attrs }: Call): Program {
  let id = 0;
  const values = Object.entries(inputs).map(([name, { shape, dtype }]) => [name, { id: id++, shape, dtype }] as const);
  const named: Record<string, Value> = Object.fromEntries(values);
  const types = ruleOf(kernel)!(named, attrs);
  const outputs = types.map(({ shape, dtype }) => ({ id: id++, shape, dtype }));
  return {
    inputs: values.map(([name, value]) => ({ kind: 'argument', name, value })),
    constants: [],
    calls: [{ kernel, inputs: named, attrs, outputs }],
    outputs: Object.fromEntries(outputs.map((output, i) => [`output_${i}`, output])),
  };
}

/**
 * Says that a function's kernel has the same shapes, types and numbers in its ONNX forms: the one for the CPU, and the
 * one without the operators that WebGPU lacks; and in StableHLO, whose shapes and types are looked at without a plugin, too.
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
  // Throws where a type is not the kernel's.
  stableHlo(programOf(ran));
  if (PLUGIN) pending.push(expectOnXla(ran, tolerance));
}

async function expectOnXla(ran: Ran, tolerance: Tolerance): Promise<void> {
  const program = programOf(ran);
  const compiled = await CompiledProgram.compile(await xlaClient(), program);
  const results = await compiled.run(program.inputs.map(({ name }) => ran.inputs[name]!.elements));
  compiled.dispose();
  Object.values(results).forEach((elements, i) => expectNear(elements, ran.outputs[i]!.elements, tolerance));
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
