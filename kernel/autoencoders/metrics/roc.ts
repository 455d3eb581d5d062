/** Receiver operating characteristic of scores that are to tell two classes apart. */
import { list, takes } from '../arguments';

/** A threshold, and the rates of false and true positives that it leads to. */
export interface RocPoint {
  /** Samples with a score of at least this count as positive; Infinity: none. */
  threshold: number;
  /** Share of the negatives that count as positive. */
  falsePositiveRate: number;
  /** Share of the positives that do. */
  truePositiveRate: number;
}

/** The result of {@link rocCurve}. */
export interface RocCurve {
  /** From (0, 0) to (1, 1), a point for each different score. */
  points: RocPoint[];
  /** Area under the curve: how often a positive scores above a negative, ties counted half (Hanley and McNeil 1982). */
  areaUnderCurve: number;
}

/**
 * @param scores higher for what is more likely positive: [n]
 * @param positive whether each is: [n]
 * @throws RangeError when lengths differ, a score is NaN, or one of the classes is empty
 */
export function rocCurve(scores: ArrayLike<number>, positive: ArrayLike<boolean | number>): RocCurve {
  takes('rocCurve', ['scores', scores, list], ['positive', positive, list]);
  const n = scores.length;
  if (positive.length !== n) throw new RangeError(`rocCurve: found ${n} scores and ${positive.length} classes.`);
  const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => scores[b]! - scores[a]!);
  const nan = order.find((i) => Number.isNaN(scores[i]!));
  if (nan !== undefined) throw new RangeError(`rocCurve: the score of row ${nan} is NaN.`);
  const positives = order.filter((i) => positive[i]).length;
  const negatives = n - positives;
  if (positives === 0 || negatives === 0) {
    throw new RangeError(
      `rocCurve needs samples of both classes; found ${positives} positive and ${negatives} negative.`,
    );
  }
  const points: RocPoint[] = [{ threshold: Infinity, falsePositiveRate: 0, truePositiveRate: 0 }];
  let [hits, alarms, area] = [0, 0, 0];
  for (let at = 0; at < n;) {
    const threshold = scores[order[at]!]!;
    const before = { hits, alarms };
    // All that are equal are on the same side of any threshold.
    for (; at < n && scores[order[at]!] === threshold; at++) {
      if (positive[order[at]!]) hits += 1;
      else alarms += 1;
    }
    area += ((alarms - before.alarms) * (hits + before.hits)) / 2;
    points.push({ threshold, falsePositiveRate: alarms / negatives, truePositiveRate: hits / positives });
  }
  return { points, areaUnderCurve: area / (positives * negatives) };
}
