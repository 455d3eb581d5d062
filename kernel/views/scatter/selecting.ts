/** Which points of a plane a reader has taken: one rule for the live figure and for the kernel, which knows all rows. */

import type { Turned } from './turned';

export { classMix, countOf, placesOf } from './masks';

/** Corners of a polygon, [2m]: x, y, x, y … The last is joined to the first; its sides may cross. */
export type Polygon = ArrayLike<number>;

/** What a reader did to a selection: drew a shape, in a plane of two axes, that replaces it, adds to it or takes from it. */
export interface Region {
  mode: 'replace' | 'add' | 'subtract';
  polygon: number[];
  /** Indices of the two axes. */
  axes: [number, number];
  /** What the axes are of: latent dimensions, principal components, an embedding. */
  space: 'latent' | 'pca' | 'umap';
  /** Classes that were not shown, by their labels: none of their points is taken. */
  hidden: number[];
  /** Three axes, as they were turned: the polygon is of what is seen. */
  turned?: Turned;
}

/** Stripes that the sides of a polygon are sorted into: a point is held against those of its own stripe alone. */
const STRIPES = 1024;

/**
 * Which points lie inside a polygon, by the even-odd rule: those from which a ray to the right crosses its sides an odd
 * number of times. A side holds its lower end and not its upper one, so polygons that share a side share no point.
 *
 * @param coordinates [2n]; points that are not finite are nowhere
 * @returns [n], 1 for those inside
 */
export function pointsInside(coordinates: ArrayLike<number>, polygon: Polygon): Uint8Array {
  const inside = new Uint8Array(coordinates.length / 2);
  const sides = stripesOf(polygon);
  if (sides === undefined) return inside;
  const { left, right, low, high, perUnit, stripes } = sides;
  for (let k = 0; k < inside.length; k++) {
    const [x, y] = [coordinates[2 * k]!, coordinates[2 * k + 1]!];
    // Written so that NaN fails.
    if (!(x >= left && x <= right && y >= low && y < high)) continue;
    const stripe = stripes[Math.min(STRIPES - 1, Math.floor((y - low) * perUnit))]!;
    let odd = 0;
    for (let s = 0; s < stripe.length; s++) odd ^= crosses(polygon, stripe[s]!, x, y);
    inside[k] = odd;
  }
  return inside;
}

/** 1 where a ray from a point to the right crosses the side that begins at a corner. */
function crosses(polygon: Polygon, corner: number, x: number, y: number): 0 | 1 {
  const next = corner + 1 === polygon.length / 2 ? 0 : corner + 1;
  const [x1, y1, x2, y2] = [polygon[2 * corner]!, polygon[2 * corner + 1]!, polygon[2 * next]!, polygon[2 * next + 1]!];
  return y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1) ? 1 : 0;
}

interface Stripes {
  left: number;
  right: number;
  low: number;
  high: number;
  perUnit: number;
  /** Corners at which the sides of each stripe begin. */
  stripes: number[][];
}

function stripesOf(polygon: Polygon): Stripes | undefined {
  const corners = polygon.length / 2;
  let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < corners; i++) {
    left = Math.min(left, polygon[2 * i]!);
    right = Math.max(right, polygon[2 * i]!);
    low = Math.min(low, polygon[2 * i + 1]!);
    high = Math.max(high, polygon[2 * i + 1]!);
  }
  if (corners < 3 || !(high > low) || !Number.isFinite(left + right + low + high)) return undefined;
  const perUnit = STRIPES / (high - low);
  const stripes: number[][] = Array.from({ length: STRIPES }, () => []);
  const stripeAt = (y: number) => Math.min(STRIPES - 1, Math.floor((y - low) * perUnit));
  for (let i = 0; i < corners; i++) {
    const next = i + 1 === corners ? 0 : i + 1;
    const ends = [stripeAt(polygon[2 * i + 1]!), stripeAt(polygon[2 * next + 1]!)];
    for (let s = Math.min(...ends); s <= Math.max(...ends); s++) stripes[s]!.push(i);
  }
  return { left, right, low, high, perUnit, stripes };
}

/** The corners of an upright rectangle between two places. */
export function rectangle([x0, y0]: readonly [number, number], [x1, y1]: readonly [number, number]): number[] {
  return [x0, y0, x1, y0, x1, y1, x0, y1];
}

/**
 * What a shape makes of a selection.
 *
 * @param before [n], 1 for what was selected; null: nothing
 * @param inside [n], from {@link pointsInside}
 * @param isHidden whether a point is not shown; null: all are
 */
export function selected(
  before: Uint8Array | null,
  inside: Uint8Array,
  mode: Region['mode'],
  isHidden: ((point: number) => boolean) | null,
): Uint8Array {
  const after = before === null || mode === 'replace' ? new Uint8Array(inside.length) : before.slice();
  const value = mode === 'subtract' ? 0 : 1;
  for (let k = 0; k < inside.length; k++) {
    if (inside[k] === 1 && (isHidden === null || !isHidden(k))) after[k] = value;
  }
  return after;
}

/** Eight points a byte, the first in its lowest bit: a million points are 125 kB. */
export function packMask(mask: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(mask.length / 8));
  for (let k = 0; k < mask.length; k++) if (mask[k] === 1) bytes[k >> 3]! |= 1 << (k & 7);
  return bytes;
}

/** @throws RangeError when there are not as many bytes as n points need */
export function unpackMask(bytes: Uint8Array, n: number): Uint8Array {
  if (bytes.length !== Math.ceil(n / 8)) {
    throw new RangeError(`a selection among ${n} points has ${Math.ceil(n / 8)} bytes; found ${bytes.length}`);
  }
  return Uint8Array.from({ length: n }, (_, k) => (bytes[k >> 3]! >> (k & 7)) & 1);
}
