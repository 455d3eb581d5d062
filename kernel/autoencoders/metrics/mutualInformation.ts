/** Entropy and mutual information of discrete variables, in nats, by counting. */
import { extent, range } from 'd3-array';
import { finite, numbers, takes, whole } from '../arguments';

/**
 * Values as bins of equal width between the smallest and the largest: int32 [n], each below `bins`. Values that are all
 * equal are in bin 0.
 */
export function discretize(values: ArrayLike<number>, bins: number): Int32Array {
  takes('discretize', ['values', values, numbers], ['bins', bins, whole(1)]);
  const [low = 0, high = 0] = extent(Array.from(values));
  const width = (high - low) / bins;
  return Int32Array.from(values, (value) => (width > 0 ? Math.min(bins - 1, Math.floor((value - low) / width)) : 0));
}

/** H(a) = −Σ p log p over the values that occur, in nats. */
export function discreteEntropy(a: ArrayLike<number>): number {
  takes('discreteEntropy', ['a', a, numbers]);
  return entropyOf(countsOf(Array.from(a)).values(), a.length);
}

/**
 * I(a; b) = H(a) + H(b) − H(a, b) of the empirical distribution of pairs, in nats. For independent variables its mean is
 * about (A − 1)(B − 1)/(2n) above 0, for A and B values and n pairs (Miller 1955).
 *
 * @throws RangeError when the lengths differ
 */
export function discreteMutualInformation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  takes('discreteMutualInformation', ['a', a, numbers], ['b', b, numbers]);
  if (a.length !== b.length) throw new RangeError(`Mutual information is of pairs; found ${a.length} and ${b.length}.`);
  const pairs = range(a.length).map((i) => `${a[i]}/${b[i]}`);
  return discreteEntropy(a) + discreteEntropy(b) - entropyOf(countsOf(pairs).values(), a.length);
}

/** I(X; Y) = −½ log(1 − ρ²) of jointly Gaussian variables with this correlation, in nats. */
export function gaussianMutualInformation(correlation: number): number {
  takes('gaussianMutualInformation', ['correlation', correlation, finite]);
  return -0.5 * Math.log1p(-(correlation ** 2));
}

function countsOf<T>(values: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function entropyOf(counts: Iterable<number>, total: number): number {
  let sum = 0;
  for (const count of counts) sum -= (count / total) * Math.log(count / total);
  return sum;
}
