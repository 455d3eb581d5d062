/** Arrays in Fortran's order: the numbers of a sample lie apart, so that all are read before the first is whole. */
import { DataError } from '../checkData';
import type { Numbers } from './elements';
import { countOf, storedNumbers, type StoredArray } from './storedArray';

/** Numbers that are turned about in memory at most. */
const MOST = 2 ** 28;

/**
 * The numbers sample by sample, `rows` samples at a time.
 *
 * @throws {DataError} when the array is too large to be turned about
 */
export async function* columnMajorChunks(array: StoredArray, rows: number): AsyncGenerator<Numbers> {
  const { name, shape } = array;
  const [length = 0, ...axes] = shape;
  if (countOf(shape) > MOST) {
    throw new DataError(
      `${name}: its ${countOf(shape)} values are in Fortran order, where samples are not contiguous; save numpy.ascontiguousarray(…)`,
    );
  }
  const numbers = await storedNumbers(array);
  const places = placesOf(axes);
  const width = places.length;
  for (let start = 0; start < length; start += rows) {
    const count = Math.min(rows, length - start);
    const chunk = numbers.slice(0, count * width);
    for (let stored = 0; stored < width; stored++) {
      const [from, to] = [stored * length + start, places[stored]!];
      for (let row = 0; row < count; row++) chunk[row * width + to] = numbers[from + row]!;
    }
    yield chunk;
  }
}

/** Where in a sample in C's order each of its numbers belongs, in Fortran's order. */
function placesOf(axes: readonly number[]): Int32Array {
  const strides = axes.map((_, axis) => countOf(axes.slice(axis + 1)));
  const index = axes.map(() => 0);
  return Int32Array.from({ length: countOf(axes) }, () => {
    const place = index.reduce((sum, at, axis) => sum + at * strides[axis]!, 0);
    // The first index runs fastest.
    for (let axis = 0; axis < axes.length; axis++) {
      index[axis]!++;
      if (index[axis]! < axes[axis]!) break;
      index[axis] = 0;
    }
    return place;
  });
}
