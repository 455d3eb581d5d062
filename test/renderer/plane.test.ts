import { describe, expect, it } from 'vitest';
import { nearestCell } from '../../kernel/figures/scatter/mosaic';
import { countOutside, extentOf, fitPlane, project, toLatent, toPixel } from '../../kernel/figures/scatter/plane';
import { nearestPoint, zoomed } from '../../renderer/views/latentScatter/plane/plane';
import { seeded } from './support/sampleViews';

const area = { left: 50, top: 8, width: 600, height: 400 };

function cloud(n: number, seed: number): Float32Array {
  const random = seeded(seed);
  return Float32Array.from({ length: 2 * n }, () => random() * 8 - 4);
}

describe('the latent plane', () => {
  it('has units of the same length both ways', () => {
    const { unit } = fitPlane(extentOf(cloud(100, 1), true), area, true);
    expect(unit.x).toBe(unit.y);
  });

  it('holds every finite point', () => {
    const points = cloud(500, 2);
    points[10] = NaN;
    const plane = fitPlane(extentOf(points, true), area, true);
    for (let k = 0; k < 500; k++) {
      const [x, y] = toPixel(plane, points[2 * k]!, points[2 * k + 1]!);
      if (!Number.isFinite(x)) continue;
      expect(x).toBeGreaterThanOrEqual(area.left);
      expect(x).toBeLessThanOrEqual(area.left + area.width);
      expect(y).toBeGreaterThanOrEqual(area.top);
      expect(y).toBeLessThanOrEqual(area.top + area.height);
    }
  });

  it('maps to pixels and back', () => {
    const plane = fitPlane(extentOf(cloud(100, 3), true), area, true);
    const [x, y] = toLatent(plane, ...toPixel(plane, 1.25, -0.75));
    expect(x).toBeCloseTo(1.25, 10);
    expect(y).toBeCloseTo(-0.75, 10);
  });

  it('holds the point under the pointer still while zooming', () => {
    const plane = fitPlane(extentOf(cloud(100, 4), true), area, true);
    const before = toLatent(plane, 200, 120);
    const after = toLatent(zoomed(plane, { x: 1.7, y: 0.6 }, 200, 120), 200, 120);
    expect(after[0]).toBeCloseTo(before[0], 10);
    expect(after[1]).toBeCloseTo(before[1], 10);
  });

  it('shows any two dimensions', () => {
    expect([...project([1, 2, 3, 4, 5, 6], 3, [2, 0])]).toEqual([3, 1, 6, 4]);
  });
});

/** Normally distributed (Box and Muller). */
function normal(n: number, seed: number): Float32Array {
  const random = seeded(seed);
  return Float32Array.from(
    { length: 2 * n },
    () => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random()),
  );
}

describe('the extent of the points', () => {
  it('leaves out a few that would leave no room for the others, and counts them', () => {
    const points = normal(1000, 7);
    points.set([1e6, 0, 0, -500, NaN, 3]);
    const extent = extentOf(points, true);
    expect(extent.across[1]).toBeLessThan(10);
    expect(extent.up[0]).toBeGreaterThan(-10);
    expect(countOutside(points, extent)).toBe(2);
    expect(extentOf(points, true, true).across[1]).toBe(1e6);
    expect(countOutside(points, extentOf(points, true, true))).toBe(0);
  });

  it.each([4, 30, 1000, 300_000])('holds all of %d normally distributed points', (n) => {
    const points = normal(n, 8);
    expect(countOutside(points, extentOf(points, true))).toBe(0);
    expect(extentOf(points, true)).toEqual(extentOf(points, true, true));
  });

  it('holds all of two clusters far from each other', () => {
    const points = normal(1000, 9).map((value, k) => (k % 40 < 2 ? value + 1000 : value));
    expect(countOutside(points, extentOf(points, true))).toBe(0);
  });

  it('finds one among few, and none among points that are all alike', () => {
    const points = normal(30, 10);
    points[0] = 1e4;
    expect(countOutside(points, extentOf(points, true))).toBe(1);
    expect(extentOf(new Float32Array(100), true).across).toEqual([-1, 1]);
  });
});

describe('the nearest point', () => {
  it('is the one that sorting all distances finds', () => {
    const points = cloud(400, 5);
    points[2 * 7] = NaN;
    const plane = fitPlane(extentOf(points, true), area, true);
    const random = seeded(6);
    const isHidden = (point: number) => point % 3 === 0;
    for (let trial = 0; trial < 300; trial++) {
      const [left, top] = [area.left + random() * area.width, area.top + random() * area.height];
      const byDistance = Array.from({ length: 400 }, (_, k) => k)
        .map((k) => ({ k, pixel: toPixel(plane, points[2 * k]!, points[2 * k + 1]!) }))
        .map(({ k, pixel }) => ({ k, distance: Math.hypot(pixel[0] - left, pixel[1] - top) }))
        .filter(({ k, distance }) => !isHidden(k) && distance <= 15)
        .sort((a, b) => a.distance - b.distance);
      expect(nearestPoint(points, plane, left, top, 15, isHidden)).toBe(byDistance[0]?.k ?? -1);
    }
  });
});

describe('the saved grid', () => {
  it('answers with the cell whose centre is nearest, its own coordinates beside it', () => {
    const samples = Array.from({ length: 6 }, (_, i) => Float32Array.of(i));
    const grid = { xs: [-1, 0, 1], ys: [-2, 2], samples };
    expect(nearestCell(grid, [0.4, 1.5])).toEqual({ z: [0, 2], sample: samples[4] });
    expect(nearestCell(grid, [99, -99])).toEqual({ z: [1, -2], sample: samples[2] });
  });
});
