/** The numbers that figures are drawn from: tensors, typed arrays, arrays, read and checked. */
import type * as tf from '@tensorflow/tfjs';
import { found } from '../../../autoencoders/arguments';
import { numbersIn } from '../../variables/numbers';

/** What a figure takes as numbers; NaN is a gap. */
export type FigureNumbers =
  | tf.Tensor
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array
  | Uint32Array
  | readonly number[]
  | readonly (readonly number[])[]
  | readonly Float32Array[];

export interface ReadNumbers {
  shape: readonly number[];
  values: Float64Array;
}

const MOST = 4_000_000;

/**
 * @param caller the function as its users call it
 * @param name of the argument
 * @param wanted in words: `numbers of shape [n]`
 * @param fits whether the shape is one of those
 * @throws TypeError naming the argument, what was found and what is wanted
 */
export async function readNumbers(
  caller: string,
  name: string,
  value: unknown,
  wanted: string,
  fits: (shape: readonly number[]) => boolean,
): Promise<ReadNumbers> {
  const numbers = numbersIn(value) ?? numbersIn(rowsOf(value));
  if (!numbers || numbers.size === 0 || !fits(numbers.shape)) {
    const shape = numbers && numbers.size > 0 ? `numbers of shape [${numbers.shape.join(', ')}]` : foundEmpty(value);
    throw new TypeError(`${caller} takes as "${name}" ${wanted}; found ${shape}.`);
  }
  if (numbers.size > MOST) {
    throw new TypeError(
      `${caller}: "${name}" has ${numbers.size.toLocaleString('en-US')} numbers; up to ` +
        `${MOST.toLocaleString('en-US')} can be drawn. Select some of them.`,
    );
  }
  const values = await numbers.at(Int32Array.from({ length: numbers.size }, (_, i) => i));
  if (!values) throw new Error(`${caller}: the numbers of "${name}" cannot be read from the device.`);
  return { shape: numbers.shape, values: Float64Array.from(values) };
}

/** Typed arrays in an array. */
function rowsOf(value: unknown): unknown {
  const areRows = Array.isArray(value) && value.length > 0 && value.every((row) => ArrayBuffer.isView(row));
  return areRows ? value.map((row) => Array.from(row as unknown as ArrayLike<number>)) : undefined;
}

function foundEmpty(value: unknown): string {
  const { length } = (value ?? {}) as { length?: unknown };
  return ArrayBuffer.isView(value) && length === 0 ? 'an empty array' : found(value);
}

/** One list of numbers. */
export async function readList(caller: string, name: string, value: unknown): Promise<Float64Array> {
  const { values } = await readNumbers(caller, name, value, 'numbers of shape [n]', ({ length }) => length === 1);
  return values;
}

/** @throws TypeError naming both lengths */
export function sameLength(
  caller: string,
  [name, length]: readonly [string, number],
  [other, than]: readonly [string, number],
): void {
  if (length === than) return;
  const count = (n: number) => n.toLocaleString('en-US');
  throw new TypeError(
    `${caller}: "${name}" has ${count(length)} numbers and "${other}" ${count(than)}; give both the same number.`,
  );
}
