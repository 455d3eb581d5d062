/** IDX, the format of MNIST: `00 00`, a type, the number of dimensions, their sizes, then values; all big-endian. */
import { existsSync } from 'node:fs';
import type { SampleStream } from '../../samples';
import { DataError } from '../checkData';
import { arrayStream, storedClasses } from './arrayStream';
import { ByteReader, fileSource, sourceBehind } from './byteReader';
import { numpyType } from './elements';
import { checkSize, type StoredArray } from './storedArray';

/** NumPy's codes of the types that IDX numbers. */
const TYPES = new Map([
  [0x08, 'u1'],
  [0x09, 'i1'],
  [0x0b, 'i2'],
  [0x0c, 'i4'],
  [0x0d, 'f4'],
  [0x0e, 'f8'],
]);

/** Options of {@link loadData} for IDX files. */
export interface IdxOptions {
  name?: string;
  /** File of the labels. Default: `…-labels-idx1-ubyte` beside `…-images-idx3-ubyte`, if it is there. */
  labels?: string;
  classNames?: string[];
}

/**
 * Images (bytes become [0, 1]) or vectors from an IDX file, and their labels; either may be compressed by gzip.
 *
 * @throws {DataError} when it is missing, no IDX file, cut short or longer than its header says, or when there are not as
 *   many labels as samples
 */
export async function streamIdx(file: string, options: IdxOptions = {}): Promise<SampleStream> {
  const { name = file, classNames } = options;
  const array = await idxArray(file);
  if (array.shape.length === 1) {
    throw new DataError(
      `${file}: it has one number per sample, so these are labels and not data; expected images or vectors (idx3 or idx2)`,
    );
  }
  const labelFile = options.labels ?? labelsBeside(file);
  if (labelFile === undefined) return arrayStream(array, { classNames, name });
  const classes = await storedClasses(await idxArray(labelFile), { samples: array.shape[0]!, classNames });
  return arrayStream(array, { ...classes, name });
}

/**
 * What the header says, held against the length of the file.
 *
 * @throws {DataError} when it is missing, no IDX file, cut short or longer than its header says
 */
export async function idxArray(file: string): Promise<StoredArray> {
  const source = await fileSource(file);
  const reader = new ByteReader(file, source.bytes());
  try {
    const lead = await reader.upTo(4);
    const type = numpyType(TYPES.get(lead[2] ?? 0) ?? '');
    const dimensions = lead[3] ?? 0;
    if (lead.length < 4 || lead[0] !== 0 || lead[1] !== 0 || !type || dimensions === 0) {
      const start = [...lead].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
      throw new DataError(
        `${file}: this is not an IDX file; it starts with ${start || 'nothing'}, expected 00 00, a type (08 for bytes) and the number of dimensions`,
      );
    }
    const sizes = await reader.upTo(4 * dimensions);
    const header = 4 + 4 * dimensions;
    if (sizes.length < 4 * dimensions) throw new DataError(`${file}: cut short within its header of ${header} bytes`);
    const shape = Array.from({ length: dimensions }, (_, i) => sizes.readUInt32BE(4 * i));
    const array = { name: file, shape, type, littleEndian: false, source: sourceBehind(header, source) };
    checkSize(array);
    return array;
  } finally {
    await reader.close();
  }
}

/** The file of labels that belongs to a file of images by its name, if it is there. */
function labelsBeside(file: string): string | undefined {
  const labels = file.replace(/images([-.])idx3/, 'labels$1idx1');
  return labels !== file && existsSync(labels) ? labels : undefined;
}
