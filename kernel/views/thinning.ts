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

/**
 * `count` of the numbers 0 … n−1, as {@link fairSample} takes them, of each class as many as its share is (rounded, so that
 * they are `count`), but one of each at least, where there is room for all. Ascending.
 *
 * @param classes [n]; null: no class is known
 */
export function classSample(classes: ArrayLike<number> | null, n: number, count: number, seed: number): number[] {
  if (classes === null || count >= n) return fairSample(n, count, seed);
  const members = new Map<number, number[]>();
  for (let i = 0; i < n; i++) {
    const known = members.get(classes[i]!);
    if (known) known.push(i);
    else members.set(classes[i]!, [i]);
  }
  if (members.size > count) return fairSample(n, count, seed);
  // One of each, and the rest by the largest remainders of what is left.
  const groups = [...members.values()].map((rows) => ({ rows, quota: ((count - members.size) * rows.length) / n }));
  const sizes = groups.map(({ rows, quota }) => Math.min(rows.length, 1 + Math.floor(quota)));
  const byRemainder = groups.map((_, i) => i).sort((a, b) => (groups[b]!.quota % 1) - (groups[a]!.quota % 1) || a - b);
  for (let left = count - sizes.reduce((sum, size) => sum + size, 0), k = 0; left > 0; k++) {
    const i = byRemainder[k % byRemainder.length]!;
    if (sizes[i]! >= groups[i]!.rows.length) continue;
    sizes[i]!++;
    left--;
  }
  return groups.flatMap(({ rows }, i) => fairSample(rows.length, sizes[i]!, seed + i).map((at) => rows[at]!)).sort((a, b) => a - b); // prettier-ignore
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
  const isKept = new Uint8Array(n);
  for (const index of [0, n - 1, ...runsOfNonFinite(values).slice(0, broken)]) isKept[index] = 1;
  const length = stretchLength(n, Math.max(1, Math.floor((limit - broken - 2) / 2)));
  for (let start = 0; start < n; start += length) keepExtremes(isKept, values, start, Math.min(n, start + length));
  const kept: number[] = [];
  for (let i = 0; i < n; i++) if (isKept[i]) kept.push(i);
  return kept;
}

/** Keeps the lowest and the highest value of a stretch, or its first where none is finite. */
function keepExtremes(isKept: Uint8Array, values: ArrayLike<number>, start: number, end: number): void {
  let lowest = -1;
  let highest = -1;
  for (let i = start; i < end; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    if (lowest < 0 || value < values[lowest]!) lowest = i;
    if (highest < 0 || value > values[highest]!) highest = i;
  }
  isKept[lowest < 0 ? start : lowest] = 1;
  isKept[highest < 0 ? start : highest] = 1;
}

/** Where each run of values that are not finite begins. */
function runsOfNonFinite(values: ArrayLike<number>): number[] {
  const starts: number[] = [];
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i]) && (i === 0 || Number.isFinite(values[i - 1]))) starts.push(i);
  }
  return starts;
}
