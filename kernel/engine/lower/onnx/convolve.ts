/**
 * The forms in which convolutions are computed. Tensors are laid out as tfjs has them: x [N, ...spatial, C] (or channels
 * first), filters [...window, in, out]; of depthwise convolutions [...window, in, multiplier].
 */
import type { Convolution } from '../../ops/images/convolution';
import type { Axis, Windows } from '../../ops/images/windows';
import { range } from '../../ops/range';
import { placesOf } from '../common/places';
import { unfold } from './fold';
import type { Attributes, Edge, Graph } from './graph';
import { permuted, reshaped, toChannelsFirst, toChannelsLast } from './layout';
import { matrixProduct } from './products';
import { onnxWindows, reached } from './windows';

/** What follows a convolution. */
export interface Epilogue {
  /** [outChannels] */
  readonly bias?: Edge | undefined;
  /** Element by element. */
  activate?(y: Edge): Edge;
}

/** y, of the windows' outShape. */
export function convolve(g: Graph, c: Convolution, x: Edge, filter: Edge, epilogue: Epilogue = {}): Edge {
  const { bias, activate = (y: Edge) => y } = epilogue;
  const matrices = matricesOf(c);
  if (matrices.plain || prefersColumns(g, c)) {
    const { rows, inner, outer } = matrices;
    const right = reshaped(g, filter, filterShape(c), [inner, outer]);
    const y = matrixProduct(g, inputMatrix(g, c, x), right, { bias });
    return reshaped(g, activate(y), [rows, outer], c.outShape);
  }
  const { edge, windows } = reached(g, x, c);
  const image = channelsFirst(g, edge, windows, windows.inShape);
  const y = conv(g, c, [image, filterFirst(g, c, filter), bias], c, onnxWindows(windows.axes));
  return asGiven(g, activate(y), c, c.outShape);
}

/**
 * The gradient for the filter: the convolution of x by dy in which batch and channels, and strides and dilations, have
 * changed places.
 */
export function filterGradient(g: Graph, c: Convolution, x: Edge, dy: Edge): Edge {
  const matrices = matricesOf(c);
  // Measured with 1 to 128 channels, columns are about as quick here with few and twice as quick with many.
  if (matrices.plain || (matrices.columns && g.target === 'cpu')) {
    const { rows, inner, outer } = matrices;
    const right = reshaped(g, dy, c.outShape, [rows, outer]);
    const df = matrixProduct(g, inputMatrix(g, c, x), right, { transposeA: true });
    return reshaped(g, df, [inner, outer], filterShape(c));
  }
  const { edge, windows } = reached(g, x, c);
  const { axes, inShape } = windows;
  const byChannel = batchInside(g, edge, c, inShape);
  const image = c.depthwise ? g.reshape(byChannel, [1, c.inChannels * c.batch, ...sizesOf(axes, 'input')]) : byChannel;
  const swapped = { inChannels: c.batch, outChannels: c.outChannels };
  const df = conv(g, c, [image, batchInside(g, dy, c, c.outShape)], swapped, {
    kernel_shape: sizesOf(axes, 'output'),
    strides: axes.map(({ dilation }) => dilation),
    dilations: axes.map(({ stride }) => stride),
    pads: onnxWindows(axes).pads,
  });
  return filterLast(g, c, withinWindow(g, df, axes));
}

/**
 * ONNX's Conv of [image, filter, bias], channels first.
 *
 * On WebGPU, ONNX Runtime 1.30 computes it wrong for 6, 9, 15, 18, … channels where the number of those that come out
 * divides by 4 (its issue 29651): one more channel, of zeros, leads it another way.
 */
function conv(
  g: Graph,
  { axes, depthwise, inChannels: groups }: Convolution,
  [image, filter, bias]: readonly [Edge, Edge, Edge?],
  { inChannels, outChannels }: { inChannels: number; outChannels: number },
  windows: Attributes,
): Edge {
  const attributes = { ...windows, group: depthwise ? groups : 1 };
  const wrong = inChannels > 3 && inChannels % 3 === 0 && inChannels % 4 !== 0 && outChannels % 4 === 0;
  if (g.target !== 'webgpu' || depthwise || !wrong) return g.op('Conv', [image, filter, bias], attributes);
  const none = axes.map(() => 0);
  const [padded, widened] = [image, filter].map((x) => g.op('Pad', [x, g.ints([0, 0, ...none, 0, 1, ...none])]));
  return g.op('Conv', [padded, widened, bias], attributes);
}

// --- matrices -----------------------------------------------------------------------------------------------------

/** Columns of more elements (256 MB) are not built. */
const MOST_COLUMNS = 2 ** 26;

/** The convolution as a product of matrices, [rows, inner] made of x by [inner, outer], the filter as it lies. */
interface Matrices {
  readonly rows: number;
  readonly inner: number;
  readonly outer: number;
  /** x is the matrix as it lies. */
  readonly plain: boolean;
  /** It can be made by laying the elements under each window side by side. */
  readonly columns: boolean;
}

export function matricesOf(c: Convolution): Matrices {
  const { axes, batch, inChannels, outChannels, channelsLast, depthwise } = c;
  const rows = axes.reduce((product, { output }) => product * output, batch);
  const inner = axes.reduce((product, { filter }) => product * filter, inChannels);
  const columns = channelsLast && !depthwise && rows * inner <= MOST_COLUMNS;
  const exact = axes.every(({ before, after }) => before === 0 && after === 0);
  const pixel = axes.every(({ filter, stride }) => filter === 1 && stride === 1);
  const whole = axes.every(({ output, dilation }) => output === 1 && dilation === 1);
  return { rows, inner, outer: outChannels, columns, plain: channelsLast && !depthwise && exact && (pixel || whole) };
}

/** x [rows, inner] */
function inputMatrix(g: Graph, c: Convolution, x: Edge): Edge {
  const { rows, inner, plain } = matricesOf(c);
  if (plain) return reshaped(g, x, c.inShape, [rows, inner]);
  const under = unfold(g, x, c, 0);
  const places = placesOf(c.axes).map(under);
  return g.reshape(places.length === 1 ? places[0]! : g.op('Concat', places, { axis: -1 }), [rows, inner]);
}

/**
 * From this many channels on, the CPU multiplies matrices rather than use ONNX Runtime's convolution and move the
 * channels there and back. Of 3×3 windows, the product was quicker with 128 channels and slower with 32; the bound is a
 * guess between them.
 */
const WIDE = 64;

/** Whether columns are the quicker form of a convolution. */
export function prefersColumns({ target }: Graph, c: Convolution): boolean {
  return target === 'cpu' && matricesOf(c).columns && Math.min(c.inChannels, c.outChannels) >= WIDE;
}

// --- layouts ------------------------------------------------------------------------------------------------------

function sizesOf(axes: readonly Axis[], of: 'input' | 'output' | 'filter'): number[] {
  return axes.map((axis) => axis[of]);
}

export function channelsFirst(g: Graph, edge: Edge, { channelsLast }: Windows, shape: readonly number[]): Edge {
  return channelsLast ? toChannelsFirst(g, edge, shape) : edge;
}

/** From channels first to the layout that the convolution has. */
export function asGiven(g: Graph, edge: Edge, { channelsLast }: Windows, shape: readonly number[]): Edge {
  if (!channelsLast) return edge;
  return toChannelsLast(g, edge, [shape[0]!, shape.at(-1)!, ...shape.slice(1, -1)]);
}

/** [C, N, ...spatial] */
function batchInside(g: Graph, edge: Edge, { channelsLast }: Windows, shape: readonly number[]): Edge {
  const rank = shape.length;
  const perm = channelsLast ? [rank - 1, 0, ...range(1, rank - 1)] : [1, 0, ...range(2, rank)];
  return permuted(g, edge, shape, perm);
}

export function filterShape({ axes, inChannels, outChannels, depthwise }: Convolution): number[] {
  return [...sizesOf(axes, 'filter'), inChannels, depthwise ? outChannels / inChannels : outChannels];
}

/** [out, in, ...window]; of depthwise convolutions [in · multiplier, 1, ...window]. */
export function filterFirst(g: Graph, c: Convolution, filter: Edge): Edge {
  const rank = c.axes.length;
  const window = range(0, rank);
  if (!c.depthwise) return permuted(g, filter, filterShape(c), [rank + 1, rank, ...window]);
  const grouped = permuted(g, filter, filterShape(c), [rank, rank + 1, ...window]);
  return g.reshape(grouped, [c.outChannels, 1, ...sizesOf(c.axes, 'filter')]);
}

/** A filter's gradient, [in, out, ...window] or [1, in · multiplier, ...window], as tfjs has filters. */
function filterLast(g: Graph, c: Convolution, df: Edge): Edge {
  const [inChannels, outChannels] = filterShape(c).slice(-2) as [number, number];
  const shape = [inChannels, outChannels, ...sizesOf(c.axes, 'filter')];
  return permuted(g, c.depthwise ? g.reshape(df, shape) : df, shape, [...range(2, shape.length), 0, 1]);
}

/** Without the places behind the window that input left over at the end yields. */
function withinWindow(g: Graph, df: Edge, axes: readonly Axis[]): Edge {
  if (axes.every(({ after, dilation }) => -after < dilation)) return df;
  const none = axes.map(() => 0);
  return g.slice(df, none, sizesOf(axes, 'filter'), range(2, 2 + axes.length));
}
