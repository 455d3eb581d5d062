/** A session of ONNX Runtime whose outputs are written where they are wanted, and nowhere else. */
import type { Dtype, Elements, TensorType } from '../../../trace/program';
import { addressOf } from '../../../foreign';
import { SESSION_CONFIG, type InPlaceSession, type Named } from '../session';
import { LOG_ERRORS, onnxApi } from './api';

/** `ORT_ENABLE_ALL` */
const ALL_OPTIMIZATIONS = 99;

/** `ONNXTensorElementDataType` */
const ELEMENT_TYPES: Readonly<Record<Dtype, number>> = { float32: 1, int32: 6, bool: 9 };

export class DirectSession implements InPlaceSession {
  private readonly api = onnxApi();
  private readonly session: bigint;
  private readonly inputs: Slots;
  private readonly outputs: Slots;

  /** @throws when ONNX Runtime refuses the model */
  constructor(model: Uint8Array, threads: number, inputs: readonly Named[], outputs: readonly Named[]) {
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
    this.inputs = new Slots(inputs);
    this.outputs = new Slots(outputs);
  }

  run(inputs: readonly Elements[], outputs: readonly Elements[]): void {
    this.inputs.fill(inputs);
    this.outputs.fill(outputs);
    const { api, session } = this;
    const given = [this.inputs.names, this.inputs.values, inputs.length] as const;
    api.call('run', session, 0, ...given, this.outputs.names, outputs.length, this.outputs.values);
  }

  dispose(): void {
    this.inputs.empty();
    this.outputs.empty();
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
  private readonly types: readonly TensorType[];
  /** What each tensor lies over. It usually stays from run to run; and it must not be collected. */
  private readonly filled: (Elements | undefined)[];

  constructor(named: readonly Named[]) {
    this.types = named.map(({ type }) => type);
    this.texts = named.map(({ name }) => new TextEncoder().encode(`${name}\0`));
    this.names = BigUint64Array.from(this.texts, addressOf);
    this.values = new BigUint64Array(named.length);
    this.shapes = named.map(({ type }) => BigInt64Array.from(type.shape, BigInt));
    this.filled = named.map(() => undefined);
  }

  fill(elements: readonly Elements[]): void {
    for (let i = 0; i < elements.length; i++) {
      if (this.filled[i] === elements[i]) continue;
      this.release(i);
      const { dtype, shape } = this.types[i]!;
      const over = elements[i]!;
      this.values[i] = this.api.made(
        'createTensor',
        this.api.memory,
        addressOf(over),
        over.byteLength,
        this.shapes[i],
        shape.length,
        ELEMENT_TYPES[dtype],
      );
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
