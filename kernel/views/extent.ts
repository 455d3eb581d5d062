/** What part of an axis shows the points: one rule for the live figure and for pictures. */

export type Interval = [low: number, high: number];

/** The share of the points at either end that may be left out, … */
const TAIL = 0.005;
/** … but for those that are nearer to the rest than so much of its width … */
const NEAR = 0.5;
/** … and only where all would be as many times as wide. Of a million normal ones, it is 1.9 times. */
const FAR = 3;
/** Fewer points have no tails. */
const FEWEST = 20;
/** Where there are more, some of them tell where the tails begin. */
const MOST_SORTED = 50_000;

/** All finite values; around the only one, or around 0, where there are no two. */
export function wholeOf(values: ArrayLike<number>): Interval {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return [-1, 1];
  return low === high ? [low - 1, high + 1] : [low, high];
}

/** All finite values but for a few far ones that would leave no room for the others. */
export function coreOf(values: ArrayLike<number>): Interval {
  const whole = wholeOf(values);
  const stride = Math.ceil(values.length / MOST_SORTED);
  const sorted = Float64Array.from({ length: Math.ceil(values.length / stride) }, (_, i) => values[i * stride]!)
    .filter(Number.isFinite)
    .sort();
  if (sorted.length < FEWEST) return whole;
  const tail = Math.max(1, Math.floor(TAIL * sorted.length));
  const [low, high] = [sorted[tail]!, sorted[sorted.length - 1 - tail]!];
  const span = high - low;
  if (span === 0 || whole[1] - whole[0] <= FAR * span) return whole;
  return wholeOf(Array.from(values).filter((value) => isWithin(value, [low - NEAR * span, high + NEAR * span])));
}

export function isWithin(value: number, [low, high]: Interval): boolean {
  return value >= low && value <= high;
}
