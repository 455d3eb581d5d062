/** A traced step on ONNX Runtime's CPU provider: weights are read, and gradients written, where they lie. */
import { Graph, type Edge } from '../../lower/onnx/graph';
import { lower } from '../../lower/onnx/lower';
import type * as tf from '@tensorflow/tfjs';
import type { Elements, Value } from '../../trace/program';
import type { TracedStep } from '../../trace/traceStep';
import { blockSize } from './blockSize';
import { inPlaceSession } from './inPlaceSession';
import type { InPlaceSession } from './session';

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
  private readonly session: InPlaceSession;
  private readonly losses: Record<string, Float32Array>;
  private readonly outputs: readonly string[];

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
    this.outputs = Object.keys(program.outputs);
    this.session = inPlaceSession(
      graph.model('training step'),
      threads,
      program.inputs.map(({ name, value }) => ({ name, type: value })),
      this.outputs.map((name) => ({ name, type: program.outputs[name]! })),
    );
  }

  /** Computes the step at these values; the memory's gradients and updates are written, its variables only read. */
  run(given: Readonly<Record<string, Elements>>): Record<string, number> {
    const inputs = this.traced.program.inputs.map((input) =>
      input.kind === 'variable' ? this.memory.variable(input.name, input.variable) : given[input.name]!,
    );
    this.session.run(
      inputs,
      this.outputs.map((name) => this.placeOf(name)),
    );
    return Object.fromEntries(Object.entries(this.losses).map(([name, [value]]) => [name, value!]));
  }

  dispose(): void {
    this.session.dispose();
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
