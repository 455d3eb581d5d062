/**
 * The forms in which convolutions are computed. Tensors are laid out as tfjs has them: x [N, ...spatial, C] (or channels
 * first), filters [...window, in, out]; of depthwise convolutions [...window, in, multiplier].
 */
import { sizeOf } from '../trace/program';
import type { Edge, Graph } from './graph';
import { permuted, range, reshaped, toChannelsFirst, toChannelsLast } from './layout';
import { matrixProduct } from './products';
import { onnxWindows, reached, type Axis, type Windows } from './windows';

export interface Convolution extends Windows {
  /** Each channel of the input has filters of its own. */
  readonly depthwise: boolean;
}

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
  const matrix = asMatrix(c);
  if (matrix) {
    const { rows, inner, columns } = matrix;
    const left = reshaped(g, x, c.inShape, [rows, inner]);
    const right = reshaped(g, filter, filterShape(c), [inner, columns]);
    return reshaped(g, activate(matrixProduct(g, left, right, { bias })), [rows, columns], c.outShape);
  }
  const { edge, windows } = reached(g, x, c);
  const inputs = [channelsFirst(g, edge, windows, windows.inShape), filterFirst(g, c, filter), bias];
  const attributes = { ...onnxWindows(windows.axes), group: c.depthwise ? c.inChannels : 1 };
  return asGiven(g, activate(g.op('Conv', inputs, attributes)), c, c.outShape);
}

/** The gradient for the input, and the transposed convolution itself. */
export function inputGradient(g: Graph, c: Convolution, dy: Edge, filter: Edge): Edge {
  const matrix = asMatrix(c);
  if (matrix) {
    const { rows, inner, columns } = matrix;
    const left = reshaped(g, dy, c.outShape, [rows, columns]);
    const right = reshaped(g, filter, filterShape(c), [inner, columns]);
    return reshaped(g, matrixProduct(g, left, right, { transposeB: true }), [rows, inner], c.inShape);
  }
  const { axes } = c;
  // Where windows begin behind the input's front, or end a stride or more before its end, the gradient is 0.
  const missing = axes.map(
    ({ before, after, stride }) => [Math.max(0, -before), -after >= stride ? -after : 0] as const,
  );
  const covered = axes.map((axis, i) => ({ ...axis, before: axis.before + missing[i]![0] }));
  const dx = g.op('ConvTranspose', [channelsFirst(g, dy, c, c.outShape), filterFirst(g, c, filter)], {
    ...onnxWindows(covered),
    output_padding: axes.map(({ after }, i) => (missing[i]![1] > 0 ? 0 : Math.max(0, -after))),
    group: c.depthwise ? c.inChannels : 1,
  });
  const padded = missing.some(([front, end]) => front > 0 || end > 0)
    ? g.op('Pad', [dx, g.ints([0, 0, ...missing.map(([front]) => front), 0, 0, ...missing.map(([, end]) => end)])])
    : dx;
  return asGiven(g, padded, c, c.inShape);
}

/**
 * The gradient for the filter: the convolution of x by dy in which batch and channels, and strides and dilations, have
 * changed places.
 */
export function filterGradient(g: Graph, c: Convolution, x: Edge, dy: Edge): Edge {
  const matrix = asMatrix(c);
  if (matrix) {
    const { rows, inner, columns } = matrix;
    const left = reshaped(g, x, c.inShape, [rows, inner]);
    const right = reshaped(g, dy, c.outShape, [rows, columns]);
    return reshaped(g, matrixProduct(g, left, right, { transposeA: true }), [inner, columns], filterShape(c));
  }
  const { edge, windows } = reached(g, x, c);
  const { axes, inShape } = windows;
  const byChannel = batchInside(g, edge, c, inShape);
  const image = c.depthwise ? g.reshape(byChannel, [1, c.inChannels * c.batch, ...sizesOf(axes, 'input')]) : byChannel;
  const df = g.op('Conv', [image, batchInside(g, dy, c, c.outShape)], {
    kernel_shape: sizesOf(axes, 'output'),
    strides: axes.map(({ dilation }) => dilation),
    dilations: axes.map(({ stride }) => stride),
    pads: onnxWindows(axes).pads,
    group: c.depthwise ? c.inChannels : 1,
  });
  return filterLast(g, c, withinWindow(g, df, axes));
}

// --- matrices -----------------------------------------------------------------------------------------------------

/** The sizes of the two matrices that make the convolution, where x is one of them as it is. */
function asMatrix(c: Convolution): { rows: number; inner: number; columns: number } | undefined {
  if (c.depthwise || !c.channelsLast) return undefined;
  const exact = c.axes.every(({ before, after }) => before === 0 && after === 0);
  const pixel = exact && c.axes.every(({ filter, stride }) => filter === 1 && stride === 1);
  const whole = exact && c.axes.every(({ output, dilation }) => output === 1 && dilation === 1);
  const inner = (pixel ? 1 : c.axes.reduce((product, { filter }) => product * filter, 1)) * c.inChannels;
  const size = sizeOf({ shape: c.inShape, dtype: 'float32' });
  return pixel || whole ? { rows: size / inner, inner, columns: c.outChannels } : undefined;
}

// --- layouts ------------------------------------------------------------------------------------------------------

function sizesOf(axes: readonly Axis[], of: 'input' | 'output' | 'filter'): number[] {
  return axes.map((axis) => axis[of]);
}

function channelsFirst(g: Graph, edge: Edge, { channelsLast }: Windows, shape: readonly number[]): Edge {
  return channelsLast ? toChannelsFirst(g, edge, shape) : edge;
}

/** From channels first to the layout that the convolution has. */
function asGiven(g: Graph, edge: Edge, { channelsLast }: Windows, shape: readonly number[]): Edge {
  if (!channelsLast) return edge;
  return toChannelsLast(g, edge, [shape[0]!, shape.at(-1)!, ...shape.slice(1, -1)]);
}

/** [C, N, ...spatial] */
function batchInside(g: Graph, edge: Edge, { channelsLast }: Windows, shape: readonly number[]): Edge {
  const rank = shape.length;
  const perm = channelsLast ? [rank - 1, 0, ...range(1, rank - 1)] : [1, 0, ...range(2, rank)];
  return permuted(g, edge, shape, perm);
}

function filterShape({ axes, inChannels, outChannels, depthwise }: Convolution): number[] {
  return [...sizesOf(axes, 'filter'), inChannels, depthwise ? outChannels / inChannels : outChannels];
}

/** [out, in, ...window]; of depthwise convolutions [in · multiplier, 1, ...window]. */
function filterFirst(g: Graph, c: Convolution, filter: Edge): Edge {
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
