import { describe, expect, it } from 'vitest';
import { decode } from '../../../kernel/views/encoding';
import { gridAxes, latentScatter } from '../../../kernel/views/index';

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
    const view = latentScatter({ id: 's', points, dimensions: 2, labels, sampleShape: shape, seed: 3 });
    expect(view.points.shape).toEqual([20_000, 2]);
    expect(view.totalPoints).toBe(n);
    const kept = decode(view.points).filter((_, i) => i % 2 === 0);
    expect([...decode(view.labels!)]).toEqual([...kept]);
    expect(view.summary).toContain('30,000 points');
    expect(view.summary).toContain('this view keeps a random sample of 20,000');
    const again = latentScatter({ id: 's', points, dimensions: 2, labels, sampleShape: shape, seed: 3 });
    expect(again.points.data).toBe(view.points.data);
  });

  it('keeps fewer points where each has thousands of coordinates, unless told how many', () => {
    const base = { id: 's', points: new Float32Array(3000 * 1000), dimensions: 1000, sampleShape: shape };
    expect(latentScatter(base).points.shape).toEqual([2000, 1000]);
    expect(latentScatter({ ...base, limit: 2500 }).points.shape).toEqual([2500, 1000]);
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
