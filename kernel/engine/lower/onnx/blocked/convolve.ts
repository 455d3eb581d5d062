/** The operators that convolve images in the layouts of {@link Layouts}. */
import type { Convolution } from '../../../ops/images/convolution';
import type { Axis } from '../../../ops/images/windows';
import type { Attributes, Edge, Graph } from '../graph';
import { permuted } from '../layout';
import type { Epilogue, Layout, Layouts } from './layouts';

/** Whether ONNX states these windows without cutting the input first, and they slide: else the product is quicker. */
export function isRegular({ axes, batch, channelsLast, depthwise }: Convolution): boolean {
  const stated = axes.every(({ before, after, stride }) => before >= 0 && -after < stride);
  const slides = axes.some(({ output }) => output > 1);
  return stated && slides && batch > 0 && channelsLast && !depthwise;
}

/**
 * For fewer output channels than this, products with a whole image and their sums are quicker than products with its
 * windows.
 */
const FEW = 8;

export function areFew(channels: number): boolean {
  return channels < FEW;
}

/** relu(conv(x) + bias) in a layout, with a filter that has been {@link arranged} for it. */
export function conv(
  g: Graph,
  layout: Layout,
  [x, filter]: readonly [Edge, Edge],
  windows: Attributes,
  { bias, rectified }: Epilogue,
): Edge {
  if (layout === 'first') return relu(g, g.op('Conv', [x, filter, bias], windows), rectified);
  return g.nchwcOp('Conv', [x, filter, bias], rectified ? { ...windows, activation: 'Relu' } : windows);
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

/** A filter before it is laid out. */
export interface Filter {
  readonly edge: Edge;
  readonly window: readonly number[];
  readonly inputs: number;
  readonly outputs: number;
  /** The order of its last two axes: a convolution has [kh, kw, I, O], its gradient [kh, kw, O, I]. */
  readonly order: 'in-out' | 'out-in';
}

/** A filter as {@link conv} takes it: [O, I, kh, kw]; in blocks [O/b, I/b, kh, kw, b of I, b of O], or [O/b, I, kh, kw, b of O]. */
export function arranged(layouts: Layouts, to: Layout, { edge, window, inputs, outputs, order }: Filter): Edge {
  const { graph: g, block } = layouts;
  const straight = order === 'in-out';
  const ofChannels = <T>(into: T, out: T): T[] => (straight ? [into, out] : [out, into]);
  if (to === 'first') {
    const [inAxis, outAxis] = ofChannels(2, 3) as [number, number];
    return permuted(g, edge, [...window, ...ofChannels(inputs, outputs)], [outAxis, inAxis, 0, 1]);
  }
  const out = [outputs / block, block];
  const into = layouts.inBlocks(inputs) ? [inputs / block, block] : [inputs];
  const split = g.reshape(edge, [...window, ...ofChannels(into, out).flat()]);
  // Where the pieces of both axes of channels are now.
  const inAt = straight ? 2 : 2 + out.length;
  const outAt = straight ? 2 + into.length : 2;
  const perm = [outAt, inAt, 0, 1, ...into.slice(1).map(() => inAt + 1), outAt + 1];
  return g.reshape(g.transpose(split, perm), [outputs, inputs, ...window]);
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
