import { describe, expect, it } from 'vitest';
import { classSample, fairSample, thinCurve } from '../../../kernel/views/thinning';

describe('a random sample', () => {
  it('has the size asked for, in ascending order, without repetition', () => {
    const sample = fairSample(1000, 137, 5);
    expect(sample).toHaveLength(137);
    expect(sample).toEqual([...new Set(sample)].sort((a, b) => a - b));
    expect(sample.every((i) => i >= 0 && i < 1000)).toBe(true);
  });

  it('is everything when that is few enough', () => {
    expect(fairSample(3, 5, 0)).toEqual([0, 1, 2]);
  });

  it('depends on nothing but its seed', () => {
    expect(fairSample(500, 50, 1)).toEqual(fairSample(500, 50, 1));
    expect(fairSample(500, 50, 1)).not.toEqual(fairSample(500, 50, 2));
  });

  it('takes each index equally often: chi-squared over 4,000 samples of 5 from 20', () => {
    const taken = new Array<number>(20).fill(0);
    for (let seed = 0; seed < 4000; seed++) for (const i of fairSample(20, 5, seed)) taken[i]!++;
    // Expected 1,000 each, variance 4000 · ¼ · ¾; 19 degrees of freedom, 99.9th percentile 43.8.
    const chiSquared = (19 / 20) * taken.reduce((sum, n) => sum + (n - 1000) ** 2 / 750, 0);
    expect(chiSquared).toBeLessThan(43.8);
  });
});

describe('a sample fair to each class', () => {
  const classes = Array.from({ length: 1000 }, (_, i) => (i < 3 ? 7 : i % 10 === 0 ? 1 : 0));

  it('has each class by its share, and one of the rarest at least', () => {
    for (const count of [3, 10, 50, 333]) {
      const sample = classSample(classes, 1000, count, 2);
      expect(sample).toEqual([...new Set(sample)].sort((a, b) => a - b));
      expect(sample).toHaveLength(count);
      const share = (of: number) => sample.filter((i) => classes[i] === of).length;
      expect(share(7)).toBeGreaterThanOrEqual(1);
      expect(Math.abs(share(1) - count / 10)).toBeLessThanOrEqual(1.5);
    }
  });

  it('is a random sample where there are no classes, or more of them than room', () => {
    expect(classSample(null, 1000, 20, 3)).toEqual(fairSample(1000, 20, 3));
    const each = Array.from({ length: 1000 }, (_, i) => i);
    expect(classSample(each, 1000, 20, 3)).toEqual(fairSample(1000, 20, 3));
    expect(classSample(classes, 1000, 2000, 3)).toHaveLength(1000);
  });
});

describe('a thinned curve', () => {
  const noisy = Array.from({ length: 100_000 }, (_, i) => Math.sin(i * 0.37) * Math.cos(i * 0.011) + i * 1e-5);

  it('keeps within its limit and keeps the ends', () => {
    const kept = thinCurve(noisy, 2000);
    expect(kept.length).toBeLessThanOrEqual(2000);
    expect(kept.length).toBeGreaterThan(1500);
    expect([kept[0], kept.at(-1)]).toEqual([0, noisy.length - 1]);
    expect(kept).toEqual([...kept].sort((a, b) => a - b));
  });

  it('keeps the lowest and the highest value', () => {
    const spiked = noisy.map((value, i) => (i === 31_415 ? -50 : i === 27_182 ? 70 : value));
    const kept = thinCurve(spiked, 2000);
    expect(kept).toContain(31_415);
    expect(kept).toContain(27_182);
  });

  it('keeps where values stop being finite', () => {
    const broken = noisy.map((value, i) => (i >= 50_003 ? NaN : value));
    expect(thinCurve(broken, 2000)).toContain(50_003);
    const gap = noisy.map((value, i) => (i === 12_345 ? Infinity : value));
    expect(thinCurve(gap, 2000)).toContain(12_345);
  });

  it('is everything when that is few enough', () => {
    expect(thinCurve([3, 1, 2], 3)).toEqual([0, 1, 2]);
  });
});
