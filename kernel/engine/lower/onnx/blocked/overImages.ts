import { range } from '../../../ops/range';
import { sizeOf } from '../../../ops/types';
import type { Value } from '../../../trace/program';
import type { Edge } from '../graph';
import type { Sliding } from './columns';
import type { Layouts } from './layouts';
import { gathered, numbered, OUTSIDE, turned } from './pieces';

/** Pixels of a filter, at most: with them a part of it stays in a core's cache while it goes over an image. */
const PIXELS = 128;

/** Whether {@link overImages} can: batch and channels fill whole blocks, and windows have no gaps within a row. */
export function canGoOverImages(
  layouts: Layouts,
  windowed: Value,
  [, columns]: readonly Sliding[],
  other: Value,
): boolean {
  const [batch, , , channels] = windowed.shape as [number, number, number, number];
  return (
    [batch, channels, other.shape[3]!].every((size) => layouts.inBlocks(size)) && Math.abs(columns!.dilation) === 1
  );
}

/**
 * The windows of an image times another image, [places · C of the one, C of the other], as one blocked convolution in
 * which images and channels have changed places: it sums over the batch, the other image is its filter, and its outputs
 * are the places of the window. Strides and dilations change places, too. Unlike columns, it holds no pixel twice.
 *
 * A window has few places. So that rows of outputs are long, the channels of a block of the windowed image lie side by
 * side in its rows: [C/b, N/b, H, W · b channels, b images]. The filter's dilation steps over them.
 *
 * Large images are cut into bands of rows, which are summed over like images of the batch.
 */
export function overImages(layouts: Layouts, windowed: Value, axes: readonly Sliding[], other: Value): Edge {
  const { graph: g, block } = layouts;
  const [batch, , , outputs] = other.shape as [number, number, number, number];
  const inputs = windowed.shape[3]!;
  const cut = cutOf(axes as [Sliding, Sliding]);
  const { bands, window, spans, pads } = cut;
  const [rows, columns] = cut.axes;
  const image = g.reshape(imageInBands(layouts, windowed, cut), [
    inputs / block,
    bands * batch,
    spans[0] - pads[0] - pads[1],
    spans[1] * block,
  ]);
  const filter = g.reshape(filterInBands(layouts, other, cut), [outputs, bands * batch, ...window]);
  const product = g.nchwcOp('Conv', [image, filter], {
    kernel_shape: window,
    strides: [Math.abs(rows.dilation), 1],
    dilations: [rows.stride, columns.stride * block],
    pads: [pads[0], 0, pads[1], 0],
  });
  return byPlace(layouts, product, cut, [inputs, outputs]);
}

/** How images are cut into bands. */
interface Cut {
  readonly axes: readonly [Sliding, Sliding];
  readonly bands: number;
  /** Rows and columns of a band of the other image. */
  readonly window: readonly [number, number];
  /** Rows and columns of the windowed image that they see. */
  readonly spans: readonly [number, number];
  /** Rows of these above and below the image that the convolution pads. */
  readonly pads: readonly [number, number];
}

/** As few bands as leave each few enough pixels; all have as many rows. */
function cutOf(axes: readonly [Sliding, Sliding]): Cut {
  const [rows, columns] = axes;
  const counts = range(1, rows.output + 1).filter((count) => rows.output % count === 0);
  const bands = counts.find((count) => (rows.output / count) * columns.output <= PIXELS) ?? rows.output;
  const window = [rows.output / bands, columns.output] as const;
  const spans = [spanOf(rows, window[0]), spanOf(columns, window[1])] as const;
  // The convolution passes over padded rows. Padded columns take it longer than zeros do, and bands differ in padding.
  const first = firstOf(rows);
  const outside = [Math.max(0, -first), Math.max(0, first + spans[0] - rows.input)] as const;
  const pads = bands === 1 ? outside : ([0, 0] as const);
  return { axes, bands, window, spans, pads };
}

/** Pixels from the first to the last that windows of so many outputs read. */
function spanOf({ stride, filter, dilation }: Sliding, outputs: number): number {
  return (outputs - 1) * stride + (filter - 1) * Math.abs(dilation) + 1;
}

/** The first pixel that a window of the first output reads; negative where it is padding. */
function firstOf({ filter, dilation, before }: Sliding): number {
  return Math.min(0, (filter - 1) * dilation) - before;
}

/** [C/b, bands, N/b, rows, columns, b channels, b images], zero outside of the image; without the rows that are padded. */
function imageInBands(layouts: Layouts, image: Value, { axes, bands, window, spans, pads }: Cut): Edge {
  const { block } = layouts;
  const [batch, height, width, channels] = image.shape as [number, number, number, number];
  const [top, left] = axes.map(firstOf) as [number, number];
  const parts = channels / block;
  const order = [parts, bands, batch / block, spans[0] - pads[0] - pads[1], spans[1], block];
  const numbers = numbered(order, ([part, band, group, row, column, own]) => {
    const y = top + pads[0] + band! * window[0] * axes[0].stride + row!;
    const x = left + column!;
    const inside = y >= 0 && y < height && x >= 0 && x < width;
    return inside ? (((group! * block + own!) * parts + part!) * height + y) * width + x : OUTSIDE;
  });
  const pieces = { pieces: sizeOf(image) / block, width: block };
  const byImage = gathered(layouts, layouts.in(image, 'blocked'), pieces, numbers);
  return turned(layouts, byImage, numbers.length / block);
}

/** [C/b, bands, N/b, rows, columns, b images, b channels] */
function filterInBands(layouts: Layouts, image: Value, { bands, window }: Cut): Edge {
  const { block } = layouts;
  const [batch, height, width, channels] = image.shape as [number, number, number, number];
  const parts = channels / block;
  const order = [parts, bands, batch / block, ...window, block];
  const numbers = numbered(order, ([part, band, group, row, column, own]) => {
    const y = band! * window[0] + row!;
    return (((group! * block + own!) * parts + part!) * height + y) * width + column!;
  });
  return gathered(layouts, layouts.in(image, 'blocked'), { pieces: sizeOf(image) / block, width: block }, numbers);
}

/** The product [I/b, O/b, places, b inputs, b outputs] as [places · I, O], places in the order of the window. */
function byPlace(layouts: Layouts, product: Edge, { axes }: Cut, [inputs, outputs]: readonly [number, number]): Edge {
  const { graph: g, block } = layouts;
  const [into, out] = [inputs / block, outputs / block];
  const [rows, columns] = axes.map(({ filter }) => filter) as [number, number];
  const numbers = numbered([rows, columns, into, block, out], ([row, column, part, own, outPart]) => {
    const place = placeOf(axes[0], row!) * columns + placeOf(axes[1], column!);
    return ((part! * out + outPart!) * rows * columns + place) * block + own!;
  });
  const pieces = { pieces: rows * columns * inputs * out, width: block };
  return g.reshape(gathered(layouts, product, pieces, numbers), [rows * columns * inputs, outputs]);
}

/** Where a place of the window is among the outputs: from the other end where the window runs backwards. */
function placeOf({ filter, dilation }: Sliding, place: number): number {
  return dilation < 0 ? filter - 1 - place : place;
}
