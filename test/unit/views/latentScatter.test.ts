import { describe, expect, it } from 'vitest';
import { decode } from '../../../kernel/views/encoding';
import { gridAxes, latentScatter } from '../../../kernel/views/index';
import type { LatentScatterInput } from '../../../kernel/views/latentScatter';
import { VIEW_ROOM } from '../../../kernel/views/pictures/room';

const shape = { kind: 'image', height: 2, width: 1, channels: 1 } as const;

describe('a latent scatter', () => {
  it('carries points, labels and names as given', () => {
    const view = latentScatter({
      id: 's',
      points: [1, 2, 3, 4, 5, 6],
      dimensions: 3,
      labels: [1, 0],
      classNames: ['cat', 'dog'],
      sampleShape: shape,
      decodes: true,
    });
    expect(view).toMatchObject({ totalPoints: 2, dimensions: ['z₁', 'z₂', 'z₃'], decodes: true, grid: null });
    expect(view.points.shape).toEqual([2, 3]);
    expect([...decode(view.points)]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...decode(view.labels!)]).toEqual([1, 0]);
    expect(view.summary).toBe('Latent space: 2 points in 3 dimensions; 2 classes.');
  });

  it('keeps a fair, seeded sample beyond its limit, rows and labels together, and says so', () => {
    const n = 30_000;
    const points = Float32Array.from({ length: 2 * n }, (_, i) => Math.floor(i / 2));
    const labels = Array.from({ length: n }, (_, i) => i);
    const view = latentScatter({ id: 's', points, dimensions: 2, labels, sampleShape: shape, seed: 3, limit: 20_000 });
    expect(view.points.shape).toEqual([20_000, 2]);
    expect(view.totalPoints).toBe(n);
    const kept = decode(view.points).filter((_, i) => i % 2 === 0);
    expect([...decode(view.labels!)]).toEqual([...kept].map(Math.round));
    expect([...decode(view.indices!)]).toEqual([...decode(view.labels!)]);
    expect(view.summary).toContain('30,000 points');
    expect(view.summary).toContain('this view keeps a random sample of 20,000');
    const again = latentScatter({ id: 's', points, dimensions: 2, labels, sampleShape: shape, seed: 3, limit: 20_000 });
    expect(again.points.data).toBe(view.points.data);
  });

  describe('unless told how many points it keeps', () => {
    const scatterOf = (n: number, d: number, more: Partial<LatentScatterInput> = {}) => {
      const points = Float32Array.from({ length: n * d }, (_, i) => (1 + (i % d)) * Math.sin(i * i));
      const labels = Array.from({ length: n }, (_, i) => (7 * i) % 10);
      return { points, view: latentScatter({ id: 's', points, dimensions: d, labels, sampleShape: shape, ...more }) };
    };
    const grid = { xs: [0, 1], ys: [0, 1], samples: new Float32Array(8) };

    it.each([
      [10_000, 2],
      [20_000, 2],
      [70_000, 2],
      [10_000, 3],
      [10_000, 20],
      [60_000, 64],
      [3000, 250],
    ])('leaves a picture its room: %i points of %i dimensions', (n, d) => {
      for (const more of [{}, { grid }, { colours: [{ name: 'error', values: new Float32Array(n) }] }]) {
        const { view } = scatterOf(n, d, more);
        expect(JSON.stringify(view).length).toBeLessThan(VIEW_ROOM);
        // It is not far below that where points are left out.
        if (view.indices) expect(JSON.stringify(view).length).toBeGreaterThan(0.5 * VIEW_ROOM);
      }
    });

    it('has them exactly where they fit, else within half a 65,534th of their range', () => {
      const exact = scatterOf(10_000, 2);
      expect([...decode(exact.view.points)]).toEqual([...exact.points]);
      const { points, view } = scatterOf(10_000, 5);
      expect(view.points.shape).toEqual([10_000, 5]);
      const ranges = Array.from({ length: 5 }, (_, j) => {
        const column = points.filter((_, i) => i % 5 === j);
        return column.reduce((most, one) => Math.max(most, one)) - column.reduce((least, one) => Math.min(least, one));
      });
      const shown = decode(view.points);
      const off = shown.map((value, i) => Math.abs(value - points[i]!) / ranges[i % 5]!);
      expect(Math.max(...off)).toBeLessThan(1 / 131_000);
    });

    it('keeps some where each has thousands of coordinates', () => {
      const base = { id: 's', points: new Float32Array(3000 * 1000), dimensions: 1000, sampleShape: shape };
      expect(latentScatter(base).points.shape).toEqual([200, 1000]);
      expect(latentScatter({ ...base, limit: 2500 }).points.shape).toEqual([2500, 1000]);
    });
  });

  it('names points that are not finite', () => {
    const view = latentScatter({ id: 's', points: [1, NaN, 2, 3], dimensions: 2, sampleShape: shape });
    expect(view.summary).toContain('1 point with coordinates that are not finite');
  });

  it('packs the decoded grid as bytes', () => {
    const grid = { xs: [0, 1], ys: [5], samples: [0, 1, 0.5, 0.25] };
    const view = latentScatter({ id: 's', points: [0, 0], dimensions: 2, sampleShape: shape, grid });
    expect(view.grid!.samples).toMatchObject({ dtype: 'uint8', shape: [2, 2, 1, 1] });
    expect([...decode(view.grid!.samples)]).toEqual([0, 255, 128, 64]);
  });

  it('refuses labels, points and grids of the wrong length', () => {
    const base = { id: 's', points: [1, 2, 3, 4], dimensions: 2, sampleShape: shape };
    expect(() => latentScatter({ ...base, dimensions: 3 })).toThrow(
      '4 coordinates are not a whole number of 3-D points',
    );
    expect(() => latentScatter({ ...base, labels: [1] })).toThrow('1 labels for 2 points');
    expect(() => latentScatter({ ...base, grid: { xs: [0, 1], ys: [0], samples: [1, 1] } })).toThrow(
      '1 samples for 2 × 1 coordinates',
    );
  });
});

describe('the axes of a decoded grid', () => {
  it('span the points evenly, leaving out 1 % at either end', () => {
    const points = Array.from({ length: 1001 }, (_, i) => [i, -2 * i, 7]).flat();
    const { xs, ys } = gridAxes(points, 3, 5);
    expect(xs).toEqual([10, 255, 500, 745, 990]);
    expect(ys).toEqual([-1980, -1490, -1000, -510, -20]);
  });

  it('need two dimensions and a finite point', () => {
    expect(() => gridAxes([1, 2], 1)).toThrow('needs 2 latent dimensions, found 1');
    expect(() => gridAxes([NaN, 1], 2)).toThrow('finite points');
  });
});
