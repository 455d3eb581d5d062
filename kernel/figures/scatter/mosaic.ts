/** The decoded grid at its place in the plane: what the decoder makes of each region. */
import type { Mark } from '../marks';
import { profileMarks } from '../profiles';
import { spanOf } from '../span';
import { toPixel } from './plane';
import type { Plane } from './plane';

export interface LatentGrid {
  xs: readonly number[];
  ys: readonly number[];
  /** Row by row, ys[0] first. */
  samples: readonly ArrayLike<number>[];
}

/** Where the whole mosaic lies, in pixels: cells are as wide and high as the grid's spacing. */
export function mosaicBox({ xs, ys }: LatentGrid, plane: Plane) {
  const [width, height] = [spacing(xs) * plane.unit.x, spacing(ys) * plane.unit.y];
  const [left, top] = toPixel(plane, xs[0]!, ys.at(-1)!);
  return { x: left - width / 2, y: top - height / 2, width: width * xs.length, height: height * ys.length };
}

function spacing(values: readonly number[]): number {
  return values.length > 1 ? (values.at(-1)! - values[0]!) / (values.length - 1) : 1;
}

/** Vector samples: each cell a profile. */
export function mosaicProfiles(grid: LatentGrid, plane: Plane): Mark[] {
  const range = spanOf(...grid.samples);
  const all = mosaicBox(grid, plane);
  const [width, height] = [all.width / grid.xs.length, all.height / grid.ys.length];
  return grid.samples.flatMap((values, i) => {
    const [row, column] = [Math.floor(i / grid.xs.length), i % grid.xs.length];
    const [x, y] = [all.x + column * width, all.y + (grid.ys.length - 1 - row) * height];
    const box = { x: x + width * 0.1, y: y + height * 0.15, width: width * 0.8, height: height * 0.7 };
    return profileMarks(values, range, box);
  });
}

/** The cell next to a latent point, in the first two dimensions. */
export function nearestCell<G extends LatentGrid>(
  { xs, ys, samples }: G,
  z: ArrayLike<number>,
): { z: [number, number]; sample: G['samples'][number] } {
  const column = nearestIndex(xs, z[0]!);
  const row = nearestIndex(ys, z[1]!);
  return { z: [xs[column]!, ys[row]!], sample: samples[row * xs.length + column]! };
}

function nearestIndex(values: readonly number[], at: number): number {
  let best = 0;
  values.forEach((value, i) => {
    if (Math.abs(value - at) < Math.abs(values[best]! - at)) best = i;
  });
  return best;
}
