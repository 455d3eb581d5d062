/** Numbers as 16-bit codes on a scale for each column: half the bytes, for what is looked at and not computed with. */

/** `low + step · code`, a scale for each column of the last axis. */
export interface CodeScale {
  low: readonly number[];
  step: readonly number[];
}

/** What is not finite. */
const NOWHERE = 65_535;

/**
 * The nearest code of each number: off by half a step at most, which is 1/131,068 of the range of its column.
 *
 * @param values [n · columns] row-major
 */
export function toCodes(values: ArrayLike<number>, columns: number): { codes: Uint16Array; scale: CodeScale } {
  const low = new Array<number>(columns).fill(Infinity);
  const high = new Array<number>(columns).fill(-Infinity);
  for (let i = 0; i < values.length; i++) {
    const [value, column] = [values[i]!, i % columns];
    if (!Number.isFinite(value)) continue;
    if (value < low[column]!) low[column] = value;
    if (value > high[column]!) high[column] = value;
  }
  const lows = low.map((one) => (Number.isFinite(one) ? one : 0));
  const step = high.map((one, j) => (one > lows[j]! ? (one - lows[j]!) / (NOWHERE - 1) : 0));
  const codes = Uint16Array.from({ length: values.length }, (_, i) => {
    const [value, j] = [values[i]!, i % columns];
    if (!Number.isFinite(value)) return NOWHERE;
    return step[j] === 0 ? 0 : Math.round((value - lows[j]!) / step[j]!);
  });
  return { codes, scale: { low: lows, step } };
}

export function fromCodes(codes: Uint16Array, { low, step }: CodeScale): Float32Array<ArrayBuffer> {
  const columns = low.length;
  return Float32Array.from(codes, (code, i) =>
    code === NOWHERE ? NaN : low[i % columns]! + step[i % columns]! * code,
  );
}

/** Each number added to all before it. */
export function runningSums(steps: ArrayLike<number>): Int32Array<ArrayBuffer> {
  let sum = 0;
  return Int32Array.from(steps, (step) => (sum += step));
}
