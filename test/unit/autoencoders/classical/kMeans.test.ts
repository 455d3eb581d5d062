import { describe, expect, it } from 'vitest';
import { KMeans, lloydStep, randomStream } from '../../../../kernel/autoencoders/index';
import { countTurns } from './turns';

/** Three clouds of 40 points around these centres. */
const CENTRES = [
  [0, 0],
  [10, 0],
  [0, 10],
];

function clouds(): number[][] {
  const epsilon = randomStream(2, 'clouds').normals(240);
  return Array.from({ length: 120 }, (_, n) => CENTRES[n % 3]!.map((value, i) => value + epsilon[2 * n + i]!));
}

/** Mean squared distance to the nearest centre, by trying all. */
function bruteForceError(rows: number[][], centres: readonly (readonly number[])[]): number {
  const distances = rows.map((row) =>
    centres.map((centre) => row.reduce((sum, x, i) => sum + (x - centre[i]!) ** 2, 0)),
  );
  return distances.reduce((sum, all) => sum + Math.min(...all), 0) / rows.length;
}

describe('k-means', () => {
  it('finds clouds that lie apart', async () => {
    const fitted = await KMeans.fit(clouds(), { clusters: 3, seed: 1 });
    expect(fitted.converged).toBe(true);
    const order = [...fitted.assign(CENTRES)];
    expect(new Set(order).size).toBe(3);
    order.forEach((k, i) => fitted.centres[k]!.forEach((value, j) => expect(Math.abs(value - CENTRES[i]![j]!)).toBeLessThan(0.5)));
  }); // prettier-ignore

  it('never raises its error, and ends where a step of Lloyd’s changes nothing', async () => {
    const rows = clouds();
    const { centres, history, error } = await fitAndError(rows, 7);
    history.slice(1).forEach((value, step) => expect(value).toBeLessThanOrEqual(history[step]! + 1e-12));
    expect(history.at(-1)).toBeCloseTo(error, 12);
    expect(error).toBeCloseTo(bruteForceError(rows, centres), 12);
    const step = lloydStep(rows, centres);
    step.centres.flat().forEach((value, i) => expect(value).toBeCloseTo(centres.flat()[i]!, 12));
  });

  it('is the same for the same seed', async () => {
    expect(await fitAndError(clouds(), 5)).toEqual(await fitAndError(clouds(), 5));
  });

  it('leaves a centre without rows where it is', () => {
    const { centres, assignments } = lloydStep([[0], [1]], [[0.5], [9]]);
    expect([centres, [...assignments]]).toEqual([[[0.5], [9]], [0, 0]]); // prettier-ignore
  });

  it('takes the steps of the plain algorithm: its centres, errors and assignments after each', async () => {
    const stream = randomStream(3, 'cloud');
    // Integers, so that rows lie as near to one centre as to another.
    const rows = Array.from({ length: 400 }, () => Array.from(stream.normals(37), (value) => Math.round(2 * value)));
    const [first, eighth] = await Promise.all(
      [1, 8].map((iterations) => KMeans.fit(rows, { clusters: 12, seed: 2, iterations })),
    );
    let centres = first!.centres.map((centre) => [...centre]);
    for (const expected of eighth!.history.slice(0, 8)) {
      const step = lloydStep(rows, centres);
      expect(step.error).toBeCloseTo(expected, 9);
      centres = step.centres;
    }
    const last = await KMeans.fit(rows, { clusters: 12, seed: 2 });
    expect(last.converged).toBe(true);
    const settled = lloydStep(rows, last.centres);
    expect([...last.assign(rows)]).toEqual([...settled.assignments]);
    settled.centres.forEach((centre, k) =>
      centre.forEach((value, i) => expect(value).toBeCloseTo(last.centres[k]![i]!, 12)),
    );
  });

  it('lets other work of the process go on beside it', async () => {
    const [turns, stop] = countTurns();
    const { history } = await KMeans.fit(clouds(), { clusters: 5, seed: 4 });
    stop();
    expect(turns()).toBeGreaterThanOrEqual(history.length);
  });

  it('says what is wrong with its options and its data', async () => {
    await expect(KMeans.fit([[1], [2]], { clusters: 3 })).rejects.toThrow(
      'KMeans.fit: found 3 clusters for 2 samples; take at most 2, or more data.',
    );
    await expect(KMeans.fit([[1], [1], [1]], { clusters: 2 })).rejects.toThrow(
      'KMeans.fit: found 2 clusters, but only 1 of the 3 samples differ; take at most 1.',
    );
    await expect(KMeans.fit([[1]], { clusters: 1.5 })).rejects.toThrow('"clusters" is 1.5, expected a whole number');
    await expect(KMeans.fit([], { clusters: 1 })).rejects.toThrow('found an empty array');
  });
});

async function fitAndError(rows: number[][], clusters: number) {
  const fitted = await KMeans.fit(rows, { clusters, seed: 4 });
  return { centres: fitted.centres, history: fitted.history, error: fitted.error(rows) };
}
