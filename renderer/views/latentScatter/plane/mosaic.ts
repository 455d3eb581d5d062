/** The decoded grid at its place in the plane: what the decoder makes of each region. */
import type { SampleShape } from '../../../../kernel/views/types';
import { h, svg } from '../../../dom';
import { extent, imageCanvas, profilePath } from '../../../samples';
import { categoryColour } from '../../../palette';
import type { Theme } from '../../../theme';
import type { LatentGrid } from '../model';
import { toPixel } from './plane';
import type { Plane } from './plane';

interface Cell {
  index: number;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Cells in pixels, as wide and high as the grid's spacing. */
export function cells(grid: LatentGrid, plane: Plane): Cell[] {
  const [width, height] = [spacing(grid.xs) * plane.unit.x, spacing(grid.ys) * plane.unit.y];
  return grid.ys.flatMap((y, row) =>
    grid.xs.map((x, column) => {
      const [left, top] = toPixel(plane, x, y);
      return { index: row * grid.xs.length + column, x: left - width / 2, y: top - height / 2, width, height };
    }),
  );
}

function spacing(values: number[]): number {
  return values.length > 1 ? (values.at(-1)! - values[0]!) / (values.length - 1) : 1;
}

/** All images side by side, the highest row first: one canvas to draw at any zoom. */
export function mosaicCanvas(grid: LatentGrid, shape: Extract<SampleShape, { kind: 'image' }>): HTMLCanvasElement {
  const canvas = h('canvas', { width: grid.xs.length * shape.width, height: grid.ys.length * shape.height });
  const paper = canvas.getContext('2d');
  if (paper === null) throw new Error('the browser provides no 2D canvas');
  grid.samples.forEach((values, i) => {
    const [row, column] = [Math.floor(i / grid.xs.length), i % grid.xs.length];
    const top = (grid.ys.length - 1 - row) * shape.height;
    paper.drawImage(imageCanvas(values, shape), column * shape.width, top);
  });
  return canvas;
}

/** Where the whole mosaic lies, in pixels. */
export function mosaicBox(grid: LatentGrid, plane: Plane): { x: number; y: number; width: number; height: number } {
  const [width, height] = [spacing(grid.xs) * plane.unit.x, spacing(grid.ys) * plane.unit.y];
  const [left, top] = toPixel(plane, grid.xs[0]!, grid.ys.at(-1)!);
  return { x: left - width / 2, y: top - height / 2, width: width * grid.xs.length, height: height * grid.ys.length };
}

/** Vector samples: each cell a profile. */
export function mosaicProfiles(grid: LatentGrid, plane: Plane, theme: Theme): SVGElement[] {
  const range = extent(...grid.samples);
  return cells(grid, plane).map(({ index, x, y, width, height }) => {
    const box = { x: x + width * 0.1, y: y + height * 0.15, width: width * 0.8, height: height * 0.7 };
    const stroke = categoryColour(theme.categories, 0);
    return svg('path', { d: profilePath(grid.samples[index]!, range, box), fill: 'none', stroke });
  });
}
