/** Functions of tensors without a gradient: encoders, decoders, bounds over a data set. */
import * as tf from '@tensorflow/tfjs';
import type { Elements, Program, TensorType, Value } from './trace/program';
import { pruned } from './trace/program';
import { TraceRefusal } from './trace/refusal';
import { trace } from './trace/tracer';
import { compileTraced } from './runtimes/compileTraced';
import { cellTensor } from './runtimes/onnx/cell';
import { CompiledProgram } from './runtimes/onnx/compute';
import { elementsIn, tensorOf } from './runtimes/residence';
import { startedXlaDevice } from './runtimes/xla/device';
import { XlaForwardProgram } from './runtimes/xla/forwardProgram';
import { currentRuntime, xlaPlatformOf, type Runtime } from './runtime';

type Tensors = Readonly<Record<string, tf.Tensor>>;

/** Shapes that are kept compiled: full chunks, the last one, and what views ask for. */
const PROGRAMS = 12;

/** A function of tensors by name that the engine may have compiled. */
export interface Forward<R extends Record<string, tf.Tensor>> {
  (tensors: Tensors): R;
  /** Frees what was compiled; the function goes on to work. */
  dispose(): void;
}

/**
 * The function, compiled where the engine compiles: traced once for each set of shapes, and run as one graph. What it
 * returns, and what it does on a gradient tape or under trace, is the same.
 *
 * @param f of tensors by name; pure, with one shape of results for one shape of arguments
 */
export function forward<R extends Record<string, tf.Tensor>>(f: (tensors: Tensors) => R): Forward<R> {
  const compiled = new Map<string, CompiledForward<R>>();
  let refused = false;
  const run = (tensors: Tensors): R => {
    const runtime = currentRuntime();
    if (refused || runtime === 'eager' || isObserved()) return f(tensors);
    try {
      return programFor(compiled, runtime, tensors, () => new CompiledForward(f, tensors, runtime)).run(tensors);
    } catch (error) {
      if (!(error instanceof TraceRefusal)) throw error;
      refused = true;
      return f(tensors);
    }
  };
  const dispose = () => {
    for (const { program } of compiled.values()) program.dispose();
    compiled.clear();
  };
  return Object.assign(run, { dispose });
}

/** The one for these shapes; what was used longest ago makes room. */
function programFor<T extends { program: ForwardProgram }>(
  compiled: Map<string, T>,
  runtime: Runtime,
  tensors: Tensors,
  create: () => T,
): T {
  const types = Object.entries(tensors).map(([name, { shape, dtype }]) => [name, dtype, shape]);
  const key = JSON.stringify([runtime, types]);
  const found = compiled.get(key) ?? create();
  compiled.delete(key);
  compiled.set(key, found);
  if (compiled.size > PROGRAMS) {
    const [oldest, { program }] = compiled.entries().next().value!;
    program.dispose();
    compiled.delete(oldest);
  }
  return found;
}

/** Whether tfjs records what is computed: for a gradient, or because something larger is being traced. */
function isObserved(): boolean {
  return tf.engine().isTapeOn() || tf.getBackend() === 'trace';
}

/** A function, compiled for some shapes by one of the runtimes. */
interface ForwardProgram {
  /** @param given what each of the program's inputs holds, in their order */
  run(given: readonly { value: Value; tensor: tf.Tensor }[]): Record<string, Elements>;
  dispose(): void;
}

function programOn(runtime: Runtime, program: Program): ForwardProgram {
  const platform = xlaPlatformOf(runtime);
  if (platform) return new XlaForwardProgram(startedXlaDevice(platform), program);
  const provider = runtime === 'webgpu' ? 'webgpu' : 'cpu';
  const compiled = new CompiledProgram(program, provider);
  // Variables of a training stay on its device.
  const there = (tensor: tf.Tensor) => (provider === 'webgpu' ? cellTensor(tensor) : undefined);
  return {
    run: (given) => compiled.run(given.map(({ tensor }) => there(tensor) ?? elementsIn(tensor))),
    dispose: () => compiled.dispose(),
  };
}

class CompiledForward<R extends Record<string, tf.Tensor>> {
  readonly program: ForwardProgram;
  private readonly traced: Program;

  constructor(f: (tensors: Tensors) => R, tensors: Tensors, runtime: Runtime) {
    const types = Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, tensor as TensorType]));
    const { traced, program } = compileTraced(
      (places) => pruned(trace((given) => f(given), { arguments: types, variables: {}, places })),
      (traced) => ({ traced, program: programOn(runtime, traced) }),
    );
    this.traced = traced;
    this.program = program;
  }

  run(tensors: Tensors): R {
    const given = this.traced.inputs.map((input) => ({
      value: input.value,
      tensor: input.kind === 'variable' ? input.variable : tensors[input.name]!,
    }));
    const results = Object.entries(this.program.run(given)).map(([name, elements]) => {
      const { shape, dtype } = this.traced.outputs[name]!;
      return [name, tensorOf(elements, shape, dtype)];
    });
    return Object.fromEntries(results) as R;
  }
}
