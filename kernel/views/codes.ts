/** Numbers as 16-bit codes on a scale for each column: half the bytes, for what is looked at and not computed with. */

/** `low + step · code`, a scale for each column of the last axis, but for `far` values at places in the array. */
export interface CodeScale {
  low: number[];
  step: number[];
  far?: { places: number[]; values: number[] };
}

/** What is not finite. */
const NOWHERE = 65_535;
/** A value beyond the middle 99 % of its column by so many times their width, at least, may be far … */
const REACH = 8;
/** … if there are few such: this share of the column, or two. */
const FAR = 1 / 500;
const FEWEST_FAR = 2;
/** Digits that tell a float32 from any other. */
const DIGITS = 9;

/**
 * The nearest code of each number: off by half a step at most, which is 1/131,068 of the range of its column. One far value
 * would take the steps from all others: the few far ones are not in the range, and are given as they are.
 *
 * @param values [n · columns] row-major
 */
export function toCodes(values: ArrayLike<number>, columns: number): { codes: Uint16Array; scale: CodeScale } {
  const ranges = Array.from({ length: columns }, (_, column) => nearRange(values, columns, column));
  const step = ranges.map(([low, high]) => (high > low ? (high - low) / (NOWHERE - 1) : 0));
  const far = { places: [] as number[], values: [] as number[] };
  const codes = Uint16Array.from({ length: values.length }, (_, i) => {
    const [value, j] = [values[i]!, i % columns];
    if (!Number.isFinite(value)) return NOWHERE;
    const [low, high] = ranges[j]!;
    if (value < low || value > high) {
      far.places.push(i);
      far.values.push(Number(value.toPrecision(DIGITS)));
      return 0;
    }
    return step[j] === 0 ? 0 : Math.round((value - low) / step[j]!);
  });
  return { codes, scale: { low: ranges.map(([low]) => low), step, ...(far.places.length > 0 && { far }) } };
}

/** From the least to the greatest of a column's finite values, without the few that are far from the others. */
function nearRange(values: ArrayLike<number>, columns: number, column: number): readonly [number, number] {
  const found = new Float64Array(Math.floor(values.length / columns));
  let n = 0;
  for (let i = column; i < values.length; i += columns) if (Number.isFinite(values[i])) found[n++] = values[i]!;
  if (n === 0) return [0, 0];
  const sorted = found.subarray(0, n).sort();
  const cut = Math.ceil(0.005 * (n - 1));
  const [low, high] = [sorted[cut]!, sorted[n - 1 - cut]!];
  if (!(high > low)) return [sorted[0]!, sorted[n - 1]!];
  const most = Math.max(FEWEST_FAR, Math.floor(FAR * n));
  for (let reach = REACH * (high - low); ; reach *= 2) {
    const first = sorted.findIndex((value) => value >= low - reach);
    const last = sorted.findLastIndex((value) => value <= high + reach);
    if (first + (n - 1 - last) <= most) return [sorted[first]!, sorted[last]!];
  }
}

export function fromCodes(codes: Uint16Array, { low, step, far }: CodeScale): Float32Array<ArrayBuffer> {
  const columns = low.length;
  const values = Float32Array.from(codes, (code, i) =>
    code === NOWHERE ? NaN : low[i % columns]! + step[i % columns]! * code,
  );
  far?.places.forEach((place, i) => (values[place] = far.values[i]!));
  return values;
}

/** Each number added to all before it. */
export function runningSums(steps: ArrayLike<number>): Int32Array<ArrayBuffer> {
  let sum = 0;
  return Int32Array.from(steps, (step) => (sum += step));
}
