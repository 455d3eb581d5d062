/**
 * Calls that tfjs hands to its kernels as the user wrote them, though these, or its tape, cannot take them so; and lists of
 * results that its tape shares with the user.
 */
import * as tf from '@tensorflow/tfjs';
import { noteFused } from './dilated';

type Inputs = Record<string, tf.Tensor | undefined>;
interface Call {
  readonly inputs: Inputs;
  readonly attrs: tf.NamedAttrMap;
}

const MENDED: Readonly<Record<string, (call: Call) => Call>> = {
  [tf.FusedBatchNorm]: scaled,
  [tf.BatchMatMul]: repeated,
  [tf.Cumsum]: fromTheFront,
  [tf.Cumprod]: fromTheFront,
  [tf.Conv2D]: padded(filterOf),
  [tf.FusedConv2D]: padded(filterOf),
  [tf.DepthwiseConv2dNative]: padded(filterOf),
  [tf.FusedDepthwiseConv2D]: padded(filterOf),
  [tf.Conv2DBackpropInput]: padded(filterOf),
  [tf.Conv2DBackpropFilter]: padded(({ attrs }) => attrs['filterShape'] as number[]),
  [tf.DepthwiseConv2dNativeBackpropInput]: padded(filterOf),
  [tf.DepthwiseConv2dNativeBackpropFilter]: padded(({ attrs }) => attrs['filterShape'] as number[]),
  [tf.MaxPool]: padded(windowOf),
  [tf.MaxPoolGrad]: padded(windowOf),
  [tf.AvgPool]: padded(windowOf),
  [tf.AvgPoolGrad]: padded(windowOf),
};

export function mendCalls(): void {
  const engine = tf.engine();
  const runKernel = engine.runKernel.bind(engine) as (kernel: string, inputs: object, attrs?: object) => unknown;
  const mended = (kernel: string, inputs: Inputs, attrs: tf.NamedAttrMap) => {
    const mend = MENDED[kernel];
    const call = mend ? mend({ inputs, attrs }) : { inputs, attrs };
    noteFused(kernel, call.attrs);
    const results = advising(() => runKernel(kernel, call.inputs, call.attrs));
    // The tape keeps the list itself: `unstack(x).reverse()` would give each piece the gradient of another.
    return Array.isArray(results) ? results.slice() : results;
  };
  Object.assign(engine, { runKernel: mended });
}

/** Says what to do where tfjs has no such kernel for the device. */
function advising<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof Error && /^Kernel '\w+' not registered for backend '\w+'$/.test(error.message)) {
      error.message += ': TensorFlow.js has none there. Choose a device that has it, such as traced-cpu.';
    }
    throw error;
  }
}

/** With the scale 1 and the offset 0 where they are left out: the tape looks for all of a kernel's inputs. */
function scaled({ inputs, attrs }: Call): Call {
  if (!tf.engine().isTapeOn()) return { inputs, attrs };
  const mean = inputs['mean']!;
  const scale = inputs['scale'] ?? tf.onesLike(mean);
  const offset = inputs['offset'] ?? tf.zerosLike(mean);
  return { inputs: { ...inputs, scale, offset }, attrs };
}

/** With the axis counted from the front: tfjs's kernels know no other, and read beyond their memory. */
function fromTheFront({ inputs, attrs }: Call): Call {
  const axis = attrs['axis'] as number;
  return { inputs, attrs: axis < 0 ? { ...attrs, axis: axis + inputs['x']!.rank } : attrs };
}

/** Stacks of matrices repeated to one shape: tfjs's kernels repeat one of them as a whole, whichever of its axes is 1. */
function repeated({ inputs, attrs }: Call): Call {
  const [a, b] = [inputs['a']!, inputs['b']!];
  const [left, right] = [a, b].map(({ shape }) => shape.slice(0, -2)) as [number[], number[]];
  const isRight = [left, right].some((stack) => tf.util.sizeFromShape(stack) === 1) || left.join() === right.join();
  if (isRight) return { inputs, attrs };
  const stack = tf.broadcast_util.assertAndGetBroadcastShape(left, right);
  const whole = (x: tf.Tensor) => tf.broadcastTo(x, [...stack, ...x.shape.slice(-2)]);
  return { inputs: { ...inputs, a: whole(a), b: whole(b) }, attrs };
}

/**
 * With the padding of each side written out, where it is one number for all and the window is not a square: tfjs takes the
 * window's height for its width then, and wasm's kernels write beyond their memory.
 */
function padded(window: (call: Call) => readonly number[]): (call: Call) => Call {
  return (call) => {
    const { inputs, attrs } = call;
    const pad = attrs['pad'];
    if (typeof pad !== 'number') return call;
    const [height, width] = window(call) as [number, number];
    const [down, across] = pairOf(attrs['dilations'] as number | [number, number] | undefined);
    if ((height - 1) * down === (width - 1) * across) return call;
    const sides = [pad, pad];
    const none = [0, 0];
    const written = attrs['dataFormat'] === 'NCHW' ? [none, none, sides, sides] : [none, sides, sides, none];
    return { inputs, attrs: { ...attrs, pad: written as unknown as number[] } };
  };
}

function filterOf({ inputs }: Call): readonly number[] {
  return inputs['filter']!.shape;
}

function windowOf({ attrs }: Call): readonly number[] {
  return pairOf(attrs['filterSize'] as number | [number, number]);
}

function pairOf(one: number | readonly [number, number] = 1): readonly [number, number] {
  return typeof one === 'number' ? [one, one] : one;
}
