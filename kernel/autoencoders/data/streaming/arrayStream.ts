/** Arrays in binary files as streams of samples: the first axis counts the samples. */
import type { SampleChunk, SampleStream } from '../../samples';
import { DataError } from '../../training/checkData';
import { sampleShape } from '../convert';
import { ByteReader } from './byteReader';
import type { ElementType } from './elements';

/** An array of numbers, row by row (C order), and how its bytes are opened. */
export interface StoredArray {
  file: string;
  /** What messages call the array, `file: images` for example. */
  name: string;
  shape: number[];
  type: ElementType;
  littleEndian: boolean;
  /** The bytes from the array's first on. */
  bytes(): AsyncIterable<Uint8Array>;
}

/** Bytes of a chunk of samples, as float32. */
const CHUNK_BYTES = 4 << 20;

/** Samples of a chunk: as many as fit into a few MB, at least one. */
export function chunkLength(width: number): number {
  return Math.max(1, Math.floor(CHUNK_BYTES / (4 * width)));
}

/**
 * Samples from an array [n, d], [n, height, width] or [n, height, width, 1 | 3]; bytes of images become [0, 1].
 *
 * @param labels class of each sample, or null
 */
export function arrayStream(
  array: StoredArray,
  labels: Int32Array | null,
  options: { name?: string; classNames?: string[] } = {},
): SampleStream {
  const { name, shape } = array;
  const drawn = sampleShape(name, shape);
  const length = shape[0]!;
  const width = shape.slice(1).reduce((product, size) => product * size, 1);
  if (length === 0 || width === 0) throw new DataError(`${name}: the shape [${shape.join(', ')}] holds no values`);
  if (labels && labels.length !== length) {
    throw new DataError(`${name}: found ${labels.length} labels for ${length} samples`);
  }
  const scale = array.type.byte && drawn.kind === 'image' ? 1 / 255 : 1;
  return {
    name: options.name ?? name,
    shape: drawn,
    length,
    width,
    classNames: options.classNames,
    chunks: () => chunksOf(array, { length, width, scale, labels }),
  };
}

/** All of an array's numbers, for small ones such as labels. */
export async function storedNumbers(array: StoredArray): Promise<Float64Array> {
  const count = array.shape.reduce((product, size) => product * size, 1);
  const reader = new ByteReader(array.file, array.bytes());
  try {
    return numbersOf(await reader.read(count * array.type.size, array.name), array, count, new Float64Array(count));
  } finally {
    await reader.close();
  }
}

async function* chunksOf(
  array: StoredArray,
  { length, width, scale, labels }: { length: number; width: number; scale: number; labels: Int32Array | null },
): AsyncGenerator<SampleChunk> {
  const reader = new ByteReader(array.file, array.bytes());
  const rows = chunkLength(width);
  try {
    for (let start = 0; start < length; start += rows) {
      const end = Math.min(length, start + rows);
      const count = (end - start) * width;
      const bytes = await reader.read(count * array.type.size, `${array.name}, samples ${start} to ${end - 1}`);
      const values = numbersOf(bytes, array, count, new Float32Array(count));
      if (scale !== 1) for (let i = 0; i < count; i++) values[i]! *= scale;
      yield { values, labels: labels && labels.slice(start, end) };
    }
  } finally {
    await reader.close();
  }
}

function numbersOf<A extends Float32Array | Float64Array>(bytes: Buffer, array: StoredArray, count: number, to: A): A {
  const { type, littleEndian } = array;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < count; i++) to[i] = type.read(view, i * type.size, littleEndian);
  return to;
}
