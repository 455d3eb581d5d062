import { describe, expect, it } from 'vitest';
import {
  derivative,
  dot,
  estimateOverSeeds,
  estimateVariance,
  integrate,
  linspace,
  mean,
  normalDivergence,
  normalLogDensity,
  randomStream,
  standardNormals,
  sum,
} from '../../../../kernel/autoencoders/index';

describe('sums', () => {
  it('add lists and typed arrays in float64', () => {
    expect(sum([])).toBe(0);
    expect(sum(Float32Array.of(1, 2, 3.5))).toBe(6.5);
    expect(mean([1, 2, 6])).toBe(3);
    expect(dot([1, 2], Float64Array.of(3, 4))).toBe(11);
  });

  it('say what they take', () => {
    expect(() => mean([])).toThrow('mean takes at least one value; found none.');
    expect(() => dot([1], [1, 2])).toThrow('found 1 and 2');
    expect(() => sum(3 as never)).toThrow('sum takes as "values"');
  });
});

describe('calculus', () => {
  it('has both ends on a grid', () => {
    expect(linspace(-1, 1, 5)).toEqual([-1, -0.5, 0, 0.5, 1]);
    expect(linspace(0, 0.3, 4).at(-1)).toBe(0.3);
  });

  it('differentiates: exact for polynomials of degree 2, near for others', () => {
    expect(derivative((x) => 3 * x ** 2 - x, 2, { step: 0.5 })).toBeCloseTo(11, 12);
    expect(derivative(Math.sin, 0.7)).toBeCloseTo(Math.cos(0.7), 9);
  });

  it('integrates: exact for polynomials of degree 3, near for others', () => {
    expect(integrate((x) => x ** 3 - x, 0, 2, { intervals: 2 })).toBeCloseTo(2, 12);
    expect(integrate(Math.exp, 0, 1)).toBeCloseTo(Math.E - 1, 12);
    expect(integrate(Math.exp, 1, 0)).toBeCloseTo(1 - Math.E, 12);
    expect(() => integrate(Math.exp, 0, 1, { intervals: 3 })).toThrow('even number of intervals; found 3');
  });
});

describe('Gaussians', () => {
  it('have densities that integrate to 1', () => {
    expect(integrate((x) => Math.exp(normalLogDensity(x, 0.4, 2)), -20, 20)).toBeCloseTo(1, 10);
  });

  it('have the divergence E_q[log q − log p]', () => {
    const difference = (x: number) => normalLogDensity(x, 0.8, 0.5) - normalLogDensity(x, -0.3, 2);
    const expected = integrate((x) => Math.exp(normalLogDensity(x, 0.8, 0.5)) * difference(x), -12, 12);
    expect(normalDivergence(0.8, 0.5, -0.3, 2)).toBeCloseTo(expected, 10);
    expect(normalDivergence(0, 1)).toBe(0);
    expect(() => normalDivergence(0, 0)).toThrow('"variance" a number above 0');
  });
});

describe('draws', () => {
  it('are those of the stream of their seed and purpose, row by row', () => {
    const values = [...randomStream(3, 'test').normals(6)];
    expect(standardNormals(3, 2, { seed: 3, purpose: 'test' })).toEqual([
      values.slice(0, 2),
      values.slice(2, 4),
      values.slice(4),
    ]);
    expect(standardNormals(1, 2, { seed: 3 })).not.toEqual([values.slice(0, 2)]);
  });

  it('estimate a variance about a known mean without bias', () => {
    expect(estimateVariance([1, 3], 2).value).toBe(1);
    // Var[(2ε)²] of 40,000 draws: the standard error of 4 is √(2·16/40000).
    const { value, standardError } = estimateVariance(
      randomStream(1, 'v')
        .normals(40_000)
        .map((e) => 2 * e),
      0,
    );
    expect(standardError).toBeCloseTo(Math.sqrt(32 / 40_000), 2);
    expect(Math.abs(value - 4)).toBeLessThan(4 * standardError);
  });

  it('estimate over seeds, one after the other', async () => {
    const asked: number[] = [];
    const once = (seed: number) => {
      asked.push(seed);
      return Promise.resolve(seed ** 2);
    };
    expect((await estimateOverSeeds(once, { seeds: 3, first: 10 })).value).toBeCloseTo((100 + 121 + 144) / 3, 12);
    expect(asked).toEqual([10, 11, 12]);
  });
});
