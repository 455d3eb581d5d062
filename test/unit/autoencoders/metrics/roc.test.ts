import { describe, expect, it } from 'vitest';
import { rocCurve } from '../../../../kernel/autoencoders/index';
import { randomStream } from '../../../../kernel/autoencoders/random';

describe('a ROC curve', () => {
  it('has area 1 for scores that part the classes, 0 for the reverse and ½ for one score', () => {
    expect(rocCurve([3, 4, 1, 2], [true, true, false, false]).areaUnderCurve).toBe(1);
    expect(rocCurve([1, 2, 3, 4], [true, true, false, false]).areaUnderCurve).toBe(0);
    expect(rocCurve([5, 5, 5], [1, 0, 0]).areaUnderCurve).toBe(0.5);
  });

  it('has as its area how often a positive scores above a negative, ties counted half', () => {
    const stream = randomStream(2, 'roc');
    const scores = Array.from({ length: 80 }, () => stream.integer(12));
    const positive = scores.map((score) => stream.uniform() < score / 20);
    const pairs = scores.flatMap((a, i) =>
      scores.flatMap((b, j) => (positive[i] && !positive[j] ? [a > b ? 1 : a === b ? 0.5 : 0] : [])),
    );
    const mean = pairs.reduce<number>((sum, win) => sum + win, 0) / pairs.length;
    expect(rocCurve(scores, positive).areaUnderCurve).toBeCloseTo(mean, 12);
  });

  it('rises from (0, 0) to (1, 1), with rates that each threshold gives', () => {
    const [scores, positive] = [
      [0.9, 0.8, 0.8, 0.4],
      [true, false, true, false],
    ] as const;
    const { points } = rocCurve(scores, positive);
    expect(points).toEqual([
      { threshold: Infinity, falsePositiveRate: 0, truePositiveRate: 0 },
      { threshold: 0.9, falsePositiveRate: 0, truePositiveRate: 0.5 },
      { threshold: 0.8, falsePositiveRate: 0.5, truePositiveRate: 1 },
      { threshold: 0.4, falsePositiveRate: 1, truePositiveRate: 1 },
    ]);
  });

  it('needs both classes, a class for each score, and numbers', () => {
    expect(() => rocCurve([1, 2], [true, true])).toThrow('found 2 positive and 0 negative');
    expect(() => rocCurve([1, 2], [true])).toThrow('found 2 scores and 1 classes');
    expect(() => rocCurve([1, NaN], [true, false])).toThrow('the score of row 1 is NaN');
  });
});
