/** The latent space of earlier epochs: some points, where the model put them then. */
import type { Coordinates } from '../../../../kernel/figures/scatter/plane';
import type { Space } from '../../../../kernel/figures/scatter/spaces';
import type { LatentFrames } from '../../../../kernel/views/types';
import { decode } from '../../../data';
import { count, counted } from '../../../numbers';
import { indexOf } from '../model';
import type { LatentData } from '../model';

export interface Frames {
  count: number;
  epochs: readonly number[];
  steps: readonly number[];
  /** Points that are followed. */
  points: number;
  /** A sentence on what of the past is kept. */
  note: string;
  /** Whether frames can be turned to lie alike. */
  canAlign: boolean;
  /** The space with the points where they were; the others are nowhere. */
  space(frame: number, isAligned: boolean, now: Space): Space;
}

/** @throws RangeError when the frames are of other points or sizes than they say */
export function framesOf(frames: LatentFrames, data: LatentData): Frames {
  const rows = decode(frames.rows);
  const [count = 0, m = 0, d = 0] = frames.latents.shape;
  if (m !== rows.length || d !== data.d || count !== frames.epochs.length || count !== frames.steps.length) {
    throw new RangeError(`${count} frames of ${m} points in ${d} dimensions for ${rows.length} rows in ${data.d}`);
  }
  const placeOf = new Map(Array.from({ length: data.n }, (_, k) => [indexOf(data, k), k]));
  const points = Int32Array.from(rows, (row) => placeOf.get(row) ?? -1);
  const lost = points.indexOf(-1);
  if (lost >= 0) throw new RangeError(`the frames follow row ${rows[lost]}, which the view does not hold`);
  const raw = decode(frames.latents);
  const turned = frames.aligned ? decode(frames.aligned) : raw;
  const coordinatesOf = (
    all: ArrayLike<number>,
    frame: number,
    [i, j]: readonly [number, number],
    now: Coordinates,
  ) => {
    const coordinates = new Float32Array(2 * data.n).fill(NaN);
    points.forEach((k, at) => {
      const start = (frame * m + at) * d;
      coordinates[2 * k] = all[start + i]!;
      // In one dimension the height keeps points apart, as it does now.
      coordinates[2 * k + 1] = d > 1 ? all[start + j]! : now[2 * k + 1]!;
    });
    return coordinates;
  };
  const rowsOf = (all: ArrayLike<number>, frame: number) => {
    const values = new Float32Array(data.n * d).fill(NaN);
    points.forEach((k, at) => {
      for (let j = 0; j < d; j++) values[k * d + j] = all[(frame * m + at) * d + j]!;
    });
    return values;
  };
  return {
    ...{ count, epochs: frames.epochs, steps: frames.steps, points: m },
    note: noteOf(m, frames),
    canAlign: frames.aligned !== undefined,
    space: (frame, isAligned, now) => {
      const all = isAligned ? turned : raw;
      return {
        ...now,
        isPast: true,
        coordinates: (axes) => coordinatesOf(all, frame, axes, now.coordinates(axes)),
        extent: (axes) => {
          const present = now.coordinates(axes);
          // Each frame's own points after those of now.
          const joined = new Float32Array(present.length + count * 2 * m);
          joined.set(present);
          for (let at = 0; at < count * m; at++) {
            joined[present.length + 2 * at] = all[at * d + axes[0]]!;
            joined[present.length + 2 * at + 1] = d > 1 ? all[at * d + axes[1]]! : 0;
          }
          return joined;
        },
        rows: now.rows?.width === d && now.kind === 'latent' ? { values: rowsOf(all, frame), width: d } : undefined,
        latentAt: () => null,
        zOf: (k) => {
          const at = points.indexOf(k);
          return at < 0 ? null : Array.from(all.subarray((frame * m + at) * d, (frame * m + at + 1) * d));
        },
      };
    },
  };
}

function noteOf(points: number, { stride, followed = points }: LatentFrames): string {
  const taken = stride === 1 ? 'each epoch' : `every ${count(stride)} epochs`;
  const sample = points < followed ? `, a sample of the ${count(followed)} followed rows with each class in proportion` : ''; // prettier-ignore
  return `The past keeps ${counted(points, 'point')}${sample}, after ${taken}; the axes stay as they are.`;
}
