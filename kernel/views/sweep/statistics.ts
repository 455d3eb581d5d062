/** Medians and quartiles over seeds. */

/**
 * The quantile of numbers in ascending order, between two of them on a straight line: Hyndman and Fan's type 7 (1996), the
 * default of NumPy and R.
 *
 * @param share 0…1
 * @returns NaN of no numbers
 */
export function quantile(ascending: ArrayLike<number>, share: number): number {
  if (ascending.length === 0) return NaN;
  const place = share * (ascending.length - 1);
  const below = Math.floor(place);
  const low = ascending[below]!;
  const high = ascending[Math.min(below + 1, ascending.length - 1)]!;
  return low + (place - below) * (high - low);
}

/** What lines, bars, bands and caps of a sweep are. */
export const SPREAD_NOTE = 'Lines and bars: the median over the runs of a setting; bands and caps: their quartiles.';

export interface Quartiles {
  /** How many finite numbers there are. */
  count: number;
  low: number;
  median: number;
  high: number;
}

/** The quartiles of the finite values. */
export function quartiles(values: Iterable<number>): Quartiles {
  const ascending = Float64Array.from([...values].filter(Number.isFinite)).sort();
  const at = (share: number) => quantile(ascending, share);
  return { count: ascending.length, low: at(0.25), median: at(0.5), high: at(0.75) };
}
