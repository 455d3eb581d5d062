/** A session of ONNX Runtime whose outputs are written where they are wanted, and nowhere else. */
import { elementsOf, sizeOf, type Dtype, type Elements } from '../../../trace/program';
import { addressOf } from '../../../foreign';
import { SESSION_CONFIG, type InPlaceSession, type Named } from '../session';
import { LOG_ERRORS, onnxApi } from './api';

/** `ORT_ENABLE_ALL` */
const ALL_OPTIMIZATIONS = 99;

/** `ONNXTensorElementDataType` */
const ELEMENT_TYPES: Readonly<Record<Dtype, number>> = { float32: 1, int32: 6, bool: 9 };

export class DirectSession implements InPlaceSession {
  private readonly native: Native;

  /** @throws when ONNX Runtime refuses the model */
  constructor(model: Uint8Array, threads: number, inputs: readonly Named[], outputs: readonly Named[]) {
    this.native = new Native(model, threads, new Slots(inputs), new Slots(outputs));
    living.add(this.native);
    forgotten.register(this, this.native, this);
  }

  run(inputs: readonly Elements[], outputs: readonly Elements[]): void {
    this.native.run(inputs, outputs);
  }

  forget(): void {
    this.native.forget();
  }

  dispose(): void {
    forgotten.unregister(this);
    this.native.release();
  }
}

/** Sessions that nobody has disposed of: their threads and weights go when the collector takes them, or at the end. */
const living = new Set<Native>();
const forgotten = new FinalizationRegistry<Native>((native) => native.release());
process.once('exit', () => {
  for (const native of living) native.release();
});

/** What ONNX Runtime holds of a session. */
class Native {
  private readonly api = onnxApi();
  private readonly session: bigint;
  private isReleased = false;

  constructor(
    model: Uint8Array,
    threads: number,
    private readonly inputs: Slots,
    private readonly outputs: Slots,
  ) {
    const { api } = this;
    const options = api.made('createOptions');
    try {
      api.call('setLogLevel', options, LOG_ERRORS);
      api.call('setOptimization', options, ALL_OPTIMIZATIONS);
      api.call('setThreads', options, threads);
      for (const [name, value] of Object.entries(SESSION_CONFIG))
        api.call('setConfig', options, `session.${name}`, value);
      this.session = api.made('createSession', api.environment, model, model.byteLength, options);
    } finally {
      api.release('releaseOptions', options);
    }
  }

  run(inputs: readonly Elements[], outputs: readonly Elements[]): void {
    if (this.isReleased) throw new Error('This session has been disposed of.');
    this.inputs.fill(inputs);
    this.outputs.fill(outputs);
    const given = [this.inputs.names, this.inputs.values, inputs.length] as const;
    this.api.call('run', this.session, 0, ...given, this.outputs.names, outputs.length, this.outputs.values);
  }

  forget(): void {
    this.inputs.empty();
    this.outputs.empty();
  }

  /** Once; what comes later does nothing. */
  release(): void {
    if (this.isReleased) return;
    this.isReleased = true;
    living.delete(this);
    this.forget();
    this.api.release('releaseSession', this.session);
  }
}

/** The inputs, or the outputs, of a session: a tensor over what each is given. */
class Slots {
  /** Addresses of the names. */
  readonly names: BigUint64Array;
  /** Addresses of the tensors. */
  readonly values: BigUint64Array;
  private readonly api = onnxApi();
  private readonly texts: readonly Uint8Array[];
  private readonly shapes: readonly BigInt64Array[];
  /** What each tensor lies over. It usually stays from run to run; and it must not be collected. */
  private readonly filled: (Elements | undefined)[];

  constructor(private readonly named: readonly Named[]) {
    this.texts = named.map(({ name }) => new TextEncoder().encode(`${name}\0`));
    this.names = BigUint64Array.from(this.texts, addressOf);
    this.values = new BigUint64Array(named.length);
    this.shapes = named.map(({ type }) => BigInt64Array.from(type.shape, BigInt));
    this.filled = named.map(() => undefined);
  }

  /** @throws {TypeError} for elements of another type, or another number of them, than the graph has */
  fill(elements: readonly Elements[]): void {
    for (let i = 0; i < elements.length; i++) {
      const over = elements[i]!;
      const { name, type } = this.named[i]!;
      // A buffer that was transferred has none left.
      if (over.length !== sizeOf(type) || over.constructor !== ARRAYS[type.dtype]) {
        const found = `a ${over.constructor.name} of ${over.length}`;
        throw new TypeError(`${name} takes ${sizeOf(type)} values of type ${type.dtype}; found ${found}.`);
      }
      if (this.filled[i] === over) continue;
      this.release(i);
      const place = [addressOf(over), over.byteLength, this.shapes[i], type.shape.length] as const;
      this.values[i] = this.api.made('createTensor', this.api.memory, ...place, ELEMENT_TYPES[type.dtype]);
      this.filled[i] = over;
    }
  }

  empty(): void {
    for (let i = 0; i < this.filled.length; i++) this.release(i);
  }

  private release(i: number): void {
    if (this.filled[i] === undefined) return;
    this.api.release('releaseValue', this.values[i]!);
    this.filled[i] = undefined;
  }
}

const arrayOf = (dtype: Dtype) => elementsOf(dtype, 0).constructor;
const ARRAYS: Readonly<Record<Dtype, unknown>> = {
  float32: arrayOf('float32'),
  int32: arrayOf('int32'),
  bool: arrayOf('bool'),
};
