/** Two dimensions on a plane: which part of them is seen, and where a point lies in pixels. */
import { coreOf, isWithin, wholeOf, type Interval } from '../../views/extent';
import type { Box } from '../panel/panel';

/** [2n]: the points' coordinates in the two dimensions that are shown. */
export type Coordinates = Float32Array;

/** Where data units land: `x · unit.x + origin.x` CSS pixels from the left, `origin.y − y · unit.y` from the top. */
export interface Mapping {
  unit: { x: number; y: number };
  origin: { x: number; y: number };
}

export interface Plane extends Mapping {
  area: Box;
}

const PADDING = 0.06;
/** Half the height of the band that points of a one-dimensional latent space are spread over. */
export const JITTER = 1;

/**
 * Coordinates in two dimensions of row-major points. With one dimension only, the second is an even spread that depends on the
 * index alone (the golden ratio's multiples): without meaning, and the axis says so.
 */
export function project(points: ArrayLike<number>, d: number, [i, j]: readonly [number, number]): Coordinates {
  const n = points.length / d;
  const projected = new Float32Array(2 * n);
  for (let k = 0; k < n; k++) {
    projected[2 * k] = points[k * d + i]!;
    projected[2 * k + 1] = d > 1 ? points[k * d + j]! : (((k * 0.618033988749895) % 1) * 2 - 1) * JITTER * 0.8;
  }
  return projected;
}

/** What a plane has to hold, across and up. */
export interface Extent {
  across: Interval;
  up: Interval;
}

/**
 * What holds the points, but for a few far ones that would leave no room for the others.
 *
 * @param all the far ones too
 */
export function extentOf(coordinates: Coordinates, equal: boolean, all = false): Extent {
  const along = (offset: 0 | 1) => (all ? wholeOf : coreOf)(coordinates.filter((_, k) => k % 2 === offset));
  return { across: along(0), up: equal ? along(1) : [-JITTER, JITTER] };
}

/** How many points lie outside; those with coordinates that are not finite are nowhere. */
export function countOutside(coordinates: Coordinates, { across, up }: Extent): number {
  let outside = 0;
  for (let k = 0; k < coordinates.length; k += 2) {
    const [x, y] = [coordinates[k]!, coordinates[k + 1]!];
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    if (!isWithin(x, across) || !isWithin(y, up)) outside++;
  }
  return outside;
}

/** The extent in view, one latent unit as long across as up (`equal`). */
export function fitPlane({ across: [left, right], up: [bottom, top] }: Extent, area: Box, equal: boolean): Plane {
  const unitX = area.width / ((right - left) * (1 + 2 * PADDING));
  const unitY = area.height / ((top - bottom) * (1 + 2 * PADDING));
  const unit = equal ? { x: Math.min(unitX, unitY), y: Math.min(unitX, unitY) } : { x: unitX, y: unitY };
  return centred({ area, unit, origin: { x: 0, y: 0 } }, (left + right) / 2, (bottom + top) / 2);
}

export function toPixel({ unit, origin }: Mapping, x: number, y: number): [number, number] {
  return [x * unit.x + origin.x, origin.y - y * unit.y];
}

export function toLatent({ unit, origin }: Mapping, left: number, top: number): [number, number] {
  return [(left - origin.x) / unit.x, (origin.y - top) / unit.y];
}

/** The same scale with another point in the middle. */
export function centred({ area, unit }: Plane, x: number, y: number): Plane {
  const origin = { x: area.left + area.width / 2 - x * unit.x, y: area.top + area.height / 2 + y * unit.y };
  return { area, unit, origin };
}

export function inside({ left, top, width, height }: Box, x: number, y: number): boolean {
  return x >= left && x <= left + width && y >= top && y <= top + height;
}
