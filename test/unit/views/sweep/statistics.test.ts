import { describe, expect, it } from 'vitest';
import { frontMetrics, paretoFront } from '../../../../kernel/views/sweep/pareto';
import { ranked, rankedByMedian, wayOfMetric } from '../../../../kernel/views/sweep/ranking';
import { quantile, quartiles } from '../../../../kernel/views/sweep/statistics';
import { seeded } from '../../../renderer/support/fitted';

describe('quantiles', () => {
  it('are those of NumPy', () => {
    // numpy.quantile([1, 2, 4, 8], [0, .25, .5, .75, .9, 1])
    const found = [0, 0.25, 0.5, 0.75, 0.9, 1].map((share) => quantile([1, 2, 4, 8], share));
    [1, 1.75, 3, 5, 6.8, 8].forEach((value, i) => expect(found[i]).toBeCloseTo(value, 12));
  });

  it('hit each number at its rank, and lie on straight lines between', () => {
    const random = seeded(3);
    const ascending = Array.from({ length: 11 }, () => random()).sort((a, b) => a - b);
    ascending.forEach((value, k) => expect(quantile(ascending, k / 10)).toBeCloseTo(value, 12));
    for (let k = 0; k < 10; k++)
      expect(quantile(ascending, (k + 0.5) / 10)).toBeCloseTo((ascending[k]! + ascending[k + 1]!) / 2, 12);
  });

  it('are of what is finite', () => {
    expect(quartiles([NaN, 3, Infinity, 1, 2])).toEqual({ count: 3, low: 1.5, median: 2, high: 2.5 });
    expect(quartiles([NaN]).count).toBe(0);
    expect(quartiles([]).median).toBeNaN();
  });
});

describe('the Pareto front', () => {
  it.each([
    [-1, -1],
    [-1, 1],
    [1, -1],
    [1, 1],
  ] as const)('is what nothing dominates, with ways %i and %i, as brute force finds it', (wayX, wayY) => {
    const random = seeded(10 * wayX + wayY + 50);
    for (let trial = 0; trial < 60; trial++) {
      // Few levels: many points are equal in one of the two, or in both.
      const draw = () => Array.from({ length: 30 }, () => (random() < 0.1 ? NaN : Math.floor(8 * random())));
      const [x, y] = [draw(), draw()];
      const there = x.flatMap((_, i) => (Number.isFinite(x[i]!) && Number.isFinite(y[i]!) ? [i] : []));
      const dominates = (a: number, b: number) => {
        const [dx, dy] = [wayX * (x[a]! - x[b]!), wayY * (y[a]! - y[b]!)];
        return dx >= 0 && dy >= 0 && (dx > 0 || dy > 0);
      };
      const expected = there.filter((i) => !there.some((j) => dominates(j, i)));
      const found = paretoFront(x, y, wayX, wayY);
      expect([...found].sort((a, b) => a - b)).toEqual(expected);
      // From the best x on.
      found.slice(1).forEach((i, k) => expect(wayX * (x[found[k]!]! - x[i]!)).toBeGreaterThanOrEqual(0));
    }
  });

  it('is of rate and distortion where they are there, of held-out data rather than of training data', () => {
    expect(frontMetrics(['elbo', 'distortion', 'rate', 'seconds'])).toEqual(['rate', 'distortion']);
    const terms = ['train.kl', 'train.reconstruction', 'validation.kl', 'validation.reconstruction'];
    expect(frontMetrics(terms)).toEqual(['validation.kl', 'validation.reconstruction']);
    expect(frontMetrics(['mig', 'fid', 'seconds'])).toEqual(['mig', 'fid']);
    expect(frontMetrics(['seconds'])).toBeUndefined();
  });
});

describe('runs in the order of a metric', () => {
  it('begin with the best, and leave out what was not measured', () => {
    const values = [3, NaN, 1, 2, 1];
    expect(ranked(values, 'lower', values.keys())).toEqual([2, 4, 3, 0]);
    expect(ranked(values, 'higher', [0, 2, 3])).toEqual([0, 3, 2]);
  });

  it('are grouped by the medians of their settings', () => {
    // One lucky seed does not make a setting good.
    const values = [1, 9, 9, 3, 4, 5];
    const found = rankedByMedian(values, 'lower', [[0, 1, 2], [3, 4, 5], []]);
    expect(found).toEqual([
      { median: 4, runs: [3, 4, 5] },
      { median: 9, runs: [0, 1, 2] },
    ]);
  });

  it('are better by the words of a name', () => {
    const ways = ['validation.total', 'mig', 'elbo', 'test FID', 'validation.kl', 'beauty'].map(wayOfMetric);
    expect(ways).toEqual(['lower', 'higher', 'higher', 'lower', 'lower', null]);
  });
});
