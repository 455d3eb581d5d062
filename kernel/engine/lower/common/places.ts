/** The places of a window. */
import type { Axis } from '../../ops/images/windows';
import { range } from '../../ops/range';

/** A place in the window, one number an axis. */
export type Place = readonly number[];

/** Every place of the window, row by row. */
export function placesOf(axes: readonly Axis[]): Place[] {
  return axes.reduce<Place[]>(
    (places, { filter }) => places.flatMap((place) => range(0, filter).map((k) => [...place, k])),
    [[]],
  );
}
