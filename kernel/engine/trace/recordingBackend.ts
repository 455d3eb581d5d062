import * as tf from '@tensorflow/tfjs';
import type { BackendValues } from '@tensorflow/tfjs';
import { UncoveredError, type Attrs, type ShapeRule } from '../ops/rule';
import { ruleOf } from '../ops/table';
import { elementsOf, newValue, sizeOf, type Call, type Elements, type TensorType, type Value } from './program';
import { TraceRefusal } from './refusal';

type DataId = tf.TensorInfo['dataId'];

interface Entry {
  readonly value: Value;
  /** The same elements in other shapes. */
  readonly reshaped: Map<string, Value>;
  references: number;
}

/**
 * A tfjs backend that computes nothing: its kernels infer the shapes of their results and record that they were called.
 * What a call has to do with later is the business of those who extend it.
 */
export abstract class RecordingBackend extends tf.KernelBackend {
  private readonly entries = new Map<DataId, Entry>();

  /** A kernel ran. */
  protected abstract record(call: Call): void;
  /** Elements were written. */
  protected abstract written(value: Value, elements: Elements): void;
  /** What to throw for a call that cannot be recorded. */
  protected abstract refused(reason: string, attempt: () => Call): TraceRefusal;
  /** The value of a tensor that lives on another backend. */
  protected abstract foreign(tensor: tf.TensorInfo): Value;

  /** Runs a kernel: called by the functions that {@link registerRecording} registers. */
  run(kernel: string, inputs: tf.NamedTensorInfoMap, attrs: Attrs): tf.TensorInfo | tf.TensorInfo[] {
    // As in tfjs's own backends, these two hand on the data of their input, which lives until the last of them is gone.
    if (kernel === tf.Identity || kernel === tf.Reshape) return this.shared(inputs['x']!, attrs);
    const rule = ruleOf(kernel);
    const attempt = (): Call => ({ kernel, inputs: this.valuesFor(inputs), attrs, outputs: [] });
    if (!rule) throw this.refused(`the operation ${kernel} has no traced form`, attempt);
    const call = attempt();
    const outputs = this.inferred(call, rule).map(newValue);
    this.record({ ...call, outputs });
    const infos = outputs.map((output) => this.tensorInfo(output));
    return RETURNS_LIST.has(kernel) ? infos : infos[0]!;
  }

  /** A tensor of tfjs that stands for the value. */
  tensorInfo(value: Value): tf.TensorInfo {
    const dataId = {};
    this.entries.set(dataId, { value, reshaped: new Map(), references: 1 });
    return { dataId, shape: [...value.shape], dtype: value.dtype };
  }

  /** The value of a tensor, in the tensor's shape. */
  valueFor(tensor: tf.TensorInfo): Value {
    const entry = this.entries.get(tensor.dataId);
    if (!entry) return this.foreign(tensor);
    const { value, reshaped } = entry;
    const key = tensor.shape.join();
    if (value.shape.join() === key) return value;
    const known = reshaped.get(key);
    if (known) return known;
    const view = newValue({ shape: tensor.shape, dtype: value.dtype });
    reshaped.set(key, view);
    this.record({ kernel: tf.Reshape, inputs: { x: value }, attrs: { shape: [...tensor.shape] }, outputs: [view] });
    return view;
  }

  /** The value that the data were made as. */
  protected original(dataId: DataId): Value | undefined {
    return this.entries.get(dataId)?.value;
  }

  // --- what tfjs asks of a backend --------------------------------------------------------------------------------

  override write(written: BackendValues, shape: number[], dtype: tf.DataType): DataId {
    const info = this.tensorInfo(this.constant(written, shape, dtype));
    return info.dataId;
  }

  override move(dataId: DataId, moved: BackendValues, shape: number[], dtype: tf.DataType, references: number): void {
    this.entries.set(dataId, { value: this.constant(moved, shape, dtype), reshaped: new Map(), references });
  }

  override refCount(dataId: DataId): number {
    return this.entries.get(dataId)?.references ?? 0;
  }

  override incRef(dataId: DataId): void {
    const entry = this.entries.get(dataId);
    if (entry) entry.references += 1;
  }

  override disposeData(dataId: DataId, force = false): boolean {
    const entry = this.entries.get(dataId);
    if (!entry) return true;
    entry.references -= 1;
    if (entry.references > 0 && !force) return false;
    this.entries.delete(dataId);
    return true;
  }

  override numDataIds(): number {
    return this.entries.size;
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: true };
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override timerAvailable(): boolean {
    return false;
  }

  override readToGPU(): never {
    throw new TraceRefusal('reads a tensor to the GPU');
  }

  override dispose(): void {
    this.entries.clear();
  }

  /** By the names of the kernel's inputs. */
  private valuesFor(inputs: tf.NamedTensorInfoMap): Record<string, Value> {
    const named: Record<string, Value> = {};
    for (const [name, input] of Object.entries(inputs)) {
      // Optional inputs may be there and undefined, and a few kernels are handed more than tensors.
      if (input && 'dataId' in input) named[name] = this.valueFor(input);
    }
    return named;
  }

  private inferred(call: Call, rule: ShapeRule): readonly TensorType[] {
    try {
      return rule(call.inputs, call.attrs);
    } catch (error) {
      if (error instanceof UncoveredError) throw this.refused(`${call.kernel}: ${error.message}`, () => call);
      throw error;
    }
  }

  private shared(x: tf.TensorInfo, { shape }: Attrs): tf.TensorInfo {
    const given = this.valueFor(x);
    const call: Call = { kernel: tf.Reshape, inputs: { x: given }, attrs: { shape: shape ?? x.shape }, outputs: [] };
    const [output] = this.inferred(call, ruleOf(tf.Reshape)!);
    // A tensor from elsewhere stays where it is: what stands for it here is ours.
    const dataId = this.entries.has(x.dataId) ? x.dataId : this.tensorInfo(given).dataId;
    if (dataId === x.dataId) this.incRef(dataId);
    return { dataId, shape: [...output!.shape], dtype: x.dtype };
  }

  private constant(written: BackendValues, shape: number[], dtype: tf.DataType): Value {
    if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool') {
      throw new TraceRefusal(`tensors of type ${dtype} have no traced form`);
    }
    const value = newValue({ shape, dtype });
    this.written(value, toElements(written, value));
    return value;
  }
}

/** Kernels that return a list, whatever its length. */
const RETURNS_LIST = new Set<string>([tf.SplitV, tf.Unpack, tf.TopK, tf.MaxPoolWithArgmax]);

/** Copied, since tfjs lets the caller keep and change what it writes. */
function toElements(written: BackendValues, { shape, dtype }: TensorType): Elements {
  const elements = elementsOf(dtype, sizeOf({ shape }));
  elements.set(written as Elements);
  return elements;
}

/**
 * Registers a recording backend under a name: every kernel that any backend has goes to it, so that one without a
 * lowering is refused by name.
 */
export function registerRecording(name: string, create: () => RecordingBackend): void {
  if (tf.findBackend(name)) return;
  tf.registerBackend(name, create, 0);
  const known = new Set([...tf.getKernelsForBackend('cpu').map(({ kernelName }) => kernelName), ...TFJS_KERNELS]);
  for (const kernelName of known) {
    tf.registerKernel({
      kernelName,
      backendName: name,
      kernelFunc: ({ inputs, attrs, backend }) =>
        (backend as RecordingBackend).run(kernelName, inputs, (attrs ?? {}) as Attrs),
    });
  }
}

/** The names of kernels, as tfjs-core exports them: constants that hold their own name. */
const TFJS_KERNELS: readonly string[] = Object.entries(tf)
  .filter(([key, value]) => key === value || (key === '_FusedMatMul' && typeof value === 'string'))
  .map(([key]) => key);

/** Runs `f` with another backend active; both must be ready, so that tfjs switches at once. */
export function withBackend<T>(name: string, f: () => T): T {
  const before = tf.getBackend();
  void tf.setBackend(name);
  try {
    return f();
  } finally {
    void tf.setBackend(before);
  }
}

export type { Attrs, DataId };
