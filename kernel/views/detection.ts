/** What a threshold does to scores: one arithmetic for the live figure and for pictures. */

/** Counts at a threshold; a sample is flagged when its score is above it. */
export interface Confusion {
  truePositives: number;
  falsePositives: number;
  trueNegatives: number;
  falseNegatives: number;
}

export function confusionAt(scores: ArrayLike<number>, anomalous: ArrayLike<number>, threshold: number): Confusion {
  const found = { truePositives: 0, falsePositives: 0, trueNegatives: 0, falseNegatives: 0 };
  for (let i = 0; i < scores.length; i++) {
    const flagged = scores[i]! > threshold;
    if (anomalous[i]) found[flagged ? 'truePositives' : 'falseNegatives']++;
    else found[flagged ? 'falsePositives' : 'trueNegatives']++;
  }
  return found;
}

export interface Rates {
  /** Share of the anomalies that are flagged: the true positive rate, or recall. */
  recall: number;
  /** Share of the normal samples that are flagged. */
  falsePositiveRate: number;
  /** Share of the flagged samples that are anomalies; NaN where none is flagged. */
  precision: number;
  /** The harmonic mean of precision and recall. */
  f1: number;
}

export function ratesOf({ truePositives, falsePositives, trueNegatives, falseNegatives }: Confusion): Rates {
  const recall = truePositives / (truePositives + falseNegatives);
  const precision = truePositives / (truePositives + falsePositives);
  const f1 = (2 * truePositives) / (2 * truePositives + falsePositives + falseNegatives);
  return { recall, falsePositiveRate: falsePositives / (falsePositives + trueNegatives), precision, f1 };
}

/** A point of a curve, at the threshold below the next score. */
export type CurvePoint = readonly [x: number, y: number];

/** ROC: false positive rate against recall, from (0, 0) to (1, 1). */
export function rocPoints(scores: ArrayLike<number>, anomalous: ArrayLike<number>): CurvePoint[] {
  const { steps, positives, negatives } = cuts(scores, anomalous);
  return [[0, 0], ...steps.map(([hits, alarms]): CurvePoint => [alarms / negatives, hits / positives])];
}

/** Precision against recall, from the highest score on. */
export function precisionRecallPoints(scores: ArrayLike<number>, anomalous: ArrayLike<number>): CurvePoint[] {
  const { steps, positives } = cuts(scores, anomalous);
  return steps.map(([hits, alarms]): CurvePoint => [hits / positives, hits / (hits + alarms)]);
}

/** Σ (recallᵢ − recallᵢ₋₁) · precisionᵢ: the average precision. */
export function averagePrecision(points: readonly CurvePoint[]): number {
  let [sum, before] = [0, 0];
  for (const [recall, precision] of points) {
    sum += (recall - before) * precision;
    before = recall;
  }
  return sum;
}

/** Hits and alarms above each different score, the highest first; NaN is above no threshold, so that it comes last. */
function cuts(found: ArrayLike<number>, anomalous: ArrayLike<number>) {
  const scores = Array.from(found, (score) => (Number.isNaN(score) ? -Infinity : score));
  const descending = (a: number, b: number) => (scores[a] === scores[b] ? 0 : scores[b]! - scores[a]!);
  const order = Array.from(scores, (_, i) => i).sort(descending);
  const steps: [hits: number, alarms: number][] = [];
  let [hits, alarms] = [0, 0];
  order.forEach((i, place) => {
    if (anomalous[i]) hits++;
    else alarms++;
    const next = order[place + 1];
    if (next === undefined || scores[next] !== scores[i]) steps.push([hits, alarms]);
  });
  return { steps, positives: hits, negatives: alarms };
}

export interface Histogram {
  low: number;
  high: number;
  /** How many scores of each group lie in each bin; the last bin has those beyond as well. */
  counts: number[][];
  /** How many lie beyond `high`. */
  beyond: number;
}

const BINS = 40;

/**
 * Groups of scores in common bins. A few far ones would leave no room for the others: they are counted in the last bin.
 *
 * @param keep what the range has to reach: the threshold
 */
export function histogramOf(groups: readonly ArrayLike<number>[], keep: number, bins = BINS): Histogram {
  const all = groups.flatMap((group) => Array.from(group).filter(Number.isFinite)).sort((a, b) => a - b);
  if (all.length === 0)
    return { low: 0, high: 1, counts: groups.map(() => new Array<number>(bins).fill(0)), beyond: 0 };
  const at = (share: number) => all[Math.floor(share * (all.length - 1))]!;
  const most = all.at(-1)!;
  const far = at(0.99) + 0.5 * (at(0.99) - at(0.01));
  const low = Math.min(all[0]!, keep);
  const reach = Math.max(most > far ? far : most, Number.isFinite(keep) ? keep : -Infinity);
  const high = reach > low ? reach : low + 1;
  const counts = groups.map((group) => {
    const found = new Array<number>(bins).fill(0);
    for (let i = 0; i < group.length; i++) {
      if (!Number.isFinite(group[i]!)) continue;
      const bin = Math.floor(((group[i]! - low) / (high - low)) * bins);
      found[Math.max(0, Math.min(bins - 1, bin))]!++;
    }
    return found;
  });
  return { low, high, counts, beyond: all.filter((score) => score > high).length };
}
