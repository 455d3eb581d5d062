/** NumPy's .npy. */
import { parse, type NpyArray } from 'npyjs';
import { DataError } from '../training/checkData';
import { shaped, type NumberArray } from './convert';
import { Dataset } from './dataset';
import { readMaybeZipped, textOf } from './files';

export interface NpyOptions {
  /** Class index of each sample, or a .npy file of them. */
  labels?: ArrayLike<number> | string;
  classNames?: string[];
  name?: string;
}

interface Numbers {
  values: NumberArray;
  shape: number[];
}

/**
 * Reads samples from an array of shape [n, d], [n, height, width] or [n, height, width, 1 | 3]; real numbers or bool of
 * any width, either order (C or Fortran). Bytes of images become [0, 1]; other values stay as they are.
 *
 * @throws {DataError} when it is missing, no .npy file, cut short, or holds text, objects or complex numbers
 */
export async function readNpy(file: string, { labels, classNames, name = file }: NpyOptions = {}): Promise<Dataset> {
  const { values, shape } = await readNumbers(file);
  const classes = typeof labels === 'string' ? (await readNumbers(labels)).values : labels;
  const parts = shaped(name, values, shape);
  return new Dataset({ ...parts, labels: classes ? Int32Array.from(classes) : null, classNames });
}

async function readNumbers(file: string): Promise<Numbers> {
  const bytes = await readMaybeZipped(file);
  const { data, shape, dtype, fortranOrder } = parsed(file, bytes);
  if (!/^[iuf][1248]$|^b1$/.test(dtype)) {
    throw new DataError(`${file}: found values of type ${dtype}; expected real numbers`);
  }
  // Booleans come as an array of them, 64-bit integers as BigInt.
  const elements = data as unknown as ArrayLike<number | bigint | boolean>;
  const count = shape.reduce((product, size) => product * size, 1);
  if (elements.length !== count) {
    const fault = elements.length < count ? 'cut short' : 'too long';
    throw new DataError(
      `${file}: ${fault}; its header says [${shape.join(', ')}], ${count} values; found ${elements.length}`,
    );
  }
  const values = isPlain(data) ? data : Float64Array.from(elements, Number);
  return { values: fortranOrder ? inRowOrder(values, shape) : values, shape };
}

function parsed(file: string, bytes: Buffer): NpyArray {
  try {
    return parse(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer);
  } catch (error) {
    throw new DataError(`${file}: this is no whole .npy file of numbers (${textOf(error)})`);
  }
}

function isPlain(data: ArrayBufferView): data is Exclude<NumberArray, number[]> {
  return ArrayBuffer.isView(data) && !(data instanceof BigInt64Array || data instanceof BigUint64Array);
}

/** Values whose first index runs fastest, put into the order in which the last one does. */
function inRowOrder(values: NumberArray, shape: readonly number[]): NumberArray {
  const ordered = values.slice();
  const index = shape.map(() => 0);
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, size) => product * size, 1));
  for (let i = 0; i < ordered.length; i++) {
    ordered[i] = values[index.reduce((offset, at, axis) => offset + at * strides[axis]!, 0)]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]!++;
      if (index[axis]! < shape[axis]!) break;
      index[axis] = 0;
    }
  }
  return ordered;
}
