/** Two latent dimensions on the screen: which part is seen, and where a point lies in pixels. */
import { coreOf, isWithin, wholeOf, type Interval } from '../../../../kernel/views/extent';
import type { Area, Mapping } from '../../../gl/points';

/** [2n]: the points' coordinates in the two dimensions that are shown. */
export type Coordinates = Float32Array;

export interface Plane extends Mapping {
  area: Area;
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
export function fitPlane({ across: [left, right], up: [bottom, top] }: Extent, area: Area, equal: boolean): Plane {
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

export function centreOf(plane: Plane): [number, number] {
  const { area } = plane;
  return toLatent(plane, area.left + area.width / 2, area.top + area.height / 2);
}

/** The same scale with another point in the middle. */
export function centred({ area, unit }: Plane, x: number, y: number): Plane {
  const origin = { x: area.left + area.width / 2 - x * unit.x, y: area.top + area.height / 2 + y * unit.y };
  return { area, unit, origin };
}

/** The same middle and about the same extent in another area. */
export function resized(plane: Plane, area: Area): Plane {
  const [x, y] = centreOf(plane);
  const factor = Math.min(area.width / plane.area.width, area.height / plane.area.height);
  const unit = { x: plane.unit.x * factor, y: plane.unit.y * factor };
  return centred({ area, unit, origin: plane.origin }, x, y);
}

export function panned(plane: Plane, dx: number, dy: number): Plane {
  return { ...plane, origin: { x: plane.origin.x + dx, y: plane.origin.y + dy } };
}

/** Larger (factor > 1) or smaller along each axis, with the latent point at these pixels held still. */
export function zoomed(plane: Plane, factor: { x: number; y: number }, left: number, top: number): Plane {
  const { unit, origin, area } = plane;
  return {
    area,
    unit: { x: unit.x * factor.x, y: unit.y * factor.y },
    origin: { x: left + (origin.x - left) * factor.x, y: top + (origin.y - top) * factor.y },
  };
}

export function inside({ left, top, width, height }: Area, x: number, y: number): boolean {
  return x >= left && x <= left + width && y >= top && y <= top + height;
}

/**
 * The visible point nearest to a pixel, by Euclidean distance on the screen; the first of equals.
 *
 * @param reach    in pixels; farther points do not count
 * @param isHidden of the point with an index
 * @returns −1 when there is none
 */
export function nearestPoint(
  coordinates: Coordinates,
  plane: Plane,
  left: number,
  top: number,
  reach: number,
  isHidden: (index: number) => boolean,
): number {
  let best = -1;
  let bestSquare = reach * reach;
  const { unit, origin } = plane;
  for (let k = 0; k < coordinates.length; k += 2) {
    const dx = coordinates[k]! * unit.x + origin.x - left;
    const dy = origin.y - coordinates[k + 1]! * unit.y - top;
    const square = dx * dx + dy * dy;
    if ((best < 0 ? square <= bestSquare : square < bestSquare) && !isHidden(k / 2)) {
      best = k / 2;
      bestSquare = square;
    }
  }
  return best;
}

/**
 * The visible point nearest to a place, of those that lie within 45° of a way from it; the first of equals.
 *
 * @param from the place, in the plane's units
 * @param way  right and up are positive
 * @returns −1 when there is none
 */
export function neighbour(
  coordinates: Coordinates,
  { unit }: Plane,
  from: readonly [number, number],
  way: readonly [number, number],
  isHidden: (index: number) => boolean,
): number {
  let best = -1;
  let bestSquare = Infinity;
  for (let k = 0; k < coordinates.length; k += 2) {
    const dx = (coordinates[k]! - from[0]) * unit.x;
    const dy = (coordinates[k + 1]! - from[1]) * unit.y;
    const along = dx * way[0] + dy * way[1];
    const aside = Math.abs(dx * way[1] - dy * way[0]);
    const square = dx * dx + dy * dy;
    if (along > 0 && aside <= along && square < bestSquare && !isHidden(k / 2)) {
      best = k / 2;
      bestSquare = square;
    }
  }
  return best;
}
