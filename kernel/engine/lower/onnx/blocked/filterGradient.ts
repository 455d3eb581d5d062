/** Gradients for the filters of convolutions: products of the windows of x by dy. */
import type { Convolution } from '../../../ops/images/convolution';
import type { Axis } from '../../../ops/images/windows';
import { range } from '../../../ops/range';
import { sizeOf } from '../../../ops/types';
import type { Value } from '../../../trace/program';
import { filterShape, matricesOf } from '../convolve';
import type { Edge } from '../graph';
import { columnsOf, type Sliding } from './columns';
import { areFew, isRegular } from './convolve';
import type { Layouts } from './layouts';
import { canGoOverImages, overImages } from './overImages';

/**
 * The gradient for the filter of x ∗ filter, where its windows are regular. With stride 1, windows of dy by x serve as
 * well as windows of x by dy, and there are fewer numbers in them where dy has fewer channels.
 */
export function filterGradient(layouts: Layouts, c: Convolution, x: Value, dy: Value): Edge | undefined {
  const { graph: g } = layouts;
  const { axes, inChannels, outChannels } = c;
  const { columns, inner, plain } = matricesOf(c);
  if (!isRegular(c) || !columns) return undefined;
  if (areFew(inChannels)) return g.reshape(byPlanes(layouts, x, axes, dy), filterShape(c));
  const places = inner / inChannels;
  if (!plain && outChannels < inChannels && axes.every(({ stride }) => stride === 1)) {
    const product = (areFew(outChannels) ? byPlanes : byWindows)(layouts, dy, axes.map(opposite), x);
    const byPlace = g.transpose(g.reshape(product, [places, outChannels, inChannels]), [0, 2, 1]);
    return g.reshape(byPlace, filterShape(c));
  }
  const product = plain ? longProduct(layouts, dy, layouts.plain(x), inner) : byWindows(layouts, x, axes, dy);
  return g.reshape(product, filterShape(c));
}

/** The windows of outputs that read each input. */
function opposite({ input, output, filter, dilation, before }: Axis): Sliding {
  return { input: output, output: input, filter, stride: 1, dilation: -dilation, before: -before };
}

/** The windows of an image times another image: [places · C of the one, C of the other]. */
function byWindows(layouts: Layouts, windowed: Value, axes: readonly Sliding[], other: Value): Edge {
  return (canGoOverImages(layouts, windowed, axes, other) ? overImages : byColumns)(layouts, windowed, axes, other);
}

// --- columns --------------------------------------------------------------------------------------------------------

/** Windows of an image, side by side, times another image: [places · C of the one, C of the other]. */
function byColumns(layouts: Layouts, windowed: Value, axes: readonly Sliding[], other: Value): Edge {
  const inner = axes.reduce((product, { filter }) => product * filter, windowed.shape[3]!);
  return longProduct(layouts, other, columnsOf(layouts, windowed, axes), inner);
}

/** Parts that a long sum of products is cut into, so that each stays in the cache. */
const PARTS = 2;

/**
 * columnsᵀ · image, [inner, C], with as many rows of both as the image has pixels. The wider matrix is on the left, as
 * ONNX Runtime copies the one on the right for each thread.
 */
function longProduct(layouts: Layouts, image: Value, columns: Edge, inner: number): Edge {
  const { graph: g } = layouts;
  const channels = image.shape[3]!;
  const rows = sizeOf(image) / channels;
  const parts = range(1, PARTS + 1).findLast((divisor) => rows % divisor === 0)!;
  const cut = (edge: Edge, width: number) => g.reshape(edge, [parts, rows / parts, width]);
  const sides = [cut(columns, inner), cut(layouts.plain(image), channels)] as const;
  const product = (left: Edge, right: Edge) => {
    const products = g.op('MatMul', [g.transpose(left, [0, 2, 1]), right]);
    return g.op('ReduceSum', [products, g.ints([0])], { keepdims: 0 });
  };
  return inner >= channels ? product(...sides) : g.transpose(product(sides[1], sides[0]), [1, 0]);
}

// --- planes ---------------------------------------------------------------------------------------------------------

/** The same for a windowed image of few channels: each place of its windows is a plane, to be multiplied by the other. */
function byPlanes(layouts: Layouts, windowed: Value, axes: readonly Sliding[], other: Value): Edge {
  const { graph: g, block } = layouts;
  const [batch, height, width, channels] = other.shape as [number, number, number, number];
  const pixels = height * width;
  const planes = placesOf(layouts, windowed, axes);
  const inner = axes.reduce((product, { filter }) => product * filter, windowed.shape[3]!);
  const summed = (products: Edge) => g.op('ReduceSum', [products, g.ints([0])], { keepdims: 0 });
  if (!layouts.inBlocks(channels)) {
    const images = g.reshape(layouts.in(other, 'first'), [batch, channels, pixels]);
    return summed(g.microsoftOp('FusedMatMul', [g.reshape(planes, [batch, inner, pixels]), images], { transB: 1 }));
  }
  const blocks = g.reshape(layouts.in(other, 'blocked'), [batch, channels / block, pixels, block]);
  const sum = summed(g.op('MatMul', [g.reshape(planes, [batch, 1, inner, pixels]), blocks]));
  return g.reshape(g.transpose(sum, [1, 0, 2]), [inner, channels]);
}

/** An image under each place of the window, [N, places · C, ...output]. */
function placesOf(layouts: Layouts, image: Value, axes: readonly Sliding[]): Edge {
  const { graph: g } = layouts;
  const spans = axes.map(({ input, output, filter, stride, dilation, before }) => {
    const starts = range(0, filter).map((k) => k * dilation - before);
    const length = (output - 1) * stride + 1;
    const front = Math.max(0, -Math.min(...starts));
    return {
      starts: starts.map((start) => start + front),
      length,
      front,
      end: Math.max(0, Math.max(...starts) + length - input),
    };
  });
  const pads = [0, 0, ...spans.map(({ front }) => front), 0, 0, ...spans.map(({ end }) => end)];
  const first = layouts.in(image, 'first');
  const padded = pads.some((pad) => pad > 0) ? g.op('Pad', [first, g.ints(pads)]) : first;
  const [rows, columns] = spans;
  const steps = axes.map(({ stride }) => stride);
  const slices = rows!.starts.flatMap((y) =>
    columns!.starts.map((x) => g.slice(padded, [y, x], [y + rows!.length, x + columns!.length], [2, 3], steps)),
  );
  return slices.length === 1 ? slices[0]! : g.op('Concat', slices, { axis: 1 });
}
