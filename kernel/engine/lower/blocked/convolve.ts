/** The operators that convolve images in the layouts of {@link Layouts}. */
import type { Convolution } from '../convolve';
import type { Attributes, Edge, Graph } from '../graph';
import { permuted } from '../layout';
import type { Axis } from '../windows';
import type { Epilogue, Layouts } from './layouts';

/** Whether ONNX can state these windows without cutting the input first. */
export function isRegular({ axes, batch, channelsLast, depthwise }: Convolution): boolean {
  const whole = axes.every(({ before, after, stride }) => before >= 0 && -after < stride);
  return whole && batch > 0 && channelsLast && !depthwise;
}

/** relu(conv(x) + bias), in the layout of images. */
export function conv(
  { graph: g, block }: Layouts,
  [x, filter]: readonly [Edge, Edge],
  windows: Attributes,
  { bias, rectified }: Epilogue,
): Edge {
  if (block > 1)
    return g.nchwcOp('Conv', [x, filter, bias], { ...windows, ...(rectified ? { activation: 'Relu' } : {}) });
  return relu(g, g.op('Conv', [x, filter, bias], windows), rectified);
}

/** relu(conv transposed(x) + bias), channels first. */
export function convTranspose(
  g: Graph,
  [x, filter]: readonly [Edge, Edge],
  windows: Attributes,
  { bias, rectified }: Epilogue,
): Edge {
  return relu(g, g.op('ConvTranspose', [x, filter, bias], windows), rectified);
}

export function relu(g: Graph, y: Edge, rectified: boolean): Edge {
  return rectified ? g.op('Relu', [y]) : y;
}

/** A filter with as many inputs and outputs, before it is laid out. */
export interface FilterShape {
  readonly window: readonly number[];
  readonly inputs: number;
  readonly outputs: number;
}

/**
 * A filter as {@link conv} wants it: [O/b, I/b, kh, kw, b of I, b of O], or [O/b, I, kh, kw, b of O] for few inputs.
 *
 * @param order of its last two axes: [kh, kw, I, O] is what a convolution has, [kh, kw, O, I] its gradient
 */
export function arranged(
  { graph: g, block }: Layouts,
  filter: Edge,
  { window, inputs, outputs }: FilterShape,
  order: 'in-out' | 'out-in',
): Edge {
  const [kh, kw] = window as [number, number];
  const straight = order === 'in-out';
  const whole = [outputs, inputs, kh, kw];
  if (block === 1) {
    return permuted(
      g,
      filter,
      straight ? [kh, kw, inputs, outputs] : [kh, kw, outputs, inputs],
      straight ? [3, 2, 0, 1] : [2, 3, 0, 1],
    );
  }
  const out = [outputs / block, block];
  const blocked = inputs % block === 0;
  const into = blocked ? [inputs / block, block] : [inputs];
  // Where each of the pieces of the two axes stands.
  const inAt = straight ? 2 : 4;
  const outAt = straight ? 2 + into.length : 2;
  const perm = [outAt, inAt, 0, 1, ...(blocked ? [inAt + 1] : []), outAt + 1];
  const split = g.reshape(filter, [kh, kw, ...(straight ? [...into, ...out] : [...out, ...into])]);
  return g.reshape(g.transpose(split, perm), whole);
}

/** The filter turned by half a turn. */
export function flipped(g: Graph, filter: Edge, axes: readonly Axis[]): Edge {
  const turning = axes.flatMap(({ filter: size }, axis) => (size > 1 ? [axis] : []));
  if (turning.length === 0) return filter;
  const all = (value: number) => turning.map(() => value);
  return g.slice(filter, all(-1), all(-(2 ** 31)), turning, all(-1));
}

/** Padding of the convolution of stride 1 that goes the other way; negative where it has none. */
export function oppositePads(axes: readonly Axis[]): number[] {
  const reach = ({ filter, dilation }: Axis) => (filter - 1) * dilation;
  return [...axes.map((axis) => reach(axis) - axis.before), ...axes.map((axis) => reach(axis) - axis.after)];
}
