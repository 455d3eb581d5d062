import { endianness } from 'node:os';
import { inflateSync } from 'node:zlib';
import { fromCodes, runningSums, toCodes } from './codes';
import { pngFile } from './pictures/pngFile';
import { readPngRows } from './pictures/pngRows';
import type { EncodedArray } from './types';

const CONSTRUCTORS = {
  ...{ float32: Float32Array, uint8: Uint8Array, int32: Int32Array, uint16: Uint16Array },
} as const;

/** What is read of each; codes are read as what they stand for. */
type Decoded = { float32: Float32Array; uint8: Uint8Array; int32: Int32Array; uint16: Float32Array };
export type DType = keyof Decoded;

/**
 * Packs numbers into the JSON form of a typed array: little-endian bytes in base64, row-major.
 *
 * @param dtype  element type; numbers are converted as by `TypedArray.from` (no rounding, no clamping for uint8)
 * @param values as many numbers as `shape` holds
 * @throws RangeError when the count and the shape disagree
 */
export function encode(dtype: DType, values: ArrayLike<number>, shape: number[] = [values.length]): EncodedArray {
  const size = shape.reduce((product, length) => product * length, 1);
  if (size !== values.length) {
    throw new RangeError(
      `${values.length} values do not fill an array of shape [${shape.join(', ')}] (${size} values)`,
    );
  }
  const Constructor = CONSTRUCTORS[dtype];
  const typed = values instanceof Constructor ? values : Constructor.from(values);
  return { dtype, shape, data: base64Of(typed) };
}

/**
 * Packs whole numbers from 0 that mostly are few, such as classes and places: in bytes where all of them fit, and many of
 * few kinds in less.
 */
export function encodeIndices(indices: ArrayLike<number>): EncodedArray {
  const values = Int32Array.from(indices);
  if (!values.every((value) => value >= 0 && value < 256)) return encode('int32', values);
  return packedIfSmaller(encode('uint8', values), () => pngFile(Uint8Array.from(values), values.length, 1, 1));
}

/** Packs ascending whole numbers from 0: how far each is from the one before it, in a byte or two where all are so near. */
export function encodeAscending(indices: readonly number[]): EncodedArray {
  const steps = indices.map((index, i) => index - (indices[i - 1] ?? 0));
  const farthest = steps.reduce((most, step) => Math.max(most, step), 0);
  if (farthest > 65_535) return encode('int32', indices);
  return { ...(farthest < 256 ? encodeIndices(steps) : encode('uint16', steps)), as: 'differences' };
}

function packedIfSmaller(plain: EncodedArray, pack: () => Buffer): EncodedArray {
  if (plain.data === '') return plain;
  const data = pack().toString('base64');
  return data.length < plain.data.length ? { ...plain, data, packing: 'png' } : plain;
}

function base64Of(typed: Float32Array | Uint8Array | Int32Array | Uint16Array): string {
  const bytes = Buffer.from(typed.buffer, typed.byteOffset, typed.byteLength);
  return littleEndian(bytes, typed.BYTES_PER_ELEMENT).toString('base64');
}

/**
 * Packs numbers as 16-bit codes, a scale for each column of the last axis: off by 1/131,068 of its range at most, in half
 * the bytes of float32. A few values far from the others stand beside the codes.
 */
export function encodeCodes(values: ArrayLike<number>, shape: number[]): EncodedArray {
  const { codes, scale } = toCodes(values, shape.at(-1) ?? 1);
  return { dtype: 'uint16', shape, data: base64Of(codes), scale };
}

/**
 * Packs images as a PNG file where that is smaller than their bytes.
 *
 * @param bytes [n, h, w, c]
 */
export function encodeImages(bytes: Uint8Array, shape: [n: number, h: number, w: number, c: number]): EncodedArray {
  const [n, height, width, channels] = shape;
  const known = channels === 1 || channels === 2 || channels === 3 || channels === 4;
  const file = () =>
    known ? pngFile(bytes, width, n * height, channels) : pngFile(bytes, width * channels, n * height, 1);
  return packedIfSmaller(encode('uint8', bytes, shape), file);
}

/** The inverse of {@link encode}: a typed array of its own memory. */
export function decode<T extends DType>(array: EncodedArray & { dtype: T }): Decoded[T];
export function decode(array: EncodedArray): Decoded[DType];
export function decode(array: EncodedArray): Decoded[DType] {
  const Constructor = CONSTRUCTORS[array.dtype];
  const packed = Buffer.from(array.data, 'base64');
  if (array.packing === 'png') {
    const rows = readPngRows(packed, inflateSync);
    return array.as ? runningSums(rows) : rows;
  }
  const bytes = littleEndian(packed, Constructor.BYTES_PER_ELEMENT);
  const copy = new Uint8Array(bytes);
  const typed = new Constructor(copy.buffer, 0, copy.byteLength / Constructor.BYTES_PER_ELEMENT);
  if (array.as) return runningSums(typed);
  if (!(typed instanceof Uint16Array)) return typed;
  return array.scale ? fromCodes(typed, array.scale) : Float32Array.from(typed);
}

/** Bytes of this machine's order to or from little-endian ones (the same operation both ways). */
function littleEndian(bytes: Buffer, width: number): Buffer {
  if (endianness() === 'LE' || width === 1) return bytes;
  return width === 2 ? Buffer.from(bytes).swap16() : Buffer.from(bytes).swap32();
}

/** Grey levels or colours from [0, 1] to 0…255, rounded and clamped; what is not a number becomes 0. */
export function toBytes(values: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    bytes[i] = value > 0 ? Math.min(255, Math.round(value * 255)) : 0;
  }
  return bytes;
}
