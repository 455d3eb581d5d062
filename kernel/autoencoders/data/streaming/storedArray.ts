/** Arrays of numbers in files, before they are read. */
import { DataError } from '../checkData';
import { ByteReader, type ByteSource } from './byteReader';
import { numbersIn, type ElementType, type Numbers } from './elements';

/** An array of numbers and where its bytes lie. */
export interface StoredArray {
  /** What messages call the array, `file: images` for example. */
  name: string;
  shape: number[];
  type: ElementType;
  littleEndian: boolean;
  /** Whether the first index runs fastest (Fortran's order), rather than the last (C's). */
  columnMajor?: boolean;
  /** The array's bytes. */
  source: ByteSource;
}

/** Values of an array of this shape. */
export function countOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/**
 * Holds what a header says against the file before any memory is taken.
 *
 * @throws {DataError} when there are more bytes or fewer, as far as the size is known
 */
export function checkSize({ name, shape, type, source }: StoredArray): void {
  const bytes = countOf(shape) * type.size;
  if (bytes === source.size || (bytes < source.size && !source.exact)) return;
  const fault = bytes < source.size ? 'too long' : 'cut short';
  const there = source.exact ? `found ${source.size}` : `found fewer than ${source.size}, packed`;
  throw new DataError(
    `${name}: ${fault}; its header says [${shape.join(', ')}] of ${type.code}, ${bytes} bytes of values; ${there}`,
  );
}

/** All of an array's numbers, in the order of the file; for small ones such as labels. */
export async function storedNumbers(array: StoredArray): Promise<Numbers> {
  checkSize(array);
  const { name, shape, type, littleEndian, source } = array;
  const reader = new ByteReader(source.file, source.bytes());
  try {
    const bytes = await reader.readOwn(countOf(shape) * type.size, name);
    await reader.end();
    return numbersIn(bytes, type, littleEndian);
  } finally {
    await reader.close();
  }
}
