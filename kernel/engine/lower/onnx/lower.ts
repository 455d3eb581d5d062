/** Programs become ONNX graphs. */
import { LoweringError, ProgramLoweringError } from '../loweringError';
import type { Call, Program, Value } from '../../trace/program';
import { inLayouts } from './blocked/kernels';
import { Layouts } from './blocked/layouts';
import type { Edge, Graph } from './graph';
import { simplified } from '../simplify';
import { loweringOf } from './table';

/**
 * Adds the program's nodes to the graph.
 *
 * @param inputs where each input of the program is in the graph
 * @param block channels of a block, where convolutions are to have layouts of their own ({@link Layouts}); without it all
 * values are laid out as tfjs has them
 * @returns where each output is
 * @throws {ProgramLoweringError} when a kernel has no ONNX form, showing where in the program
 */
export function lower(
  graph: Graph,
  program: Program,
  inputs: ReadonlyMap<Value, Edge>,
  block?: number,
): Record<string, Edge> {
  const simple = simplified(program);
  const layouts = new Layouts(graph, block ?? 1, simple);
  for (const [value, edge] of inputs) layouts.place(value, 'last', edge);
  for (const { value, elements } of simple.constants) {
    layouts.place(value, 'last', graph.constant(elements, value.dtype, value.shape));
  }
  for (const call of simple.calls) {
    try {
      if (block === undefined || !inLayouts(layouts, call)) asTabled(layouts, call);
    } catch (error) {
      throw error instanceof LoweringError ? new ProgramLoweringError(error, simple, call) : error;
    }
  }
  return Object.fromEntries(Object.entries(simple.outputs).map(([name, value]) => [name, layouts.plain(value)]));
}

/** By the table of all kernels, which reads and writes values as tfjs has them. */
function asTabled(layouts: Layouts, { kernel, inputs, attrs, outputs }: Call): void {
  const lowering = loweringOf(kernel);
  if (!lowering) throw new LoweringError('it has no ONNX form here');
  const operands = Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [name, { ...value, edge: layouts.plain(value) }]),
  );
  const computed = lowering.nodes(layouts.graph, operands, attrs, outputs);
  outputs.forEach((output, i) => layouts.place(output, 'last', computed[i]!));
}
