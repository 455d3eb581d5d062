/** How crowded points are: what tells whether marks would be one blob, and how dark a density has to be. */
import type { Mapping } from './plane';

/** The most points that lie in one cell of a grid, and the size of a cell in data units. */
export interface Crowd {
  most: number;
  cell: { width: number; height: number };
}

/** Cells of a coarse grid over the points, along each axis. */
const CELLS = 96;

/** @param positions [2n], all finite */
export function crowdOf(positions: Float32Array): Crowd {
  let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < positions.length; i += 2) {
    const [x, y] = [positions[i]!, positions[i + 1]!];
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < low) low = y;
    if (y > high) high = y;
  }
  const cell = { width: (right - left) / CELLS, height: (high - low) / CELLS };
  if (!(cell.width > 0 && cell.height > 0)) return { most: positions.length / 2, cell: { width: 0, height: 0 } };
  const counts = new Uint32Array(CELLS * CELLS);
  let most = 0;
  for (let i = 0; i < positions.length; i += 2) {
    const column = Math.min(CELLS - 1, Math.floor((positions[i]! - left) / cell.width));
    const row = Math.min(CELLS - 1, Math.floor((positions[i + 1]! - low) / cell.height));
    const count = ++counts[row * CELLS + column]!;
    if (count > most) most = count;
  }
  return { most, cell };
}

/** Points in a square pixel where they are most, about. */
export function pointsPerPixel({ most, cell }: Crowd, { unit }: Mapping): number {
  // Several cells are not one: where the points lie on a line, or in one place, a pixel may have them all.
  return most / Math.max(1, cell.width * unit.x * cell.height * unit.y);
}

/** Marks that lie over each other so often, where they are most, are one blob. */
const BLOB = 6;
/** Fewer points are few enough to be seen, however they lie. */
const CROWD = 50_000;

/** Whether there are so many points that they may crowd. */
export function isMany(n: number): boolean {
  return n > CROWD;
}

/** The faintest that a single point of a crowd is shown. */
export const FAINTEST = 0.22;

/** @returns how many points a square CSS pixel has where they are most, or 0 where they do not crowd */
export function crowdIn(crowd: Crowd, mapping: Mapping, radius: number): number {
  const most = pointsPerPixel(crowd, mapping);
  return most * Math.PI * radius ** 2 > BLOB ? most : 0;
}
