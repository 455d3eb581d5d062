import * as tf from '@tensorflow/tfjs';
import { newValue } from './program';
import type { Call, Dtype, Elements, Program, ProgramInput, TensorType, Value } from './program';
import { RecordingBackend, registerRecording, withBackend, type DataId } from './recordingBackend';
import { TraceRefusal } from './refusal';

const BACKEND = 'trace';

/** Whether a step is being recorded: its tensors have no values, and asking for one makes it refused. */
export function tracing(): boolean {
  return tf.getBackend() === BACKEND;
}

/** Records what runs on it; nothing is computed, so that a read has no answer and is refused. */
class TracingBackend extends RecordingBackend {
  private recording = new Recording([]);

  /** Records into this from now on. */
  begin(recording: Recording): void {
    this.dispose();
    this.recording = recording;
  }

  override readSync(): never {
    throw this.recording.refuse('reads a value inside the step (dataSync, arraySync or print)');
  }

  /** Never answers: nobody inside a step could wait for it, and a rejection that nobody waits for ends processes. */
  override read(): Promise<never> {
    this.recording.refuse('reads a value inside the step (data or array)');
    return new Promise(() => {});
  }

  protected override record(call: Call): void {
    this.recording.calls.push(call);
  }

  protected override written(value: Value, elements: Elements): void {
    this.recording.constants.push({ value, elements });
  }

  protected override foreign(tensor: tf.TensorInfo): Value {
    return this.recording.foreign(tensor);
  }
}

/** One tracing under way. */
class Recording {
  readonly calls: Call[] = [];
  readonly constants: { value: Value; elements: Elements }[] = [];
  readonly inputs: ProgramInput[] = [];
  /** The first refusal: code under trace may have caught it. */
  refusal: TraceRefusal | undefined;
  private readonly variables = new Map<tf.Variable, Value>();
  private readonly tensors = new Map<DataId, Map<string, Value>>();

  constructor(private readonly named: readonly (readonly [string, tf.Variable])[]) {}

  refuse(reason: string): TraceRefusal {
    const refusal = new TraceRefusal(reason);
    this.refusal ??= refusal;
    return refusal;
  }

  argument(name: string, type: TensorType): Value {
    const value = newValue(type);
    this.inputs.push({ kind: 'argument', name, value });
    return value;
  }

  foreign(tensor: tf.TensorInfo): Value {
    return tensor instanceof tf.Variable ? this.variable(tensor) : this.captured(tensor);
  }

  /** A variable is an input, whether or not the step trains it: it may have another value at the next run. */
  private variable(variable: tf.Variable): Value {
    const known = this.variables.get(variable);
    if (known) return known;
    const value = newValue({ shape: variable.shape, dtype: this.dtypeOf(variable) });
    const name = this.named.find(([, candidate]) => candidate === variable)?.[0] ?? `outside/${variable.name}`;
    this.inputs.push({ kind: 'variable', name, value, variable });
    this.variables.set(variable, value);
    return value;
  }

  /** Any other tensor from outside never changes: it is a constant. A dataId may be seen in several shapes. */
  private captured(tensor: tf.TensorInfo): Value {
    const shapes = this.tensors.get(tensor.dataId) ?? new Map<string, Value>();
    this.tensors.set(tensor.dataId, shapes);
    const known = shapes.get(tensor.shape.join());
    if (known) return known;
    const value = newValue({ shape: tensor.shape, dtype: this.dtypeOf(tensor) });
    this.constants.push({ value, elements: this.elementsOf(tensor) });
    shapes.set(tensor.shape.join(), value);
    return value;
  }

  private dtypeOf({ dtype }: tf.TensorInfo): Dtype {
    if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
    throw this.refuse(`tensors of type ${dtype} have no traced form`);
  }

  private elementsOf(tensor: tf.TensorInfo): Elements {
    try {
      return tf.engine().readSync(tensor.dataId) as Elements;
    } catch (error) {
      throw this.refuse(`a tensor from outside the step cannot be read here: ${(error as Error).message}`);
    }
  }
}

export interface TraceRequest {
  /** What the function is called with, by name. */
  readonly arguments: Readonly<Record<string, TensorType>>;
  /** Names for variables that it may use; others go by the names tfjs gave them. */
  readonly variables: Readonly<Record<string, tf.Variable>>;
}

/**
 * The program that a function of tensors runs.
 *
 * It is called twice, so that a number which JavaScript makes anew at each call (a random one, a counter) is not taken
 * for a constant.
 *
 * @param f its results are disposed, also those that it keeps
 * @throws {TraceRefusal} when it reads values, runs an operation that has no traced form, assigns a variable, or runs
 * differently the second time
 */
export function trace(
  f: (tensors: Record<string, tf.Tensor>) => Record<string, tf.Tensor>,
  request: TraceRequest,
): Program {
  const first = traceOnce(f, request);
  const difference = differenceBetween(first, traceOnce(f, request));
  if (difference) throw new TraceRefusal(difference);
  return first;
}

function traceOnce(
  f: (tensors: Record<string, tf.Tensor>) => Record<string, tf.Tensor>,
  { arguments: types, variables }: TraceRequest,
): Program {
  registerRecording(BACKEND, () => new TracingBackend());
  const recording = new Recording(Object.entries(variables));
  const guard = new AssignmentGuard();
  const allowReads = refuseVariableReads(recording);
  const known = new Set(Object.values(tf.engine().registeredVariables));
  const { stackTraceLimit } = Error;
  const { numTensors, numBytes, numDataBuffers } = tf.engine().state;
  // A refusal names the user's line, which lies below many frames of tfjs.
  Error.stackTraceLimit = 100;
  try {
    const outputs: Record<string, Value> = {};
    withBackend(BACKEND, () => {
      const backend = tf.backend() as TracingBackend;
      backend.begin(recording);
      tf.tidy(() => {
        const results = f(placeholders(types, recording, backend));
        for (const [name, tensor] of Object.entries(results)) outputs[name] = backend.valueFor(tensor);
        // Those that were kept, too.
        tf.dispose(results);
      });
    });
    if (recording.refusal) throw recording.refusal;
    const { inputs, constants, calls } = recording;
    return { inputs, constants, calls, outputs };
  } catch (error) {
    // Tensors that the tape had kept hold nothing, yet tfjs would count them for ever.
    Object.assign(tf.engine().state, { numTensors, numBytes, numDataBuffers });
    // What the code under trace made of a refusal says less than the refusal.
    throw recording.refusal ?? error;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    allowReads();
    guard.check();
    refuseNewVariables(known);
  }
}

function placeholders(
  types: Readonly<Record<string, TensorType>>,
  recording: Recording,
  backend: TracingBackend,
): Record<string, tf.Tensor> {
  const tensors: Record<string, tf.Tensor> = {};
  for (const [name, type] of Object.entries(types)) {
    const info = backend.tensorInfo(recording.argument(name, type));
    tensors[name] = tf.engine().makeTensorFromTensorInfo(info, backend);
  }
  return tensors;
}

/**
 * A variable lives on another backend, which would answer a read: with a number that is right for this step alone.
 *
 * @returns what ends it
 */
function refuseVariableReads(recording: Recording): () => void {
  const engine = tf.engine();
  const { readSync, read } = engine;
  const check = (dataId: DataId): void => {
    const variable = Object.values(engine.registeredVariables).find((candidate) => candidate.dataId === dataId);
    if (variable) throw recording.refuse(`reads the variable ${variable.name} inside the step`);
  };
  engine.readSync = (dataId) => {
    check(dataId);
    return readSync.call(engine, dataId);
  };
  engine.read = (dataId) => {
    check(dataId);
    return read.call(engine, dataId);
  };
  return () => void Object.assign(engine, { readSync, read });
}

/**
 * A variable made under trace has no values, now or later: no runtime could go on with it.
 *
 * @throws a plain error, for an eager step would fail as well
 */
function refuseNewVariables(known: ReadonlySet<tf.Variable>): void {
  const made = Object.values(tf.engine().registeredVariables).filter((variable) => !known.has(variable));
  for (const variable of made) variable.dispose();
  if (made[0]) {
    throw new Error(
      `The step makes the variable ${made[0].name}: make variables and layers before, in the constructor.`,
    );
  }
}

/** An assignment under trace would replace a variable's values by none: it is undone, and refused. */
class AssignmentGuard {
  private readonly held = Object.values(tf.engine().registeredVariables).map((variable) => {
    const { dataId } = variable;
    return { variable, dataId, copy: tf.tidy(() => tf.keep(variable.clone())) };
  });

  check(): void {
    const assigned = this.held.filter(({ variable, dataId }) => !variable.isDisposed && variable.dataId !== dataId);
    for (const { variable, copy } of assigned) variable.assign(copy);
    for (const { copy } of this.held) copy.dispose();
    if (assigned[0]) {
      throw new TraceRefusal(`assigns to the variable ${assigned[0].variable.name} inside the step`);
    }
  }
}

/** What differs between two traces of one function; undefined when nothing does. */
function differenceBetween(first: Program, second: Program): string | undefined {
  const others = new Map<Value, Value>();
  const pair = (a: Value, b: Value) => others.set(a, b);
  const same = (a: Value, b: Value) => others.get(a) === b;
  if (first.constants.length !== second.constants.length || first.calls.length !== second.calls.length) {
    return 'runs other operations at each call';
  }
  if (first.inputs.length !== second.inputs.length) return 'uses other variables at each call';
  for (const [i, input] of first.inputs.entries()) {
    const other = second.inputs[i]!;
    const variableOf = (one: ProgramInput) => (one.kind === 'variable' ? one.variable : one.name);
    if (variableOf(input) !== variableOf(other))
      return `uses other variables at each call: ${input.name}, then ${other.name}`;
    pair(input.value, other.value);
  }
  for (const [i, { value, elements }] of first.constants.entries()) {
    const other = second.constants[i]!;
    pair(value, other.value);
    if (elements.length !== other.elements.length || elements.some((e, j) => !Object.is(e, other.elements[j]))) {
      return 'uses a value that JavaScript makes anew at each call (random, or counted): hand it in as an input';
    }
  }
  for (const [i, call] of first.calls.entries()) {
    const other = second.calls[i]!;
    const inputs = Object.entries(call.inputs);
    const alike =
      call.kernel === other.kernel &&
      inputs.length === Object.keys(other.inputs).length &&
      inputs.every(([name, value]) => other.inputs[name] && same(value, other.inputs[name]));
    if (!alike) return `runs other operations at each call: ${call.kernel}, then ${other.kernel}`;
    if (JSON.stringify(call.attrs) !== JSON.stringify(other.attrs)) {
      return `runs ${call.kernel} with other settings at each call`;
    }
    call.outputs.forEach((output, j) => pair(output, other.outputs[j]!));
  }
  const alike = Object.entries(first.outputs).every(([name, value]) => {
    const other = second.outputs[name];
    return other !== undefined && same(value, other);
  });
  if (!alike || Object.keys(first.outputs).length !== Object.keys(second.outputs).length) {
    return 'gives other results at each call';
  }
  return undefined;
}
