import { describe, expect, it } from 'vitest';
import { directionsOf, placeSeen, seenAt, turnedRows } from '../../../../kernel/views/scatter/turned';
import type { Turned } from '../../../../kernel/views/scatter/turned';

const turned = (yaw: number, pitch: number): Turned => ({
  ...{ axes: [3, 0, 2], centre: [0.5, -2, 7] },
  ...directionsOf({ yaw, pitch }),
});

/** About the upright axis, then about the one to the right: two rotations, one after the other. */
function rotated([x, y, z]: number[], yaw: number, pitch: number): number[] {
  const [a, b] = [x! * Math.cos(yaw) + z! * Math.sin(yaw), -x! * Math.sin(yaw) + z! * Math.cos(yaw)];
  return [a, y! * Math.cos(pitch) - b * Math.sin(pitch), y! * Math.sin(pitch) + b * Math.cos(pitch)];
}

describe('three dimensions', () => {
  it('are seen as two rotations put them, and lie where they are seen', () => {
    for (const [yaw, pitch] of [
      [0, 0],
      [0.7, 0],
      [0, -0.4],
      [2.5, 1.2],
      [-4, 0.3],
    ] as const) {
      // prettier-ignore
      const place = [1.5, 3, -2];
      const seen = seenAt(place, turned(yaw, pitch));
      const wanted = rotated([1, 5, -9], yaw, pitch);
      seen.forEach((one, i) => expect(one).toBeCloseTo(wanted[i]!, 12));
      placeSeen(seen, turned(yaw, pitch)).forEach((one, i) => expect(one).toBeCloseTo(place[i]!, 12));
    }
  });

  it('are three of the columns of rows', () => {
    const rows = Float32Array.from({ length: 20 }, (_, i) => Math.sin(3 * i));
    const { plane, nearness } = turnedRows(rows, 5, turned(0.3, 0.9));
    for (let k = 0; k < 4; k++) {
      const [x, y, near] = seenAt([rows[5 * k + 3]!, rows[5 * k]!, rows[5 * k + 2]!], turned(0.3, 0.9));
      expect([plane[2 * k], plane[2 * k + 1], nearness[k]].map((one) => one!.toFixed(5))).toEqual(
        [x, y, near].map((one) => one.toFixed(5)),
      );
    }
  });
});
