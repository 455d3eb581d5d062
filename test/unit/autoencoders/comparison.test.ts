import { describe, expect, it } from 'vitest';
import { compare, estimate } from '../../../kernel/autoencoders/index';
import { randomStream } from '../../../kernel/autoencoders/random';

describe('two sides of an identity', () => {
  it('agree within the tolerance, and not beyond it', () => {
    expect(compare(1.09, 1, { tolerance: 0.1 })).toMatchObject({ ok: true, relation: '=' });
    expect(compare(1.11, 1, { tolerance: 0.1 }).ok).toBe(false);
    expect(compare(0.89, 1, { tolerance: 0.1 }).ok).toBe(false);
  });

  it('may differ on the right side of an inequality by any amount', () => {
    expect(compare(-100, 1, { relation: '≤', tolerance: 0 }).ok).toBe(true);
    expect(compare(1.1, 1, { relation: '≤', tolerance: 0.05 }).ok).toBe(false);
    expect(compare(100, 1, { relation: '≥', tolerance: 0 }).ok).toBe(true);
    expect(compare(0.9, 1, { relation: '≥', tolerance: 0.05 }).ok).toBe(false);
  });

  it('may be apart by four standard errors of their difference beside the tolerance', () => {
    const left = { value: 1, standardError: 0.3 };
    const right = { value: 2, standardError: 0.4 };
    const { tolerance } = compare(left, right, { tolerance: 0.1 });
    expect(tolerance).toBeCloseTo(0.1 + 4 * 0.5, 12);
    expect(compare({ ...left, value: -0.2 }, right, { tolerance: 0.1 }).ok).toBe(false);
    expect(compare(left, right, { tolerance: 0.1, standardErrors: 1 }).ok).toBe(false);
  });

  it.each([NaN, Infinity])('never agree with %s', (value) => {
    for (const relation of ['=', '≤', '≥'] as const) {
      expect(compare(NaN, 1, { relation, tolerance: 1e9 }).ok).toBe(false);
      expect(compare(value, NaN, { relation, tolerance: 1e9 }).ok).toBe(false);
    }
  });
});

describe('an estimate', () => {
  it('is the mean with the standard error of the unbiased variance', () => {
    const { value, standardError } = estimate([1, 2, 3, 6]);
    expect(value).toBe(3);
    expect(standardError).toBeCloseTo(Math.sqrt((4 + 1 + 0 + 9) / 3 / 4), 12);
  });

  it('is off by less than its standard error in about 68 of 100 repetitions', () => {
    const repetitions = Array.from({ length: 400 }, (_, i) => estimate(randomStream(1, 'test', i).normals(50)));
    const inside = repetitions.filter(({ value, standardError }) => Math.abs(value) < standardError).length;
    expect(Math.abs(inside / 400 - 0.68)).toBeLessThan(4 * Math.sqrt((0.68 * 0.32) / 400));
  });

  it('needs two draws', () => {
    expect(() => estimate([1])).toThrow('A standard error needs at least two draws; found 1.');
  });
});
