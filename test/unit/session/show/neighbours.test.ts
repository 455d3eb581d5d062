import { expect, it } from 'vitest';
import { nearestRows } from '../../../../kernel/session/show/latentScatter/neighbours';

it('the nearest rows are those of a whole sort, the row itself first', () => {
  const [n, d, k] = [120, 3, 9];
  const rows = Float32Array.from({ length: n * d }, (_, i) => Math.sin(i * i) + (i % 40 === 0 ? 3 : 0));
  // Two rows in one place.
  rows.copyWithin(30, 90, 93);
  const shares: number[] = [];
  const { indices, distances } = nearestRows(rows, n, d, k, (share) => shares.push(share));
  for (let i = 0; i < n; i++) {
    const far = Array.from({ length: n }, (_, j) =>
      Math.hypot(...[0, 1, 2].map((c) => rows[i * d + c]! - rows[j * d + c]!)),
    );
    const sorted = [...far].sort((a, b) => a - b).slice(0, k);
    distances[i]!.forEach((one, j) => expect(one).toBeCloseTo(sorted[j]!, 10));
    indices[i]!.forEach((j, at) => expect(far[j]!).toBeCloseTo(distances[i]![at]!, 10));
    expect(new Set(indices[i]).size).toBe(k);
    expect(indices[i]![0]).toBe(i);
  }
  expect(shares).toEqual([0, 64 / n]);
});
