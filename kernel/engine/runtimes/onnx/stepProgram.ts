/** A traced step on ONNX Runtime's CPU provider: weights are read, and gradients written, where they lie. */
import type { Tensor } from 'onnxruntime-node';
import { Graph, type Edge } from '../../lower/onnx/graph';
import { lower } from '../../lower/onnx/lower';
import type * as tf from '@tensorflow/tfjs';
import type { Elements, TensorType, Value } from '../../trace/program';
import type { TracedStep } from '../../trace/traceStep';
import { blockSize } from './blockSize';
import { hostTensor, Session } from './session';

/** Where a step's values lie in memory. */
export interface StepMemory {
  /** What a variable holds now. */
  variable(name: string, variable: tf.Variable): Elements;
  /** Where its gradient is wanted. */
  gradient(name: string): Elements;
  /** Where the next value of a state is wanted: never where its present one lies. */
  update(name: string): Elements;
}

export class StepProgram {
  /** States that it computes new values of. */
  readonly updates: readonly string[];
  /** Trainable variables that its loss does not depend on. */
  readonly withoutGradient: readonly string[];
  private readonly session: Session;
  private readonly losses: Record<string, Float32Array>;
  private readonly tensors = new WeakMap<Elements, Tensor>();

  /** @throws when ONNX Runtime refuses the graph */
  constructor(
    private readonly traced: TracedStep,
    private readonly memory: StepMemory,
    threads: number,
  ) {
    const { program, terms, updates } = traced;
    this.updates = updates;
    this.withoutGradient = traced.trainable.filter((name) => !program.outputs[`gradient/${name}`]);
    this.losses = Object.fromEntries([...terms, 'total'].map((name) => [name, new Float32Array(1)]));
    const graph = new Graph('cpu');
    const edges = new Map<Value, Edge>();
    for (const { name, value } of program.inputs) edges.set(value, graph.input(name, value.dtype, value.shape));
    for (const [name, edge] of Object.entries(lower(graph, program, edges, blockSize()))) {
      graph.named(edge, name);
      graph.output(name, program.outputs[name]!.dtype, program.outputs[name]!.shape);
    }
    this.session = new Session(graph.model('training step'), { provider: 'cpu', threads });
  }

  /** Computes the step at these values; the memory's gradients and updates are written, its variables only read. */
  run(given: Readonly<Record<string, Elements>>): Record<string, number> {
    const feeds: Record<string, Tensor> = {};
    for (const input of this.traced.program.inputs) {
      const elements =
        input.kind === 'variable' ? this.memory.variable(input.name, input.variable) : given[input.name]!;
      feeds[input.name] = hostTensor(elements, input.value.dtype, input.value.shape);
    }
    const outputs: Record<string, Tensor> = {};
    for (const [name, type] of Object.entries(this.traced.program.outputs)) {
      outputs[name] = this.tensorOver(this.placeOf(name), type);
    }
    this.session.run(feeds, outputs);
    return Object.fromEntries(Object.entries(this.losses).map(([name, [value]]) => [name, value!]));
  }

  dispose(): void {
    this.session.dispose();
  }

  /** Places in memory stay, so their tensors are made once. */
  private tensorOver(place: Elements, { dtype, shape }: TensorType): Tensor {
    const known = this.tensors.get(place);
    if (known) return known;
    const tensor = hostTensor(place, dtype, shape);
    this.tensors.set(place, tensor);
    return tensor;
  }

  private placeOf(output: string): Elements {
    const [kind, name] = splitOnce(output);
    switch (kind) {
      case 'loss':
        return this.losses[name]!;
      case 'gradient':
        return this.memory.gradient(name);
      case 'update':
        return this.memory.update(name);
      default:
        throw new Error(`A traced step has no output ${output}.`);
    }
  }
}

/** `gradient/encoder/0` is of the kind `gradient` and has the name `encoder/0`. */
function splitOnce(text: string): [string, string] {
  const slash = text.indexOf('/');
  return [text.slice(0, slash), text.slice(slash + 1)];
}
