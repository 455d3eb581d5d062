/** Data as the classical methods compute with them: rows of numbers in float64. */
import * as tf from '@tensorflow/tfjs';
import { rowRanges, widthOfInput } from '../samples';
import type { Expected, SampleInput } from '../samples';
import { DataError } from '../training/checkData';

/**
 * The rows [n, d] in float64; those that are given as numbers are not rounded to float32.
 *
 * @param caller as messages name it
 * @param width d, where it is fixed already
 * @throws {DataError} at a value that is not finite
 * @throws TypeError when there are no rows, or rows of another width
 */
export function float64Rows(input: SampleInput, caller: string, width = widthOfInput(input)): Float64Array[] {
  const expected: Expected = { caller, width, description: `rows of ${width} values` };
  rowRanges(input, expected);
  const rows = Array.isArray(input) ? input.map((row) => Float64Array.from(row)) : split(valuesOf(input), width);
  const wrong = rows.findIndex((row) => !row.every((value) => Number.isFinite(value)));
  if (wrong < 0) return rows;
  const column = rows[wrong]!.findIndex((value) => !Number.isFinite(value));
  const place = `row ${wrong}, column ${column} (both counted from 0)`;
  throw new DataError(`${caller}: the value at ${place} is ${rows[wrong]![column]}; expected finite numbers`);
}

/** Mean of rows [n, d]: [d]. */
export function meanOf(rows: readonly Float64Array[]): Float64Array {
  const mean = new Float64Array(rows[0]!.length);
  for (const row of rows) row.forEach((value, i) => (mean[i]! += value / rows.length));
  return mean;
}

/** ‖a − b‖². */
export function squaredDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return sum;
}

/** log Σ exp(values), without overflow. */
export function logSumExp(values: ArrayLike<number>): number {
  let most = -Infinity;
  for (let i = 0; i < values.length; i++) most = Math.max(most, values[i]!);
  if (most === -Infinity) return most;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.exp(values[i]! - most);
  return most + Math.log(sum);
}

function valuesOf(input: Exclude<SampleInput, number[][]>): ArrayLike<number> & Iterable<number> {
  return input instanceof tf.Tensor ? input.dataSync() : input.values;
}

function split(values: ArrayLike<number>, width: number): Float64Array[] {
  return Array.from({ length: values.length / width }, (_, n) => {
    return Float64Array.from({ length: width }, (_, i) => values[n * width + i]!);
  });
}
