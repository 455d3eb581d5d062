import * as tf from '@tensorflow/tfjs';
import { refuseDifference } from './difference';
import { newValue } from './program';
import type { Call, Dtype, Elements, Program, ProgramInput, TensorType, Value } from './program';
import { RecordingBackend, registerRecording, withBackend, type DataId } from './recordingBackend';
import { excerpt } from './print/excerpt';
import { placeWithin, TraceRefusal, userFrames } from './refusal';

const BACKEND = 'trace';

/** Whether a step is being recorded: its tensors have no values, and asking for one makes it refused. */
export function tracing(): boolean {
  return tf.getBackend() === BACKEND;
}

/** Calls that the recording under way has so far; undefined if none is. */
export function recordedCalls(): number | undefined {
  return tracing() ? (tf.backend() as TracingBackend).calls : undefined;
}

/** Records what runs on it; nothing is computed, so that a read has no answer and is refused. */
class TracingBackend extends RecordingBackend {
  private recording = new Recording({ arguments: {}, variables: {} });

  /** Records into this from now on. */
  begin(recording: Recording): void {
    this.dispose();
    this.recording = recording;
  }

  get calls(): number {
    return this.recording.calls.length;
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
    this.recording.calls.push(this.recording.placed(call));
  }

  protected override refused(reason: string, attempt: () => Call): TraceRefusal {
    return new TraceRefusal(reason, { excerpt: this.recording.excerptBefore(attempt) });
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
  private readonly named: readonly (readonly [string, tf.Variable])[];
  private readonly variables = new Map<tf.Variable, Value>();
  private readonly tensors = new Map<DataId, Map<string, Value>>();
  /** The user's code that asked for the trace. */
  private readonly callers: ReadonlySet<string>;

  constructor(private readonly request: TraceRequest) {
    this.named = Object.entries(request.variables);
    this.callers = new Set(request.places ? userFrames() : []);
  }

  refuse(reason: string): TraceRefusal {
    const refusal = new TraceRefusal(reason);
    this.refusal ??= refusal;
    return refusal;
  }

  /** With its place, where that was asked for. */
  placed(call: Call): Call {
    const place = this.request.places ? placeWithin(this.callers) : '';
    return place ? { ...call, place } : call;
  }

  program(outputs: Record<string, Value>): Program {
    const { inputs, constants, calls } = this;
    return { inputs, constants, calls, outputs };
  }

  /** A call that would be the next one, with those before it. */
  excerptBefore(attempt: () => Call): string {
    try {
      const call = this.placed(attempt());
      return excerpt(this.program({}), call);
    } catch (error) {
      // What it was given has no traced form either.
      if (error instanceof TraceRefusal) return '';
      throw error;
    }
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
  /** Whether calls are to know their places in the source, which takes as long again. */
  readonly places?: boolean;
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
  try {
    const first = traceOnce(f, request);
    refuseDifference(first, traceOnce(f, { ...request, places: false }));
    return first;
  } catch (error) {
    // Once more, so that the lines around the reason tell their places.
    if (error instanceof TraceRefusal && error.excerpt && !request.places)
      return trace(f, { ...request, places: true });
    throw error;
  }
}

function traceOnce(
  f: (tensors: Record<string, tf.Tensor>) => Record<string, tf.Tensor>,
  request: TraceRequest,
): Program {
  registerRecording(BACKEND, () => new TracingBackend());
  const guard = new AssignmentGuard();
  const known = new Set(Object.values(tf.engine().registeredVariables));
  const { stackTraceLimit } = Error;
  const { numTensors, numBytes, numDataBuffers } = tf.engine().state;
  // A refusal names the user's line, which lies below many frames of tfjs.
  Error.stackTraceLimit = 100;
  const recording = new Recording(request);
  const allowReads = refuseVariableReads(recording);
  try {
    const outputs: Record<string, Value> = {};
    withBackend(BACKEND, () => {
      const backend = tf.backend() as TracingBackend;
      backend.begin(recording);
      tf.tidy(() => {
        const results = f(placeholders(request.arguments, recording, backend));
        for (const [name, tensor] of Object.entries(results)) outputs[name] = backend.valueFor(tensor);
        // Those that were kept, too.
        tf.dispose(results);
      });
    });
    if (recording.refusal) throw recording.refusal;
    return recording.program(outputs);
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
 * A variable made under trace has no values, now or later: no runtime could continue with it.
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
    return { variable, dataId: variable.dataId, copy: held(variable) };
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

/** Another tensor of the variable's values, which stay where they are: tfjs's `clone` would bring them to the active backend. */
function held({ dataId, shape, dtype }: tf.Variable): tf.Tensor {
  const engine = tf.engine();
  const { backend } = engine.state.tensorInfo.get(dataId)!;
  backend.incRef(dataId);
  return tf.keep(engine.makeTensorFromTensorInfo({ dataId, shape, dtype }, backend));
}
