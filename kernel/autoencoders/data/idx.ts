/** IDX, the format of MNIST: `00 00`, a type, the number of dimensions, their sizes, then values; all big-endian. */
import { existsSync } from 'node:fs';
import { DataError } from '../training/checkData';
import { shaped } from './convert';
import { Dataset } from './dataset';
import { readMaybeZipped } from './files';

export type IdxType = 'uint8' | 'int8' | 'int16' | 'int32' | 'float32' | 'float64';
type IdxValues = Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

/** What an IDX file holds. */
export interface IdxArray {
  shape: number[];
  dtype: IdxType;
  /** Row by row; the kind of array that belongs to `dtype`. */
  values: IdxValues;
}

interface Format {
  dtype: IdxType;
  /** Bytes of a value. */
  size: number;
  empty(count: number): IdxValues;
  read(bytes: Buffer, offset: number): number;
}

const FORMATS = new Map<number, Format>([
  [0x08, { dtype: 'uint8', size: 1, empty: (n) => new Uint8Array(n), read: (b, at) => b.readUInt8(at) }],
  [0x09, { dtype: 'int8', size: 1, empty: (n) => new Int8Array(n), read: (b, at) => b.readInt8(at) }],
  [0x0b, { dtype: 'int16', size: 2, empty: (n) => new Int16Array(n), read: (b, at) => b.readInt16BE(at) }],
  [0x0c, { dtype: 'int32', size: 4, empty: (n) => new Int32Array(n), read: (b, at) => b.readInt32BE(at) }],
  [0x0d, { dtype: 'float32', size: 4, empty: (n) => new Float32Array(n), read: (b, at) => b.readFloatBE(at) }],
  [0x0e, { dtype: 'float64', size: 8, empty: (n) => new Float64Array(n), read: (b, at) => b.readDoubleBE(at) }],
]);

/**
 * Reads an IDX file, which may be compressed by gzip.
 *
 * @throws {DataError} when it is missing, no IDX file, cut short or longer than its header says
 */
export async function readIdx(file: string): Promise<IdxArray> {
  const bytes = await readMaybeZipped(file);
  const format = FORMATS.get(bytes[2] ?? 0);
  const dimensions = bytes[3] ?? 0;
  if (bytes.length < 4 || bytes[0] !== 0 || bytes[1] !== 0 || !format || dimensions === 0) {
    const start = [...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    throw new DataError(
      `${file}: this is no IDX file; it starts with ${start || 'nothing'}, expected 00 00, a type (08 for bytes) and the number of dimensions`,
    );
  }
  const header = 4 + 4 * dimensions;
  if (bytes.length < header) throw new DataError(`${file}: cut short within its header of ${header} bytes`);
  const shape = Array.from({ length: dimensions }, (_, i) => bytes.readUInt32BE(4 + 4 * i));
  const count = shape.reduce((product, size) => product * size, 1);
  const expected = header + count * format.size;
  if (bytes.length !== expected) {
    const fault = bytes.length < expected ? 'cut short' : 'too long';
    throw new DataError(
      `${file}: ${fault}; its header says ${shape.join(' × ')} values of type ${format.dtype}, ${expected} bytes in all; found ${bytes.length}`,
    );
  }
  return { shape, dtype: format.dtype, values: valuesOf(bytes.subarray(header), count, format) };
}

function valuesOf(bytes: Buffer, count: number, { dtype, size, empty, read }: Format): IdxValues {
  if (dtype === 'uint8') return Uint8Array.from(bytes);
  const values = empty(count);
  for (let i = 0; i < count; i++) values[i] = read(bytes, i * size);
  return values;
}

export interface IdxDatasetOptions {
  name?: string;
  /** File of the labels. Default: `…-labels-idx1-ubyte` beside `…-images-idx3-ubyte`, if it is there. */
  labels?: string;
  classNames?: string[];
}

/**
 * Images (bytes become [0, 1]) or vectors from an IDX file, and their labels.
 *
 * @throws {DataError} as {@link readIdx}, or when there are not as many labels as samples
 */
export async function readIdxDataset(file: string, options: IdxDatasetOptions = {}): Promise<Dataset> {
  const { shape, values } = await readIdx(file);
  if (shape.length === 1) {
    throw new DataError(
      `${file}: it holds one number a sample, labels rather than data; expected images or vectors (idx3 or idx2)`,
    );
  }
  const labelFile = options.labels ?? labelsBeside(file);
  const labels = labelFile === undefined ? null : await readLabels(labelFile, shape[0]!, file);
  const classNames = options.classNames ?? [];
  return new Dataset({ ...shaped(options.name ?? file, values, shape), labels, classNames });
}

async function readLabels(file: string, samples: number, dataFile: string): Promise<Int32Array> {
  const { shape, values } = await readIdx(file);
  if (shape.length === 1 && shape[0] === samples) return Int32Array.from(values);
  throw new DataError(`${file}: found labels of shape [${shape.join(', ')}] for the ${samples} samples of ${dataFile}`);
}

/** The file of labels that belongs to a file of images by its name, if it is there. */
export function labelsBeside(file: string): string | undefined {
  const labels = file.replace(/images([-.])idx3/, 'labels$1idx1');
  return labels !== file && existsSync(labels) ? labels : undefined;
}
