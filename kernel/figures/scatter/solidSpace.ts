/** A space of three axes, turned by the reader: a plane that lies across the line of sight. */
import { solidBox, solidPoints, type Axes3, type SolidBox } from '../../views/scatter/solid';
import { placeSeen, seenAt } from '../../views/scatter/turned';
import type { Turn } from '../../views/scatter/turned';
import type { Space } from './spaces';

/** The third of three axes that are shown at once: what is wished, or else the first one that is free. */
export function thirdAxis(wished: number, width: number, [first, second]: readonly [number, number]): number {
  return [wished, 2, 1, 0].find((axis) => axis < width && axis !== first && axis !== second)!;
}

export function boxOf({ rows }: Space, axes: Axes3): SolidBox {
  return solidBox(rows!.values, rows!.width, axes);
}

/** @param box as {@link boxOf} finds it: it does not depend on the turn */
export function turnedSpace(base: Space, axes: Axes3, turn: Turn, box: SolidBox): Space {
  const { values, width } = base.rows!;
  const { turned, reach, plane, nearness } = solidPoints(values, width, axes, { turn, box });
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
    solid: { turned, box, names: [name(0), name(1), name(2)], nearness },
  };
}
