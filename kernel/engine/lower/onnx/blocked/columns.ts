import type { Axis } from '../../../ops/images/windows';
import { range } from '../../../ops/range';
import { sizeOf } from '../../../ops/types';
import type { Value } from '../../../trace/program';
import type { Edge } from '../graph';
import type { Layouts } from './layouts';
import { gathered, OUTSIDE } from './pieces';

/** Windows along one axis; their dilation may be negative, too. */
export type Sliding = Omit<Axis, 'after'>;

/**
 * What lies under each window of an image, window by window: [N · outputs · places · C]. It is gathered in pieces that lie
 * together: blocks of channels, or all of a pixel's.
 */
export function columnsOf(layouts: Layouts, image: Value, axes: readonly Sliding[]): Edge {
  const { block } = layouts;
  const [batch, , , channels] = image.shape as [number, number, number, number];
  const [layout, width] = layouts.inBlocks(channels) ? (['blocked', block] as const) : (['last', channels] as const);
  const pieces = sizeOf(image) / width;
  const numbers = piecesUnder(axes, batch, channels / width);
  return gathered(layouts, layouts.in(image, layout), { pieces, width }, numbers);
}

/** Numbers of the pieces [N, groups, H, W] of an image by window, [N, outH, outW, kh, kw, groups]. */
function piecesUnder([vertical, horizontal]: readonly Sliding[], batch: number, groups: number): Int32Array {
  const [rows, columns] = [inputsUnder(vertical!), inputsUnder(horizontal!)];
  const [height, width] = [vertical!.input, horizontal!.input];
  const numbers = new Int32Array(batch * rows.flat().length * columns.flat().length * groups);
  let i = 0;
  const add = (image: number, y: number, x: number) => {
    const inside = y >= 0 && y < height && x >= 0 && x < width;
    for (let group = image * groups; group < (image + 1) * groups; group++) {
      numbers[i++] = inside ? (group * height + y) * width + x : OUTSIDE;
    }
  };
  for (let image = 0; image < batch; image++) {
    for (const ys of rows) for (const xs of columns) for (const y of ys) for (const x of xs) add(image, y, x);
  }
  return numbers;
}

/** The inputs under each output's window; some are outside. */
function inputsUnder({ output, filter, stride, dilation, before }: Sliding): number[][] {
  return range(0, output).map((o) => range(0, filter).map((k) => o * stride + k * dilation - before));
}
