import { describe, expect, it } from 'vitest';
import { categoricalDivergence, categoricalEntropy } from '../../../../kernel/autoencoders/index';

describe('entropy and divergence of probabilities', () => {
  it('are log K and 0 for the uniform distribution', () => {
    const uniform = new Array<number>(8).fill(1 / 8);
    expect(categoricalEntropy(uniform)).toBeCloseTo(3 * Math.LN2, 12);
    expect(categoricalDivergence(uniform, uniform)).toBe(0);
  });

  it('add up to the cross-entropy', () => {
    const [q, p] = [
      [0.5, 0.25, 0.25, 0],
      [0.1, 0.2, 0.3, 0.4],
    ] as const;
    const crossEntropy = -(0.5 * Math.log(0.1) + 0.25 * Math.log(0.2) + 0.25 * Math.log(0.3));
    expect(categoricalEntropy(q) + categoricalDivergence(q, p)).toBeCloseTo(crossEntropy, 12);
    expect(categoricalDivergence([1, 0], [0, 1])).toBe(Infinity);
  });

  it('refuse what is no distribution, and lists of different lengths', () => {
    expect(() => categoricalEntropy([0.5, 0.6])).toThrow('probabilities that sum to 1');
    expect(() => categoricalEntropy([1.5, -0.5])).toThrow('probabilities');
    expect(() => categoricalDivergence([0.5, 0.5], [1])).toThrow('p');
  });
});
