import { describe, expect, it } from 'vitest';
import {
  classMix,
  countOf,
  packMask,
  placesOf,
  pointsInside,
  rectangle,
  selected,
  unpackMask,
} from '../../../../kernel/views/scatter/selecting';

/** Seeded numbers in 0…1 (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** The winding of the polygon around a point by the angles of its corners: odd is inside. Far from any side it is exact. */
function windsOddly(polygon: number[], x: number, y: number): boolean {
  let turns = 0;
  const m = polygon.length / 2;
  for (let i = 0; i < m; i++) {
    const j = (i + 1) % m;
    const [ax, ay] = [polygon[2 * i]! - x, polygon[2 * i + 1]! - y];
    const [bx, by] = [polygon[2 * j]! - x, polygon[2 * j + 1]! - y];
    turns += Math.atan2(ax * by - ay * bx, ax * bx + ay * by);
  }
  return Math.abs(Math.round(turns / (2 * Math.PI))) % 2 === 1;
}

/** Every side for every point. */
function bruteForce(coordinates: Float32Array, polygon: number[]): Uint8Array {
  const m = polygon.length / 2;
  return Uint8Array.from({ length: coordinates.length / 2 }, (_, k) => {
    const [x, y] = [coordinates[2 * k]!, coordinates[2 * k + 1]!];
    let odd = 0;
    for (let i = 0; i < m; i++) {
      const j = (i + 1) % m;
      const [x1, y1, x2, y2] = [polygon[2 * i]!, polygon[2 * i + 1]!, polygon[2 * j]!, polygon[2 * j + 1]!];
      if (y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) odd ^= 1;
    }
    return odd;
  });
}

/** A hand's wavy loop, which crosses itself now and then. */
function scribble(corners: number, seed: number): number[] {
  const random = seeded(seed);
  return Array.from({ length: corners }, (_, i) => {
    const [angle, radius] = [(4 * Math.PI * i) / corners, 1 + 1.2 * random()];
    return [radius * Math.cos(angle) + 0.3 * random(), radius * Math.sin(angle)];
  }).flat();
}

function cloud(n: number, seed: number): Float32Array {
  const random = seeded(seed);
  return Float32Array.from({ length: 2 * n }, () => 6 * (random() + random() + random() - 1.5));
}

describe('points inside a polygon', () => {
  it.each([1, 2, 3, 4, 5])('are those that every side says, whatever the hand drew (%i)', (seed) => {
    const points = cloud(20_000, seed);
    const polygon = scribble(60 * seed, seed + 10);
    const found = pointsInside(points, polygon);
    expect(found).toEqual(bruteForce(points, polygon));
    expect(countOf(found)).toBeGreaterThan(500);
  });

  it('are those that the polygon winds around', () => {
    const points = cloud(3000, 7);
    const polygon = scribble(9, 3);
    const found = pointsInside(points, polygon);
    for (let k = 0; k < 3000; k++) {
      expect(found[k] === 1, `point ${k}`).toBe(windsOddly(polygon, points[2 * k]!, points[2 * k + 1]!));
    }
  });

  it('are each in one of two shapes that share a side', () => {
    const grid = Float32Array.from({ length: 2 * 81 }, (_, i) => (i % 2 === 0 ? (i / 2) % 9 : Math.floor(i / 18)) / 2);
    const left = pointsInside(grid, rectangle([0, 0], [2, 4]));
    const right = pointsInside(grid, rectangle([2, 0], [4, 4]));
    expect(left.map((one, k) => one + right[k]!).every((times) => times <= 1)).toBe(true);
    expect(countOf(left)).toBe(4 * 8);
    expect(countOf(right)).toBe(4 * 8);
  });

  it('are none of a line, of nothing, and of what is not finite', () => {
    const points = new Float32Array([0, 0, NaN, 0.5, 0.5, Infinity, 0.5, 0.5]);
    expect([...pointsInside(points, [0, 0, 1, 1])]).toEqual([0, 0, 0, 0]);
    expect([...pointsInside(points, [])]).toEqual([0, 0, 0, 0]);
    expect([...pointsInside(points, rectangle([0.25, 0.25], [1, 1]))]).toEqual([0, 0, 0, 1]);
    expect([...pointsInside(points, [0, 0, 1, NaN, 1, 1])]).toEqual([0, 0, 0, 0]);
  });

  it('of a million are found', () => {
    const points = cloud(1_000_000, 9);
    const polygon = scribble(400, 4);
    const found = pointsInside(points, polygon);
    expect(found.subarray(0, 50_000)).toEqual(bruteForce(points.subarray(0, 100_000), polygon));
  });
});

describe('a selection', () => {
  const inside = Uint8Array.of(1, 1, 0, 0, 1);
  const shown = () => false;

  it('is replaced, added to and taken from; what is hidden is not touched', () => {
    const before = Uint8Array.of(0, 1, 1, 0, 0);
    expect([...selected(before, inside, 'replace', shown)]).toEqual([1, 1, 0, 0, 1]);
    expect([...selected(before, inside, 'add', shown)]).toEqual([1, 1, 1, 0, 1]);
    expect([...selected(before, inside, 'subtract', shown)]).toEqual([0, 0, 1, 0, 0]);
    expect([...selected(before, inside, 'add', (k) => k === 4)]).toEqual([1, 1, 1, 0, 0]);
    expect([...selected(null, inside, 'add', shown)]).toEqual([1, 1, 0, 0, 1]);
    expect([...before]).toEqual([0, 1, 1, 0, 0]);
  });

  it('is packed and unpacked, and its classes are counted', () => {
    const random = seeded(5);
    const mask = Uint8Array.from({ length: 77 }, () => (random() < 0.4 ? 1 : 0));
    expect(unpackMask(packMask(mask), 77)).toEqual(mask);
    expect(() => unpackMask(packMask(mask), 90)).toThrow('90 points has 12 bytes; found 10');
    expect([...placesOf(Uint8Array.of(0, 1, 0, 1))]).toEqual([1, 3]);
    expect([...classMix(inside, [2, 0, 2, 2, 2], 4)]).toEqual([1, 0, 2, 0]);
  });
});
