/** Several runs of a curve as one with a band. */
import { deviation, mean, quantileSorted } from 'd3-array';

export const SPREADS = ['quartiles', 'deviation', 'range'] as const;
export type Spread = (typeof SPREADS)[number];

interface Band {
  y: Float64Array;
  low: Float64Array;
  high: Float64Array;
  /** In words: `quartiles of 5 runs`. */
  spread: string;
}

const WORDS: Record<Spread, string> = {
  quartiles: 'median, with the quartiles',
  deviation: 'mean, with one standard deviation',
  range: 'median, with minimum and maximum',
};

/**
 * Over the runs that have a finite value; quartiles are interpolated as by R's type 7 and numpy's default.
 *
 * @param values [runs, n] row-major
 */
export function spreadOf(values: ArrayLike<number>, runs: number, n: number, spread: Spread): Band {
  const [y, low, high] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  for (let i = 0; i < n; i++) {
    const all = Array.from({ length: runs }, (_, run) => values[run * n + i]!);
    const finite = all.filter(Number.isFinite).sort((a, b) => a - b);
    [y[i], low[i], high[i]] = ofRuns(finite, spread);
  }
  return { y, low, high, spread: `${WORDS[spread]} of ${runs} run${runs === 1 ? '' : 's'}` };
}

/** @param sorted ascending and finite */
function ofRuns(sorted: readonly number[], spread: Spread): [middle: number, low: number, high: number] {
  if (sorted.length === 0) return [NaN, NaN, NaN];
  const at = (share: number) => quantileSorted(sorted as number[], share)!;
  if (spread === 'range') return [at(0.5), sorted[0]!, sorted.at(-1)!];
  if (spread === 'quartiles') return [at(0.5), at(0.25), at(0.75)];
  const [middle, by] = [mean(sorted)!, deviation(sorted) ?? 0];
  return [middle, middle - by, middle + by];
}
