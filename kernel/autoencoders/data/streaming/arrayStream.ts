/** Arrays in binary files as streams of samples: the first axis counts the samples. */
import type { SampleChunk, SampleShape, SampleStream } from '../../samples';
import { asStream } from '../../summaries/samples';
import { DataError } from '../checkData';
import { classesOf } from '../classes';
import { sampleShape, type ArrayKind } from '../convert';
import { warned } from '../notices';
import { ColumnFacts, planOf, type ColumnPlan } from '../tables/columnFacts';
import { ByteReader } from './byteReader';
import { columnMajorChunks } from './columnMajor';
import { numbersIn, type Numbers } from './elements';
import { checkSize, countOf, storedNumbers, type StoredArray } from './storedArray';

export interface ArrayOptions {
  /** Class of each sample, or null. */
  labels?: Int32Array | null;
  classNames?: string[];
  notices?: readonly string[];
  /** What a sample of more than one axis is; default: an image. */
  as?: ArrayKind;
  name?: string;
}

/** Bytes of a chunk of samples, as float32. */
const CHUNK_BYTES = 4 << 20;
/** What one sample can be: more numbers, or more names of them, would not fit beside each other. */
const MOST_PIXELS = 2 ** 27;
const MOST_FEATURES = 2 ** 22;

/** Samples of a chunk: as many as fit into a few MB, at least one. */
export function chunkLength(width: number): number {
  return Math.max(1, Math.floor(CHUNK_BYTES / (4 * width)));
}

/**
 * Samples from an array [n, d], [n, height, width], [n, height, width, channels], or [n, steps, features] where that is
 * told. Bytes of images become [0, 1], unless none is above 1: these are masks.
 *
 * @throws {DataError} when the array has another shape, holds no values, or is not as long as its file
 */
export async function arrayStream(array: StoredArray, options: ArrayOptions = {}): Promise<SampleStream> {
  const { name, shape } = array;
  const { labels = null } = options;
  checkSize(array);
  const length = shape[0] ?? 0;
  const width = countOf(shape.slice(1));
  const drawn = shapeOf(array, width, options.as);
  if (labels && labels.length !== length) {
    throw new DataError(`${name}: found ${labels.length} labels for ${length} samples`);
  }
  const full = drawn.kind === 'image' && array.type.byte && (await hasAbove(array, 1)) ? 255 : 1;
  const { offsets, notices } = await planFor(array, drawn, options.name ?? name);
  return asStream({
    name: options.name ?? name,
    shape: drawn,
    length,
    width,
    classNames: options.classNames,
    notices: warned([...(options.notices ?? []), ...notices]),
    chunks: ({ passing = false } = {}) => chunksOf(array, { width, full, offsets, labels, passing }),
  });
}

function shapeOf({ name, shape }: StoredArray, width: number, as?: ArrayKind): SampleShape {
  if (shape.length >= 2 && countOf(shape) === 0) {
    throw new DataError(`${name}: the shape [${shape.join(', ')}] holds no values`);
  }
  const most = shape.length === 2 ? MOST_FEATURES : MOST_PIXELS;
  if (shape.length >= 2 && width > most) {
    throw new DataError(
      `${name}: one sample of the shape [${shape.join(', ')}] has ${width} values; expected at most ${most}, with the samples along the first axis`,
    );
  }
  return sampleShape(name, shape, as);
}

/** The classes that an array [n], [n, 1] or one-hot [n, k] holds. */
export async function storedClasses(
  array: StoredArray,
  { samples, classNames }: { samples: number; classNames?: string[] },
): Promise<{ labels: Int32Array; classNames: string[]; notices: string[] }> {
  const { name, shape, columnMajor } = array;
  const [length = 0, classes = 1] = shape;
  if (shape.length === 0 || shape.length > 2 || length !== samples) {
    throw new DataError(`${name}: found labels of shape [${shape.join(', ')}] for the ${samples} samples`);
  }
  const numbers = await storedNumbers(array);
  if (classes === 1) return classesOf(name, numbers, { samples, classNames });
  const at = (row: number, column: number) => numbers[columnMajor ? column * length + row : row * classes + column]!;
  const rows = Array.from({ length }, (_, row) => Array.from({ length: classes }, (_, column) => at(row, column)));
  return classesOf(name, rows, { samples, classNames });
}

/** Whether a number of the array is above `limit`; reads no further than the first. */
async function hasAbove(array: StoredArray, limit: number): Promise<boolean> {
  for await (const numbers of piecesOf(array, countOf(array.shape), CHUNK_BYTES, true)) {
    if (numbers.some((number) => number > limit)) return true;
  }
  return false;
}

/** Whether float32 holds the numbers of each feature, and what is subtracted where it does not; reads them all for that. */
async function planFor(array: StoredArray, drawn: SampleShape, name: string): Promise<ColumnPlan> {
  const { type, shape } = array;
  if (drawn.kind !== 'vector' || type.size < 4 || type.code === 'f4') return { offsets: null, notices: [] };
  const width = drawn.features.length;
  const facts = new ColumnFacts(width);
  for await (const numbers of rowsOf(array, width, true)) {
    for (let i = 0; i < numbers.length; i++) facts.see(numbers[i]!, i % width);
  }
  return planOf(name, drawn.features, facts, countOf(shape));
}

interface Reading {
  width: number;
  full: number;
  offsets: Float64Array | null;
  labels: Int32Array | null;
  /** Whether each chunk is read over by the next. */
  passing: boolean;
}

async function* chunksOf(array: StoredArray, reading: Reading): AsyncGenerator<SampleChunk> {
  const { width, full, offsets, labels, passing } = reading;
  let room = new Float32Array(0);
  let start = 0;
  for await (const numbers of rowsOf(array, width, passing)) {
    if (!passing || room.length !== numbers.length) room = valuesFor(numbers, offsets);
    const values = numbers instanceof Float32Array && !offsets ? numbers : room;
    if (offsets) for (let i = 0; i < values.length; i++) values[i] = numbers[i]! - offsets[i % width]!;
    else if (values !== numbers) values.set(numbers);
    if (full !== 1) for (let i = 0; i < values.length; i++) values[i]! /= full;
    const end = start + values.length / width;
    yield { values, labels: labels && labels.slice(start, end) };
    start = end;
  }
}

/** Where float32 of these numbers go; nowhere when they are that. */
function valuesFor(numbers: Numbers, offsets: Float64Array | null): Float32Array<ArrayBuffer> {
  return new Float32Array(numbers instanceof Float32Array && !offsets ? 0 : numbers.length);
}

/** The numbers sample by sample, some samples at a time. */
function rowsOf(array: StoredArray, width: number, passing: boolean): AsyncGenerator<Numbers> {
  const rows = chunkLength(width);
  return array.columnMajor
    ? columnMajorChunks(array, rows)
    : piecesOf(array, countOf(array.shape), rows * width, passing);
}

/** The numbers of the array in the order of the file, `most` at a time; checks that the file ends with them. */
async function* piecesOf(array: StoredArray, count: number, most: number, passing: boolean): AsyncGenerator<Numbers> {
  const { name, type, littleEndian, source } = array;
  const reader = new ByteReader(source.file, source.bytes());
  let room: ArrayBuffer | undefined;
  try {
    for (let start = 0; start < count; start += most) {
      const end = Math.min(count, start + most);
      const size = (end - start) * type.size;
      if (!passing || room?.byteLength !== size) room = new ArrayBuffer(size);
      const bytes = await reader.readOwn(size, `${name}, values ${start} to ${end - 1}`, room);
      // Before the last are given, since whoever has them all asks no more.
      if (end === count) await reader.end();
      yield numbersIn(bytes, type, littleEndian);
    }
  } finally {
    await reader.close();
  }
}
