import * as tf from '@tensorflow/tfjs';
import type { Call, Elements, Program, ProgramInput, Value } from './program';
import { TraceRefusal } from './refusal';
import { RecordingBackend, registerRecording, type DataId } from './recordingBackend';

/** Computes a program. @param inputs elements of each of its inputs, in their order */
export type Compute = (program: Program, inputs: readonly Elements[]) => Record<string, Elements>;

/**
 * A tfjs backend that records kernels and computes them when their result is read, all at once, as a traced step is
 * computed: what tfjs's own tests say of it they say of the lowerings.
 */
export class LazyBackend extends RecordingBackend {
  private readonly known = new WeakMap<Value, Elements>();
  private readonly origins = new WeakMap<Value, Call>();

  constructor(private readonly compute: Compute) {
    super();
  }

  override readSync(dataId: DataId): Elements {
    const value = this.original(dataId);
    if (!value) throw new Error('This tensor is not on the lazy backend.');
    return this.elementsOf(value).slice();
  }

  override async read(dataId: DataId): Promise<Elements> {
    return this.readSync(dataId);
  }

  protected override record(call: Call): void {
    for (const output of call.outputs) this.origins.set(output, call);
  }

  protected override refused(reason: string): TraceRefusal {
    return new TraceRefusal(reason);
  }

  protected override written(value: Value, elements: Elements): void {
    this.known.set(value, elements);
  }

  protected override foreign(tensor: tf.TensorInfo): Value {
    tf.engine().moveData(this, tensor.dataId);
    return this.valueFor(tensor);
  }

  private elementsOf(value: Value): Elements {
    const known = this.known.get(value);
    if (known) return known;
    const { program, inputs } = this.programFor(value);
    const { result } = this.compute(program, inputs);
    this.known.set(value, result!);
    return result!;
  }

  /** What has to run for a value; what is known already is an input. */
  private programFor(result: Value): { program: Program; inputs: Elements[] } {
    const calls: Call[] = [];
    const inputs: (ProgramInput & { elements: Elements })[] = [];
    const visited = new Set<Value | Call>();
    const visit = (value: Value): void => {
      if (visited.has(value)) return;
      visited.add(value);
      const elements = this.known.get(value);
      if (elements) {
        inputs.push({ kind: 'argument', name: `${inputs.length}`, value, elements });
        return;
      }
      const call = this.origins.get(value);
      if (!call) throw new Error(`Value ${value.id} has no origin.`);
      if (visited.has(call)) return;
      visited.add(call);
      Object.values(call.inputs).forEach(visit);
      calls.push(call);
    };
    visit(result);
    const program = { inputs, constants: [], calls, outputs: { result } };
    return { program, inputs: inputs.map(({ elements }) => elements) };
  }
}

/** Registers it as the tfjs backend `lowered`. */
export function registerLazyBackend(compute: Compute): void {
  registerRecording('lowered', () => new LazyBackend(compute));
}
