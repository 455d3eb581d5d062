/** The operators that convolve images in the layouts of {@link Layouts}. */
import type { Convolution } from '../../../ops/images/convolution';
import type { Axis } from '../../../ops/images/windows';
import { range } from '../../../ops/range';
import type { Attributes, Edge, Graph } from '../graph';
import { taken } from '../inputGradient';
import { permuted } from '../layout';
import type { Epilogue, Layout, Layouts } from './layouts';
import { gathered, numbered, turned } from './pieces';

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
  /** All of it, with the axes [kh, kw, I, O] or [kh, kw, O, I]. */
  readonly edge: Edge;
  /** The order of its last two axes: a convolution has `in-out`, its gradient `out-in`. */
  readonly order: 'in-out' | 'out-in';
  readonly inputs: number;
  readonly outputs: number;
  /** Along each axis of the window: which places of the filter are used, in their new order. */
  readonly places: readonly (readonly number[])[];
}

/** All places of a filter in their order. */
export function allPlaces({ axes }: Convolution): number[][] {
  return axes.map(({ filter }) => range(0, filter));
}

/**
 * A filter of the convolution as {@link conv} takes it: [O, I, kh, kw]; in blocks [O/b, I/b, kh, kw, b of I, b of O], or
 * [O/b, I, kh, kw, b of O].
 */
export function arranged(layouts: Layouts, to: Layout, c: Convolution, filter: Filter): Edge {
  const { inputs, outputs } = filter;
  if (to === 'blocked' && layouts.inBlocks(inputs)) return inBlocks(layouts, c, filter);
  const { graph: g, block } = layouts;
  const window = filter.places.map(({ length }) => length);
  const straight = filter.order === 'in-out';
  const edge = taken(g, c, filter.edge, filter.places);
  const ofChannels = <T>(into: T, out: T): T[] => (straight ? [into, out] : [out, into]);
  if (to === 'first') {
    const [inAxis, outAxis] = ofChannels(2, 3) as [number, number];
    return permuted(g, edge, [...window, ...ofChannels(inputs, outputs)], [outAxis, inAxis, 0, 1]);
  }
  const split = g.reshape(edge, [...window, ...ofChannels([inputs], [outputs / block, block]).flat()]);
  const [inAt, outAt] = straight ? [2, 3] : [4, 2];
  return g.reshape(g.transpose(split, [outAt, inAt, 0, 1, outAt + 1]), [outputs, inputs, ...window]);
}

/** By pieces of b channels, which lie together on both sides; ONNX Runtime's Transpose takes five times as long. */
function inBlocks(layouts: Layouts, { axes }: Convolution, filter: Filter): Edge {
  const { graph: g, block } = layouts;
  const { edge, inputs, outputs, order } = filter;
  const [rows, columns] = filter.places as [readonly number[], readonly number[]];
  const [straight, across] = [order === 'in-out', axes[1]!.filter];
  // The channels of the axis before the last one, and how many pieces the last one has.
  const [own, last] = straight ? [inputs, outputs / block] : [outputs, inputs / block];
  const shape = [outputs / block, inputs / block, rows.length, columns.length, block];
  const numbers = numbered(shape, ([out, into, y, x, i]) => {
    const place = rows[y!]! * across + columns[x!]!;
    const [group, piece] = straight ? [into!, out!] : [out!, into!];
    return (place * own + group * block + i!) * last + piece;
  });
  const pieces = { pieces: axes.reduce((product, { filter: size }) => product * size, own * last), width: block };
  const found = gathered(layouts, edge, pieces, numbers);
  return g.reshape(straight ? found : turned(layouts, found, numbers.length / block), [
    outputs,
    inputs,
    rows.length,
    columns.length,
  ]);
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
