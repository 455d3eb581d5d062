/** IDX files, read whole. */
import { collect } from './collect';
import type { Dataset } from './dataset';
import type { Numbers } from './streaming/elements';
import { idxArray, streamIdx, type IdxOptions } from './streaming/idx';
import { storedNumbers } from './streaming/storedArray';

const TYPES = { u1: 'uint8', i1: 'int8', i2: 'int16', i4: 'int32', f4: 'float32', f8: 'float64' } as const;

/** The types of numbers in an IDX file. */
export type IdxType = (typeof TYPES)[keyof typeof TYPES];

/** What an IDX file holds. */
export interface IdxArray {
  shape: number[];
  /** How the file stores its numbers. */
  dtype: IdxType;
  /** Row by row; the kind of array that belongs to `dtype`. */
  values: Numbers;
}

/**
 * Reads the array of an IDX file as it stands; the file may be compressed by gzip.
 *
 * @throws {DataError} when it is missing, no IDX file, cut short or longer than its header says
 */
export async function readIdx(file: string): Promise<IdxArray> {
  const array = await idxArray(file);
  const dtype = TYPES[array.type.code as keyof typeof TYPES];
  return { shape: array.shape, dtype, values: await storedNumbers(array) };
}

/**
 * Images (bytes become [0, 1]) or vectors from an IDX file, and their labels.
 *
 * @throws {DataError} as {@link streamIdx}
 */
export async function readIdxDataset(file: string, options: IdxOptions = {}): Promise<Dataset> {
  return collect(await streamIdx(file, options));
}
