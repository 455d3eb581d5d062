import type { Axis } from '../../../ops/images/windows';
import { range } from '../../../ops/range';
import { sizeOf } from '../../../ops/types';
import type { Value } from '../../../trace/program';
import type { Edge } from '../graph';
import type { Layouts } from './layouts';

/** Windows along one axis; their dilation may be negative, too. */
export type Sliding = Omit<Axis, 'after'>;

/**
 * What lies under each window of an image, window by window: [N · outputs · places · C]. It is gathered in pieces that lie
 * together: blocks of channels, or all of a pixel's.
 */
export function columnsOf(layouts: Layouts, image: Value, axes: readonly Sliding[]): Edge {
  const { graph: g, block } = layouts;
  const [batch, , , channels] = image.shape as [number, number, number, number];
  const [layout, width] = layouts.inBlocks(channels) ? (['blocked', block] as const) : (['last', channels] as const);
  const pieces = sizeOf(image) / width;
  const numbers = piecesUnder(axes, batch, channels / width);
  const table = g.reshape(layouts.in(image, layout), [pieces, width]);
  // Behind the last piece stands one of zeros, for what is outside of the image.
  const outside = numbers.includes(pieces);
  const zeros = () => g.constant(new Float32Array(width), 'float32', [1, width]);
  const padded = outside ? g.op('Concat', [table, zeros()], { axis: 0 }) : table;
  return g.op('Gather', [padded, g.constant(numbers, 'int32', [numbers.length])], { axis: 0 });
}

/** Numbers of the pieces [N, groups, H, W] of an image by window, [N, outH, outW, kh, kw, groups]; outside, their count. */
function piecesUnder([vertical, horizontal]: readonly Sliding[], batch: number, groups: number): Int32Array {
  const [rows, columns] = [inputsUnder(vertical!), inputsUnder(horizontal!)];
  const [height, width] = [vertical!.input, horizontal!.input];
  const outside = batch * groups * height * width;
  const numbers = new Int32Array(batch * rows.flat().length * columns.flat().length * groups);
  let i = 0;
  const add = (image: number, y: number, x: number) => {
    const inside = y >= 0 && y < height && x >= 0 && x < width;
    for (let group = image * groups; group < (image + 1) * groups; group++) {
      numbers[i++] = inside ? (group * height + y) * width + x : outside;
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
