import { describe, expect, it } from 'vitest';
import { smooth } from '../../renderer/views/lossCurves/smoothing';

const curve = [5, 3, 4, 2, 2.5, 1, 1.5, 0.5];

/** Σ w^{t−i} x_i / Σ w^{t−i} over the finite values up to t: the closed form of the debiased average. */
function weightedMean(values: number[], weight: number, t: number): number {
  const past = values.slice(0, t + 1).filter(Number.isFinite);
  const weights = past.map((_, i) => weight ** (past.length - 1 - i));
  const sum = weights.reduce((a, b) => a + b, 0);
  return past.reduce((total, value, i) => total + value * weights[i]!, 0) / sum;
}

describe('smoothing of a curve', () => {
  it.each([0, 0.3, 0.9, 0.99])('is the mean with weights %f^(t−i)', (weight) => {
    smooth(curve, weight).forEach((value, t) => expect(value).toBeCloseTo(weightedMean(curve, weight, t), 12));
  });

  it('starts at the first value, however strong it is', () => {
    expect(smooth(curve, 0.99)[0]).toBeCloseTo(5, 12);
  });

  it('leaves a constant as it is', () => {
    for (const value of smooth([7, 7, 7, 7], 0.95)) expect(value).toBeCloseTo(7, 12);
  });

  it('keeps values that are not finite where they are, and out of the average', () => {
    const broken = [5, NaN, 4, Infinity, 2];
    const smoothed = smooth(broken, 0.8);
    expect([...smoothed].map(Number.isFinite)).toEqual([true, false, true, false, true]);
    expect(smoothed[4]).toBeCloseTo(weightedMean(broken, 0.8, 4), 12);
  });
});
