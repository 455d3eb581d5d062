/** Runs a program once: host values out. */
import type { Tensor } from 'onnxruntime-node';
import { Graph, type Edge } from '../../lower/onnx/graph';
import { lower } from '../../lower/onnx/lower';
import type { Elements, Program, TensorType, Value } from '../../trace/program';
import { blockSize } from './blockSize';
import { hostTensor, Session, type Provider } from './session';
import { threadCount } from '../../variation';

/** A program that is compiled and may be run many times. */
export class CompiledProgram {
  private readonly session: Session;
  private readonly outputs: readonly (readonly [string, TensorType])[];

  constructor(
    private readonly program: Program,
    provider: Provider = 'cpu',
    threads = threadCount(),
  ) {
    const graph = new Graph(provider);
    const edges = new Map<Value, Edge>();
    program.inputs.forEach(({ value }, i) => edges.set(value, graph.input(`input_${i}`, value.dtype, value.shape)));
    this.outputs = Object.entries(program.outputs);
    for (const [name, edge] of Object.entries(
      lower(graph, program, edges, provider === 'cpu' ? blockSize() : undefined),
    )) {
      const { dtype, shape } = program.outputs[name]!;
      graph.named(edge, name);
      graph.output(name, dtype, shape);
    }
    this.session = new Session(graph.model('program'), { provider, threads });
  }

  /** @param inputs elements of each of the program's inputs, in their order, or a tensor that lies on the provider's device */
  run(inputs: readonly (Elements | Tensor)[]): Record<string, Elements> {
    const feeds: Record<string, Tensor> = {};
    this.program.inputs.forEach(({ value: { dtype, shape } }, i) => {
      const given = inputs[i]!;
      feeds[`input_${i}`] = ArrayBuffer.isView(given) ? hostTensor(given, dtype, shape) : given;
    });
    const results = this.session.run(feeds, Object.fromEntries(this.outputs.map(([name]) => [name, null])));
    return Object.fromEntries(this.outputs.map(([name]) => [name, results[name]!.data as Elements]));
  }

  dispose(): void {
    this.session.dispose();
  }
}
