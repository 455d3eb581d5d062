/** How the part of a plane that is seen changes under the reader's hands, and what lies near a place of it. */
import { centred, toLatent } from '../../../../kernel/figures/scatter/plane';
import type { Coordinates, Plane } from '../../../../kernel/figures/scatter/plane';
import type { Area } from '../../../gl/points';

export function centreOf(plane: Plane): [number, number] {
  const { area } = plane;
  return toLatent(plane, area.left + area.width / 2, area.top + area.height / 2);
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
