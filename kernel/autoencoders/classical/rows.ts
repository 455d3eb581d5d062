/** Data as the classical methods compute with them: rows of numbers in float64. */
import * as tf from '@tensorflow/tfjs';
import { rowRanges, widthOfInput } from '../samples';
import type { Expected, SampleInput } from '../samples';
import { DataError } from '../data/checkData';
import type { Values } from './gaussianComponent';

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

/** n rows of d numbers, one after the other. */
export interface FlatRows {
  /** [n, d]: in float64 where they were given as numbers, else as the data set or the tensor holds them. */
  values: Values;
  n: number;
  d: number;
}

/**
 * The rows [n, d] without an array for each, for methods that go over them many times.
 *
 * @throws as {@link float64Rows} does
 */
export function flatRows(input: SampleInput, caller: string, width = widthOfInput(input)): FlatRows {
  const expected: Expected = { caller, width, description: `rows of ${width} values` };
  rowRanges(input, expected);
  const values = Array.isArray(input) ? joined(input, width) : (valuesOf(input) as Float32Array);
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) float64Rows(input, caller, width);
  return { values, n: values.length / width, d: width };
}

/** ‖a − b‖² of d values each, from `at` and `from` on. */
export function squaredDistanceAt(a: Values, at: number, b: Values, from: number, d: number): number {
  let sum = 0;
  for (let i = 0; i < d; i++) {
    const apart = a[at + i]! - b[from + i]!;
    sum += apart * apart;
  }
  return sum;
}

/** Mean of the rows: [d]. */
export function meanOf({ values, n, d }: FlatRows): Float64Array {
  const mean = new Float64Array(d);
  for (let row = 0; row < values.length; row += d) for (let i = 0; i < d; i++) mean[i]! += values[row + i]!;
  return mean.map((sum) => sum / n);
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

function joined(rows: number[][], width: number): Float64Array {
  const values = new Float64Array(rows.length * width);
  rows.forEach((row, n) => values.set(row, n * width));
  return values;
}

function split(values: ArrayLike<number>, width: number): Float64Array[] {
  return Array.from({ length: values.length / width }, (_, n) => {
    return Float64Array.from({ length: width }, (_, i) => values[n * width + i]!);
  });
}
