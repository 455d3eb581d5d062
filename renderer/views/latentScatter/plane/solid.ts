/** A space of three axes, turned by the reader: a plane that lies across the line of sight. */
import { coreOf } from '../../../../kernel/views/extent';
import { directionsOf, placeSeen, seenAt, turnedRows } from '../../../../kernel/views/scatter/turned';
import type { Turn, Turned } from '../../../../kernel/views/scatter/turned';
import type { Solid, Space } from './spaces';

export type Axes3 = readonly [number, number, number];

/** Half as long as the box from corner to corner: however it is turned, it fits into this. */
function reachOf(box: Solid['box']): number {
  return Math.hypot(...box.map(([low, high]) => (high - low) / 2)) || 1;
}

export function boxOf({ rows }: Space, axes: Axes3): Solid['box'] {
  const { values, width } = rows!;
  const along = (axis: number) =>
    coreOf(Float32Array.from({ length: values.length / width }, (_, k) => values[k * width + axis]!));
  return [along(axes[0]), along(axes[1]), along(axes[2])];
}

/** @param box as {@link boxOf} finds it: it does not depend on the turn */
export function turnedSpace(base: Space, axes: Axes3, turn: Turn, box: Solid['box']): Space {
  const { values, width } = base.rows!;
  const middle = (i: 0 | 1 | 2) => (box[i][0] + box[i][1]) / 2;
  const turned: Turned = { axes, centre: [middle(0), middle(1), middle(2)], ...directionsOf(turn) };
  const reach = reachOf(box);
  const { plane, nearness } = turnedRows(values, width, turned);
  const name = (i: number) => base.names[axes[i]!] ?? '';
  return {
    ...base,
    isEqual: true,
    rest: base.rest === '' ? 'at the depth of the middle' : `${base.rest}, at the depth of the middle`,
    coordinates: () => plane,
    latentAt: ([x = 0, y = 0], _, held) => base.latentAt(placeSeen([x, y, 0], turned), axes, held),
    placeOf: (z) => {
      const place = base.placeOf(z, axes);
      return place && seenAt(place, turned).slice(0, 2);
    },
    extent: () => Float32Array.of(-reach, 0, reach, 0, 0, -reach, 0, reach),
    solid: {
      ...{ turned, box, names: [name(0), name(1), name(2)] },
      nearness: nearness.map((one) => Math.max(0, Math.min(1, 0.5 + one / (2 * reach)))),
    },
  };
}
