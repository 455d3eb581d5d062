/** Draws, and estimates made of them. */
import { callable, finite, integer, list, object, optional, takes, text, whole } from '../arguments';
import { estimate, type Estimate } from '../comparison';
import { defaultSeed, randomStream } from '../random';

/**
 * Draws ε ~ N(0, I).
 *
 * @param options.seed default: the session's
 * @param options.purpose keeps draws of one seed apart, as in `randomStream`; default `draws`
 * @returns [count][dimensions], float32 numbers
 */
export function standardNormals(
  count: number,
  dimensions: number,
  options: { seed?: number; purpose?: string } = {},
): number[][] {
  takes('standardNormals', ['count', count, whole(1)], ['dimensions', dimensions, whole(1)]);
  takes('standardNormals', ['options', options, object()]);
  const { seed = defaultSeed(), purpose = 'draws' } = options;
  takes('standardNormals', ['seed', seed, integer], ['purpose', purpose, text]);
  const values = randomStream(seed, purpose).normals(count * dimensions);
  return Array.from({ length: count }, (_, i) => [...values.subarray(i * dimensions, (i + 1) * dimensions)]);
}

/**
 * The variance of independent draws about a mean that is known, the mean of (draw − mean)², with its standard error. It is
 * unbiased.
 *
 * @throws RangeError for fewer than two draws
 */
export function estimateVariance(draws: ArrayLike<number>, mean: number): Estimate {
  takes('estimateVariance', ['draws', draws, list], ['mean', mean, finite]);
  return estimate(Array.from(draws, (draw) => (draw - mean) ** 2));
}

/**
 * The mean of a random number over seeds, with its standard error.
 *
 * @param once is called with one seed after the other
 * @param options.seeds how many; default 8
 * @param options.first the first seed; default 1
 */
export async function estimateOverSeeds(
  once: (seed: number) => number | Promise<number>,
  options: { seeds?: number; first?: number } = {},
): Promise<Estimate> {
  takes('estimateOverSeeds', ['once', once, callable], ['options', options, object()]);
  takes('estimateOverSeeds', ['seeds', options.seeds, optional(whole(2))], ['first', options.first, optional(integer)]);
  const { seeds = 8, first = 1 } = options;
  const values: number[] = [];
  for (let seed = first; seed < first + seeds; seed++) values.push(await once(seed));
  return estimate(values);
}
