/** Runs a program once: host values out. */
import type { Tensor } from 'onnxruntime-node';
import { Graph, type Edge } from '../../lower/onnx/graph';
import { lower } from '../../lower/onnx/lower';
import { elementsOf, sizeOf, type Elements, type Program, type TensorType, type Value } from '../../trace/program';
import { blockSize } from './blockSize';
import { inPlaceSession } from './inPlaceSession';
import { deviceTensor, Session, type InPlaceSession, type Provider } from './session';
import { threadCount } from '../../variation';

/** A program that is compiled and may be run many times. */
export class CompiledProgram {
  private readonly compiled: OnProcessor | OnDevice;

  constructor(program: Program, provider: Provider = 'cpu', threads = threadCount()) {
    const graph = new Graph(provider);
    const edges = new Map<Value, Edge>();
    program.inputs.forEach(({ value }, i) => edges.set(value, graph.input(inputName(i), value.dtype, value.shape)));
    for (const [name, edge] of Object.entries(
      lower(graph, program, edges, provider === 'cpu' ? blockSize() : undefined),
    )) {
      const { dtype, shape } = program.outputs[name]!;
      graph.named(edge, name);
      graph.output(name, dtype, shape);
    }
    const model = graph.model('program');
    this.compiled =
      provider === 'cpu' ? new OnProcessor(program, model, threads) : new OnDevice(program, model, provider, threads);
  }

  /** @param inputs elements of each of the program's inputs, in their order, or a tensor that lies on the provider's device */
  run(inputs: readonly (Elements | Tensor)[]): Record<string, Elements> {
    return this.compiled.run(inputs);
  }

  dispose(): void {
    this.compiled.dispose();
  }
}

const inputName = (i: number) => `input_${i}`;

class OnProcessor {
  private readonly session: InPlaceSession;
  private readonly outputs: readonly (readonly [string, TensorType])[];

  constructor({ inputs, outputs }: Program, model: Uint8Array, threads: number) {
    this.outputs = Object.entries(outputs);
    this.session = inPlaceSession(
      model,
      threads,
      inputs.map(({ value }, i) => ({ name: inputName(i), type: value })),
      this.outputs.map(([name, type]) => ({ name, type })),
    );
  }

  run(inputs: readonly (Elements | Tensor)[]): Record<string, Elements> {
    const results = this.outputs.map(([name, type]) => [name, elementsOf(type.dtype, sizeOf(type))] as const);
    try {
      this.session.run(
        inputs as readonly Elements[],
        results.map(([, elements]) => elements),
      );
    } finally {
      // Many programs stay compiled, and each would keep a batch with its results.
      this.session.forget();
    }
    return Object.fromEntries(results);
  }

  dispose(): void {
    this.session.dispose();
  }
}

class OnDevice {
  private readonly session: Session;

  constructor(
    private readonly program: Program,
    model: Uint8Array,
    provider: Provider,
    threads: number,
  ) {
    this.session = new Session(model, { provider, threads });
  }

  run(inputs: readonly (Elements | Tensor)[]): Record<string, Elements> {
    const feeds: Record<string, Tensor> = {};
    this.program.inputs.forEach(({ value: { dtype, shape } }, i) => {
      const given = inputs[i]!;
      feeds[inputName(i)] = ArrayBuffer.isView(given) ? deviceTensor(given, dtype, shape) : given;
    });
    const names = Object.keys(this.program.outputs);
    const results = this.session.run(feeds, Object.fromEntries(names.map((name) => [name, null])));
    return Object.fromEntries(names.map((name) => [name, results[name]!.data as Elements]));
  }

  dispose(): void {
    this.session.dispose();
  }
}
