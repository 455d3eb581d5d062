import { describe, expect, it } from 'vitest';
import { rowSchema, rowsOf, spread } from '../../../kernel/bench/rows';

describe('the spread of times', () => {
  it('is interpolated between order statistics, whatever the order of the values', () => {
    const tenths = Array.from({ length: 11 }, (_, i) => (i * 7) % 11);
    expect(spread(tenths)).toEqual({ median: 5, p10: 1, p90: 9, n: 11 });
    expect(spread([4, 1, 3, 2]).median).toBe(2.5);
    expect(spread([4, 1, 3, 2]).p10).toBeCloseTo(1.3, 12);
    expect(spread([4, 1, 3, 2]).p90).toBeCloseTo(3.7, 12);
  });

  it('of a single value is that value', () => {
    expect(spread([2.5])).toEqual({ median: 2.5, p10: 2.5, p90: 2.5, n: 1 });
  });

  it('of nothing is an error', () => {
    expect(() => spread([])).toThrow('no values');
  });
});

describe('the rows of an engine', () => {
  const of = { workload: 'a', engine: 'torch', device: 'CPU, 2 threads' } as const;
  const rows = rowsOf(of, [2, 4, 8], 300);

  it('give milliseconds a step, samples a second and the set-up', () => {
    expect(rows.map(({ unit, median, n }) => ({ unit, median, n }))).toEqual([
      { unit: 'ms/step', median: 4, n: 3 },
      { unit: 'samples/s', median: (128 * 1000) / 4, n: 3 },
      { unit: 'ms/set-up', median: 300, n: 1 },
    ]);
  });

  it('have the fields that readers of the JSON count on, and no others', () => {
    for (const row of rows) {
      expect(Object.keys(row)).toEqual(['workload', 'engine', 'device', 'unit', 'median', 'p10', 'p90', 'n']);
      expect(rowSchema.parse(row)).toEqual(row);
    }
  });

  it('of an inference are by the pass over all images', () => {
    const [time, rate] = rowsOf({ ...of, workload: 'd' }, [50]);
    expect(time).toMatchObject({ unit: 'ms/pass', median: 50 });
    expect(rate).toMatchObject({ unit: 'samples/s', median: 200_000 });
  });

  it('have their 10th percentile of samples a second where the times have their 90th', () => {
    const [time, rate] = rowsOf(of, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(rate!.p10).toBeCloseTo(128_000 / time!.p90, 9);
  });
});
