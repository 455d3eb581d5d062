import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { stretchLength } from './stretches';

/**
 * `count` of the numbers 0 … n−1 in ascending order; every subset is equally likely, and one seed gives one subset
 * (selection sampling: Knuth, The Art of Computer Programming 2, §3.4.2, algorithm S). All of them when count ≥ n.
 */
export function fairSample(n: number, count: number, seed: number): number[] {
  if (count >= n) return Array.from({ length: n }, (_, i) => i);
  const random = xoroshiro128plus(seed);
  const chosen: number[] = [];
  for (let i = 0; chosen.length < count; i++) {
    if (uniformInt(random, 0, n - i - 1) < count - chosen.length) chosen.push(i);
  }
  return chosen;
}

/** The share of the limit that is kept for where values stop being finite. */
const BROKEN_SHARE = 0.1;

/**
 * Indices of at most `limit` points of a curve that keep its outline: of every stretch the lowest and the highest, the
 * first of each run of values that are not finite, and the first and the last point of all. Ascending; all when n ≤ limit.
 */
export function thinCurve(values: ArrayLike<number>, limit: number): number[] {
  const n = values.length;
  if (n <= limit) return Array.from({ length: n }, (_, i) => i);
  const broken = Math.floor(limit * BROKEN_SHARE);
  const kept = new Set([0, n - 1, ...runsOfNonFinite(values).slice(0, broken)]);
  const length = stretchLength(n, Math.max(1, Math.floor((limit - broken - 2) / 2)));
  for (let start = 0; start < n; start += length) {
    for (const index of extremes(values, start, Math.min(n, start + length))) kept.add(index);
  }
  return [...kept].sort((a, b) => a - b);
}

function extremes(values: ArrayLike<number>, start: number, end: number): number[] {
  let lowest = -1;
  let highest = -1;
  for (let i = start; i < end; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    if (lowest < 0 || value < values[lowest]!) lowest = i;
    if (highest < 0 || value > values[highest]!) highest = i;
  }
  return lowest < 0 ? [start] : [lowest, highest];
}

/** Where each run of values that are not finite begins. */
function runsOfNonFinite(values: ArrayLike<number>): number[] {
  const starts: number[] = [];
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i]) && (i === 0 || Number.isFinite(values[i - 1]))) starts.push(i);
  }
  return starts;
}
