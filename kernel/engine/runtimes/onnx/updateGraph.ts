/** A step with its optimizer as one graph. */
import { Graph, type Edge, type Target } from '../../lower/onnx/graph';
import { lower } from '../../lower/onnx/lower';
import type { Value } from '../../trace/program';
import type { TracedUpdate } from '../../trace/traceStep';

/** Inputs and outputs are named as in the program. */
export function updateGraph({ program }: TracedUpdate, target: Target): Uint8Array {
  const graph = new Graph(target);
  const edges = new Map<Value, Edge>();
  for (const { name, value } of program.inputs) edges.set(value, graph.input(name, value.dtype, value.shape));
  for (const [name, edge] of Object.entries(lower(graph, program, edges))) {
    const { dtype, shape } = program.outputs[name]!;
    graph.named(edge, name);
    graph.output(name, dtype, shape);
  }
  return graph.model('training step');
}
