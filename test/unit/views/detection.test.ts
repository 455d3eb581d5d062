import { describe, expect, it } from 'vitest';
import { rocCurve } from '../../../kernel/autoencoders/index';
import {
  averagePrecision,
  confusionAt,
  histogramOf,
  precisionRecallPoints,
  ratesOf,
  rocPoints,
} from '../../../kernel/views/detection';

const scores = [0.1, 0.4, 0.35, 0.8, 0.4, 0.9];
const anomalous = [0, 0, 1, 1, 1, 0];

describe('what a threshold does', () => {
  it('is counted; a score on the threshold is not flagged', () => {
    expect(confusionAt(scores, anomalous, 0.4)).toEqual({
      ...{ truePositives: 1, falsePositives: 1, trueNegatives: 2, falseNegatives: 2 },
    });
    const { recall, falsePositiveRate, precision, f1 } = ratesOf(confusionAt(scores, anomalous, 0.4));
    expect([recall, falsePositiveRate, precision]).toEqual([1 / 3, 1 / 3, 1 / 2]);
    expect(f1).toBeCloseTo((2 * precision * recall) / (precision + recall), 12);
    expect(ratesOf(confusionAt(scores, anomalous, 1)).precision).toBeNaN();
  });

  it('is a point of the ROC curve that the library has', () => {
    const { points, areaUnderCurve } = rocCurve(scores, anomalous);
    const found = rocPoints(scores, anomalous);
    expect(found).toEqual(points.map((point) => [point.falsePositiveRate, point.truePositiveRate]));
    const area = found.slice(1).reduce((sum, [x, y], i) => sum + ((x - found[i]![0]) * (y + found[i]![1])) / 2, 0);
    expect(area).toBeCloseTo(areaUnderCurve, 12);
  });

  it('is a point of precision over recall, whose mean is that of the scores of anomalies', () => {
    // From the highest on: normal, anomaly, {normal, anomaly} of one score, anomaly, normal.
    const points = precisionRecallPoints(scores, anomalous);
    expect(points).toEqual([[0, 0], [1 / 3, 1 / 2], [2 / 3, 1 / 2], [1, 3 / 5], [1, 1 / 2]]); // prettier-ignore
    expect(averagePrecision(points)).toBeCloseTo((1 / 2 + 1 / 2 + 3 / 5) / 3, 12);
  });
});

describe('histograms of scores', () => {
  it('count each score once, in bins that all groups share', () => {
    const groups = [
      [0, 1, 2, 3],
      [3, 4],
    ];
    const { low, high, counts, beyond } = histogramOf(groups, 2, 4);
    expect([low, high, beyond]).toEqual([0, 4, 0]);
    expect(counts).toEqual([
      [1, 1, 1, 1],
      [0, 0, 0, 2],
    ]);
  });

  it('count in the last bin what is far off, and say how many that is', () => {
    const near = Array.from({ length: 500 }, (_, i) => i / 500);
    const { high, counts, beyond } = histogramOf([[...near, 1e6]], 0.5, 10);
    expect(high).toBeLessThan(2);
    expect(beyond).toBe(1);
    expect(counts[0]!.reduce((sum, n) => sum + n, 0)).toBe(501);
  });

  it('reach the threshold, and live without scores', () => {
    expect(histogramOf([[1, 2, 3]], 10).high).toBe(10);
    expect(histogramOf([[]], 1).counts[0]!.every((n) => n === 0)).toBe(true);
    expect(histogramOf([[NaN, 1]], 1).counts[0]!.reduce((sum, n) => sum + n, 0)).toBe(1);
  });
});

describe('scores that are NaN', () => {
  it('are above no threshold: curves have them last, wherever they stand', () => {
    const points = (order: number[]) =>
      rocPoints(
        order.map((i) => [NaN, 3, NaN, 2, 1][i]!),
        order.map((i) => [1, 1, 0, 0, 1][i]!),
      );
    const expected = [[0, 0], [0, 1 / 3], [0.5, 1 / 3], [0.5, 2 / 3], [1, 1]]; // prettier-ignore
    expect(points([0, 1, 2, 3, 4])).toEqual(expected);
    expect(points([4, 3, 2, 1, 0])).toEqual(expected);
  });
});
