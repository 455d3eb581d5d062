/** Three dimensions turned before the eye: one rule for the live figure and for the kernel, which knows all rows. */
import type { Turn } from './turn';

export type { Turn } from './turn';

type Triple = readonly [number, number, number];

/** Three axes, and which directions of their space are to the right, upwards, and towards the eye. */
export interface Turned {
  /** Indices of the axes. */
  axes: Triple;
  /** What stays in the middle. */
  centre: Triple;
  right: Triple;
  up: Triple;
  near: Triple;
}

/** Without a turn the first axis goes to the right, the second upwards, and the third comes towards the eye. */
export function directionsOf({ yaw, pitch }: Turn): Pick<Turned, 'right' | 'up' | 'near'> {
  const [sin, cos] = [Math.sin(yaw), Math.cos(yaw)];
  const [high, flat] = [Math.sin(pitch), Math.cos(pitch)];
  return { right: [cos, 0, sin], up: [sin * high, flat, -cos * high], near: [-sin * flat, high, cos * flat] };
}

/** Where a place in the three axes is seen: right, up and near, from the middle. */
export function seenAt(place: ArrayLike<number>, { centre, right, up, near }: Omit<Turned, 'axes'>): Triple {
  const [x, y, z] = [place[0]! - centre[0], place[1]! - centre[1], place[2]! - centre[2]];
  const along = (way: Triple) => x * way[0] + y * way[1] + z * way[2];
  return [along(right), along(up), along(near)];
}

/** The place in the three axes that is seen there: the inverse of {@link seenAt}, which turns and does no more. */
export function placeSeen([across, high, nearness]: Triple, { centre, right, up, near }: Omit<Turned, 'axes'>): Triple {
  const at = (i: 0 | 1 | 2) => centre[i] + across * right[i] + high * up[i] + nearness * near[i];
  return [at(0), at(1), at(2)];
}

/**
 * Where rows are seen.
 *
 * @param rows  [n · width] row-major
 * @returns [2n] right and up, and [n] how near
 */
export function turnedRows(rows: ArrayLike<number>, width: number, turned: Turned) {
  const n = rows.length / width;
  const { axes, centre, right, up, near } = turned;
  const [plane, nearness] = [new Float32Array(2 * n), new Float32Array(n)];
  for (let k = 0; k < n; k++) {
    const x = rows[k * width + axes[0]]! - centre[0];
    const y = rows[k * width + axes[1]]! - centre[1];
    const z = rows[k * width + axes[2]]! - centre[2];
    plane[2 * k] = x * right[0] + y * right[1] + z * right[2];
    plane[2 * k + 1] = x * up[0] + y * up[1] + z * up[2];
    nearness[k] = x * near[0] + y * near[1] + z * near[2];
  }
  return { plane, nearness };
}
