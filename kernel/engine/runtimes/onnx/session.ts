/**
 * ONNX Runtime's sessions, run synchronously: its public `run` defers the same native call to a later turn of the event
 * loop, which callers here do themselves where they want it, and tfjs reads values synchronously.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import type * as onnxRuntime from 'onnxruntime-node';
import type { InferenceSession, OnnxValue, Tensor, TypedTensor } from 'onnxruntime-node';
import type { Dtype, Elements, TensorType } from '../../trace/program';
import { onnxRuntimeFolder } from './installation';

/** The native part of onnxruntime-node, as its `dist/binding.d.ts` declares it. */
interface NativeSession {
  loadModel(buffer: ArrayBufferLike, offset: number, length: number, options: InferenceSession.SessionOptions): void;
  run(
    feeds: Record<string, OnnxValue>,
    fetches: Record<string, OnnxValue | null>,
    options: InferenceSession.RunOptions,
  ): Record<string, OnnxValue>;
  dispose(): void;
}
interface Binding {
  binding: { InferenceSession: new () => NativeSession };
  initOrt(): void;
}

export type Provider = 'cpu' | 'webgpu';

export interface SessionOptions {
  provider: Provider;
  /** Threads of one operator on the CPU; default: one a core. */
  threads?: number;
  /** Outputs that stay on the device. */
  onDevice?: readonly string[];
  /**
   * Whether operators that the provider lacks may run on the CPU instead. Each costs two transfers, which is still less
   * than a step without the graph: allowed, unless told.
   */
  cpuFallback?: boolean;
}

type OnnxRuntime = typeof onnxRuntime;

/** What every session is set to. */
export const SESSION_CONFIG: Readonly<Record<string, string>> = {
  set_denormal_as_zero: '1',
  // Threads wait for work by spinning: longer than an operation, yet not so long that those of a session that is done
  // take the cores from another's.
  'intra_op.spin_duration_us': '200',
};

const require = createRequire(import.meta.url);
let loaded: { ort: OnnxRuntime; native: Binding } | undefined;

/** @throws when the package is not installed or has no binary for this platform */
function runtime(): { ort: OnnxRuntime; native: Binding } {
  if (loaded) return loaded;
  const folder = onnxRuntimeFolder();
  const ort = require(folder) as OnnxRuntime;
  // Warnings, of operators that run on the CPU although another provider was asked for, would stand among a cell's output.
  ort.env.logLevel = 'error';
  return (loaded = { ort, native: require(path.join(folder, 'dist', 'binding.js')) as Binding });
}

/** An input or an output of a graph. */
export interface Named {
  readonly name: string;
  readonly type: TensorType;
}

/** A session that writes its outputs where they are wanted. */
export interface InPlaceSession {
  /**
   * One run; blocks until it is done.
   *
   * @param inputs  elements of each input, in their order, as many as its shape has
   * @param outputs where each output is written. Never a buffer that is also an input: what reads it later in the graph
   * would see the new values. All of them are kept until the next run, or until they are forgotten.
   * @throws once it is disposed of
   */
  run(inputs: readonly Elements[], outputs: readonly Elements[]): void;
  /** Lets go of what the last run was given: for sessions whose next run comes much later, with other arrays. */
  forget(): void;
  dispose(): void;
}

/** A graph, compiled. */
export class Session {
  private readonly session: NativeSession;

  /** @throws when the provider cannot be had, ONNX Runtime refuses the model, or it needs the CPU and may not */
  constructor(model: Uint8Array, { provider, threads, onDevice = [], cpuFallback = true }: SessionOptions) {
    const { native } = runtime();
    native.initOrt();
    this.session = new native.binding.InferenceSession();
    this.session.loadModel(model.buffer, model.byteOffset, model.byteLength, {
      executionProviders: provider === 'cpu' ? ['cpu'] : [{ name: provider }, 'cpu'],
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
      ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
      ...(onDevice.length === 0
        ? {}
        : { preferredOutputLocation: Object.fromEntries(onDevice.map((name) => [name, 'gpu-buffer'] as const)) }),
      extra: {
        session: { ...SESSION_CONFIG, ...(cpuFallback ? {} : { disable_cpu_ep_fallback: '1' }) },
      },
    });
  }

  /**
   * One run; blocks until it is done.
   *
   * @param outputs where each output is written, or null for a new tensor. Never a buffer that is also an input: what
   * reads it later in the graph would see the new values.
   */
  run(feeds: Record<string, Tensor>, outputs: Record<string, Tensor | null>): Record<string, Tensor> {
    return this.session.run(feeds, outputs, {}) as Record<string, Tensor>;
  }

  dispose(): void {
    this.session.dispose();
  }
}

/** A tensor over these elements, which are not copied. */
export function hostTensor(elements: Elements, dtype: Dtype, shape: readonly number[]): TypedTensor<Dtype> {
  const { Tensor } = runtime().ort;
  return new Tensor(dtype, elements as Float32Array, shape) as TypedTensor<Dtype>;
}

/** A tensor of these elements for a device: the binding takes no memory that threads share before Node 22. */
export function deviceTensor(elements: Elements, dtype: Dtype, shape: readonly number[]): TypedTensor<Dtype> {
  return hostTensor(elements.buffer instanceof SharedArrayBuffer ? elements.slice() : elements, dtype, shape);
}
