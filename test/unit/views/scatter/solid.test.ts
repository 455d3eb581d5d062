import { describe, expect, it } from 'vitest';
import { boxTexts, seenBox, solidBox, solidPoints } from '../../../../kernel/views/scatter/solid';
import { linearTicks } from '../../../../kernel/views/ticks';

const AXES = [2, 0, 3] as const;
const WIDTH = 4;
const rows = Float32Array.from({ length: 90 * WIDTH }, (_, i) => Math.sin(i * i + 1) * (1 + (i % WIDTH)));
const turn = { yaw: -0.6, pitch: 0.45 };
const box = solidBox(rows, WIDTH, AXES);
const points = solidPoints(rows, WIDTH, AXES, { turn, box });

/** About the upright axis, then about the one to the right. */
function rotated(place: readonly number[]): [number, number, number] {
  const [x, y, z] = place.map((value, i) => value - (box[i]![0] + box[i]![1]) / 2) as [number, number, number];
  const depth = -x * Math.sin(turn.yaw) + z * Math.cos(turn.yaw);
  return [
    x * Math.cos(turn.yaw) + z * Math.sin(turn.yaw),
    y * Math.cos(turn.pitch) - depth * Math.sin(turn.pitch),
    y * Math.sin(turn.pitch) + depth * Math.cos(turn.pitch),
  ];
}

const corners = [0, 1, 2, 3, 4, 5, 6, 7].map((bits) => box.map((ends, i) => ends[(bits >> i) & 1]!));

describe('points in three dimensions', () => {
  it('lie where two rotations put them, inside the reach however they are turned', () => {
    for (let k = 0; k < 90; k++) {
      const [x, y, near] = rotated(AXES.map((axis) => rows[k * WIDTH + axis]!));
      expect(points.plane[2 * k]).toBeCloseTo(x, 4);
      expect(points.plane[2 * k + 1]).toBeCloseTo(y, 4);
      expect(points.nearness[k]).toBeCloseTo(0.5 + near / (2 * points.reach), 4);
      expect(Math.hypot(x, y)).toBeLessThanOrEqual(points.reach);
    }
  });

  it('are in a box whose edges before them meet its nearest corner, and the faint ones its farthest', () => {
    const { lines } = seenBox({ ...points, box }, (x, y) => [x, y]);
    expect(lines).toHaveLength(12);
    const byNearness = corners.map(rotated).sort((a, b) => b[2] - a[2]);
    const meets = (line: (typeof lines)[number], [x, y]: readonly number[]) =>
      [line.from, line.to].some((end) => Math.hypot(end[0] - x!, end[1] - y!) < 1e-4);
    for (const line of lines) {
      expect(line.isBefore).toBe(meets(line, byNearness[0]!));
      expect(line.isFar).toBe(meets(line, byNearness.at(-1)!));
    }
  });

  it('have numbers along an edge of each axis where it has those values, and a name beyond them', () => {
    const { axes } = seenBox({ ...points, box }, (x, y) => [100 * x, -100 * y]);
    for (const axis of axes) {
      const [low, high] = box[axis.axis];
      const texts = boxTexts(axis, [low, high], 'name', linearTicks);
      const names = texts.filter(({ isName }) => isName);
      expect(names.map(({ text }) => text)).toEqual(['name']);
      expect(texts.length).toBeGreaterThan(1);
      for (const { text, at, isName } of texts.filter((one) => !one.isName)) {
        expect(isName).toBe(false);
        const share = (Number(text.replace('−', '-')) - low) / (high - low);
        const on = [0, 1].map((i) => axis.from[i]! + share * (axis.to[i]! - axis.from[i]!));
        expect(Math.hypot(at[0] - on[0]!, at[1] - on[1]!)).toBeCloseTo(11, 6);
      }
    }
  });

  it('have a box about a single point too', () => {
    const one = [1, 2, 3, 4];
    const around = solidBox(one, 4, AXES);
    expect(around).toEqual([[2, 4], [0, 2], [3, 5]]); // prettier-ignore
    const { plane, nearness } = solidPoints(one, 4, AXES, { turn, box: around });
    expect([...plane, ...nearness].map((value) => Math.abs(value))).toEqual([0, 0, 0.5]);
  });
});
