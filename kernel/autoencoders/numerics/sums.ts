/** Sums in float64, as derivations write them. */
import { list, takes } from '../arguments';

/** Σ values; 0 for none. */
export function sum(values: ArrayLike<number>): number {
  takes('sum', ['values', values, list]);
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}

/**
 * Σ values / n.
 *
 * @throws RangeError for no values
 */
export function mean(values: ArrayLike<number>): number {
  takes('mean', ['values', values, list]);
  if (values.length === 0) throw new RangeError('mean takes at least one value; found none.');
  return sum(values) / values.length;
}

/**
 * Σ_i a_i b_i.
 *
 * @throws RangeError for lists of different lengths
 */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  takes('dot', ['a', a, list], ['b', b, list]);
  if (a.length !== b.length) throw new RangeError(`dot takes lists of one length; found ${a.length} and ${b.length}.`);
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i]! * b[i]!;
  return total;
}
