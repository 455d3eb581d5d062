/** Differences by patches: where in the image a model is off, without the noise of single pixels. */
import { forEachDifference, roundUp } from '../../../kernel/views/pictures/differences';
import { levelCanvas } from '../../samples';
import { mix, fromHex } from '../../colours';
import type { Theme } from '../../theme';
import type { Reconstructions } from './model';
import type { TileKey } from './tiles';

/** Sides in pixels; the first are the pixels themselves. */
export const PATCHES = [
  { name: 'pixel', size: 1 },
  { name: '2 × 2 patches', size: 2 },
  { name: '4 × 4 patches', size: 4 },
  { name: '7 × 7 patches', size: 7 },
  { name: '8 × 8 patches', size: 8 },
  { name: '16 × 16 patches', size: 16 },
] as const;

export interface PatchErrors {
  /** [rows · columns] mean squared difference of the pixels in each. */
  values: Float32Array;
  rows: number;
  columns: number;
}

/** @param shape of an image whose patches have this side; the last ones may be smaller */
export function patchErrors(
  input: ArrayLike<number>,
  output: ArrayLike<number>,
  shape: Extract<Reconstructions['shape'], { kind: 'image' }>,
  side: number,
): PatchErrors {
  const [rows, columns] = [Math.ceil(shape.height / side), Math.ceil(shape.width / side)];
  const values = new Float32Array(rows * columns);
  const counts = new Float32Array(rows * columns);
  forEachDifference(input, output, shape, (difference, place) => {
    const [y, x] = [Math.floor(place / shape.width), place % shape.width];
    const patch = Math.floor(y / side) * columns + Math.floor(x / side);
    values[patch]! += difference ** 2;
    counts[patch]! += 1;
  });
  for (let i = 0; i < values.length; i++) values[i]! /= counts[i]!;
  return { values, rows, columns };
}

/** A canvas of the image's size, its patches from the colour of the paper (no error) to that of the ink (the most of all). */
export function differenceBy(side: number, data: Reconstructions, tile: TileKey, theme: Theme): HTMLCanvasElement {
  const { shape, inputs, methods } = data;
  if (shape.kind !== 'image' || inputs === null) throw new Error('patches need images to compare');
  const of = (sample: number, method: number) =>
    patchErrors(inputs[sample]!, methods[method]!.samples[sample]!, shape, side);
  const { values, columns } = of(tile.sample, tile.method);
  const most = roundUp(Math.max(...methods.map((_, m) => Math.max(...of(tile.sample, m).values))));
  const levels = new Float32Array(shape.height * shape.width);
  for (let i = 0; i < levels.length; i++) {
    const [y, x] = [Math.floor(i / shape.width), i % shape.width];
    levels[i] = most === 0 ? 0 : values[Math.floor(y / side) * columns + Math.floor(x / side)]! / most;
  }
  return levelCanvas(levels, shape, inkTable(theme));
}

function inkTable(theme: Theme): Uint8Array {
  const table = new Uint8Array(256 * 3);
  for (let i = 0; i < 256; i++) {
    const colour = mix(fromHex(theme.background), fromHex(theme.dark ? '#ffb454' : '#8a2d04'), i / 255);
    colour.forEach((c, channel) => (table[3 * i + channel] = Math.round(255 * c)));
  }
  return table;
}
