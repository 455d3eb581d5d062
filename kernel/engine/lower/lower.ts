/** Programs become ONNX graphs. */
import type { Program, Value } from '../trace/program';
import type { Edge, Graph } from './graph';
import { LoweringError, type Operand } from './lowering';
import { simplified } from './simplify';
import { loweringOf } from './table';

/**
 * Adds the program's nodes to the graph.
 *
 * @param inputs where each input of the program is in the graph
 * @returns where each output is
 * @throws {LoweringError} when a kernel has no ONNX form
 */
export function lower(graph: Graph, program: Program, inputs: ReadonlyMap<Value, Edge>): Record<string, Edge> {
  const edges = new Map(inputs);
  const { constants, calls, outputs: results } = simplified(program);
  for (const { value, elements } of constants) {
    edges.set(value, graph.constant(elements, value.dtype, value.shape));
  }
  const operand = (value: Value): Operand => {
    const edge = edges.get(value);
    if (edge === undefined) throw new Error(`The program uses value ${value.id} before it computes it.`);
    return { edge, shape: value.shape, dtype: value.dtype };
  };
  for (const { kernel, inputs: values, attrs, outputs } of calls) {
    const lowering = loweringOf(kernel);
    if (!lowering) throw new LoweringError(`the kernel ${kernel} has no ONNX form here`);
    const operands = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, operand(value)]));
    const computed = lowering.nodes(graph, operands, attrs, outputs);
    outputs.forEach((output, i) => edges.set(output, computed[i]!));
  }
  return Object.fromEntries(Object.entries(results).map(([name, value]) => [name, operand(value).edge]));
}
