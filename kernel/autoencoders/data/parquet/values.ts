/** Values in pages of Parquet, as numbers in float64 or as text. */
import { deltaBinaryUnpack, deltaByteArray, deltaLengthByteArray } from 'hyparquet/src/delta.js';
import { byteStreamSplit } from 'hyparquet/src/encoding.js';
import type { SchemaElement } from 'hyparquet';
import { Damaged, unpacked, varInt } from './levels';

export interface Values {
  numbers: Float64Array | Float32Array | null;
  texts: string[] | null;
  /** Whether there are whole numbers that float64 does not hold. */
  huge: boolean;
}

/** What the values of a column are read as. */
export interface ValueKind {
  physical: NonNullable<SchemaElement['type']>;
  /** Bytes of a value of fixed length. */
  length: number;
  form: 'number' | 'unsigned' | 'half' | 'decimal' | 'instant' | 'text' | 'uuid';
  /** Numbers are divided by it. */
  divisor: number;
}

const TEXT = new Set(['UTF8', 'ENUM', 'JSON']);
const UNITS = { MILLIS: 1, MICROS: 1e3, NANOS: 1e6 };

/** undefined for values that are neither numbers nor text. */
export function kindOf(element: SchemaElement): ValueKind | undefined {
  const { type: physical, converted_type: converted, logical_type: logical } = element;
  if (!physical || converted === 'INTERVAL' || converted === 'BSON') return undefined;
  const kind = { physical, length: element.type_length ?? 0, divisor: 1 };
  const bytes = physical === 'BYTE_ARRAY' || physical === 'FIXED_LEN_BYTE_ARRAY';
  if (converted === 'DECIMAL' || logical?.type === 'DECIMAL') {
    return { ...kind, form: 'decimal', divisor: 10 ** (element.scale ?? 0) };
  }
  if (logical?.type === 'FLOAT16') return { ...kind, length: 2, form: 'half' };
  if (logical?.type === 'UUID') return { ...kind, length: 16, form: 'uuid' };
  if (bytes) {
    const plain = converted === undefined && logical === undefined;
    const text = TEXT.has(converted ?? '') || ['STRING', 'ENUM', 'JSON'].includes(logical?.type ?? '');
    return text || (plain && physical === 'BYTE_ARRAY') ? { ...kind, form: 'text' } : undefined;
  }
  if (physical === 'INT96') return { ...kind, form: 'instant', divisor: 1e6 };
  if (converted === 'TIMESTAMP_MILLIS') return { ...kind, form: 'instant' };
  if (converted === 'TIMESTAMP_MICROS') return { ...kind, form: 'instant', divisor: 1e3 };
  if (logical?.type === 'TIMESTAMP') return { ...kind, form: 'instant', divisor: UNITS[logical.unit] };
  const unsigned = converted?.startsWith('UINT') || (logical?.type === 'INTEGER' && !logical.isSigned);
  return { ...kind, form: unsigned ? 'unsigned' : 'number' };
}

/** @throws {Damaged} when the values are not among the bytes */
export function plainValues(kind: ValueKind, bytes: Buffer, count: number): Values {
  const { physical, form } = kind;
  const size = SIZES[physical] ?? kind.length;
  if (physical === 'BOOLEAN') {
    if (count > 8 * bytes.length) throw new Damaged('its values are cut short');
    return numbers(Float64Array.from({ length: count }, (_, i) => (bytes[i >> 3]! >> (i & 7)) & 1));
  }
  if (physical === 'BYTE_ARRAY') return fromBytes(kind, byteArrays(bytes, count));
  if (size <= 0 || count * size > bytes.length) throw new Damaged('its values are cut short');
  if (physical === 'FIXED_LEN_BYTE_ARRAY') {
    return fromBytes(
      kind,
      Array.from({ length: count }, (_, i) => bytes.subarray(i * size, (i + 1) * size)),
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (physical === 'FLOAT') return numbers(floats(bytes, count));
  if (physical === 'DOUBLE') return numbers(doubles(bytes, count));
  if (physical === 'INT64') return wide(view, count, kind);
  const values = new Float64Array(count);
  if (physical === 'INT96') for (let i = 0; i < count; i++) values[i] = nanoseconds(view, 12 * i);
  else if (form === 'unsigned') for (let i = 0; i < count; i++) values[i] = view.getUint32(4 * i, true);
  else for (let i = 0; i < count; i++) values[i] = view.getInt32(4 * i, true);
  return numbers(divided(values, kind.divisor));
}

/** @throws {Damaged} when they are not among the bytes, or of an encoding that is not known */
export function encodedValues(
  kind: ValueKind,
  encoding: string,
  bytes: Buffer,
  count: number,
  dictionary: Values | null,
): Values {
  if (count === 0) return { numbers: new Float64Array(0), texts: [], huge: false };
  if (encoding === 'PLAIN') return plainValues(kind, bytes, count);
  if (encoding === 'PLAIN_DICTIONARY' || encoding === 'RLE_DICTIONARY') return lookedUp(bytes, count, dictionary);
  if (encoding === 'RLE' && kind.physical === 'BOOLEAN') {
    return numbers(Float64Array.from(unpacked(bytes.subarray(4), 0, 1, count)));
  }
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
  if (encoding === 'BYTE_STREAM_SPLIT') {
    const size = SIZES[kind.physical] ?? kind.length;
    if (size <= 0 || count * size > bytes.length) throw new Damaged('its values are cut short');
    const split = byteStreamSplit(reader, count, kind.physical, kind.length);
    if (kind.physical === 'FIXED_LEN_BYTE_ARRAY') return fromBytes(kind, split as Uint8Array[]);
    const { buffer } = split as unknown as Float64Array<ArrayBuffer>;
    return plainValues(kind, Buffer.from(buffer), count);
  }
  if (encoding === 'DELTA_BINARY_PACKED') return fromDeltas(kind, bytes, reader, count);
  if (encoding === 'DELTA_LENGTH_BYTE_ARRAY' || encoding === 'DELTA_BYTE_ARRAY') {
    checkDeltas(bytes, 0, count);
    const arrays = new Array<Uint8Array>(count);
    if (encoding === 'DELTA_BYTE_ARRAY') deltaByteArray(reader, count, arrays);
    else deltaLengthByteArray(reader, count, arrays);
    return fromBytes(kind, arrays);
  }
  throw new Damaged(`it is encoded as ${encoding}, which LatentLab does not know`);
}

const SIZES: Partial<Record<ValueKind['physical'], number>> = { INT32: 4, INT64: 8, INT96: 12, FLOAT: 4, DOUBLE: 8 };

function numbers(values: Float64Array | Float32Array, huge = false): Values {
  return { numbers: values, texts: null, huge };
}

function divided(values: Float64Array, divisor: number): Float64Array {
  if (divisor !== 1) for (let i = 0; i < values.length; i++) values[i]! /= divisor;
  return values;
}

function floats({ buffer, byteOffset }: Buffer, count: number): Float32Array {
  if (byteOffset % 4 === 0) return new Float32Array(buffer, byteOffset, count);
  return new Float32Array(buffer.slice(byteOffset, byteOffset + 4 * count));
}

function doubles({ buffer, byteOffset }: Buffer, count: number): Float64Array {
  if (byteOffset % 8 === 0) return new Float64Array(buffer, byteOffset, count);
  return new Float64Array(buffer.slice(byteOffset, byteOffset + 8 * count));
}

/** Whole numbers of 64 bits. */
function wide(view: DataView, count: number, { form, divisor }: ValueKind): Values {
  const values = new Float64Array(count);
  let huge = false;
  for (let i = 0; i < count; i++) {
    const high = form === 'unsigned' ? view.getUint32(8 * i + 4, true) : view.getInt32(8 * i + 4, true);
    values[i] = high * 2 ** 32 + view.getUint32(8 * i, true);
    huge ||= high >= 2 ** 21 || high < -(2 ** 21);
  }
  return numbers(divided(values, divisor), huge && divisor === 1);
}

/** Nanoseconds since 1970 of a Julian day and the nanoseconds in it. */
function nanoseconds(view: DataView, at: number): number {
  return (view.getInt32(at + 8, true) - 2440588) * 86400e9 + Number(view.getBigUint64(at, true));
}

function byteArrays(bytes: Buffer, count: number): Uint8Array[] {
  if (4 * count > bytes.length) throw new Damaged('its values are cut short');
  const arrays = new Array<Uint8Array>(count);
  let at = 0;
  for (let i = 0; i < count; i++) {
    const length = at + 4 <= bytes.length ? bytes.readUInt32LE(at) : Infinity;
    if (at + 4 + length > bytes.length) throw new Damaged('its values are cut short');
    arrays[i] = bytes.subarray(at + 4, at + 4 + length);
    at += 4 + length;
  }
  return arrays;
}

function fromBytes({ form, divisor }: ValueKind, arrays: readonly Uint8Array[]): Values {
  if (form === 'half') return numbers(Float64Array.from(arrays, half));
  if (form === 'decimal') return numbers(divided(Float64Array.from(arrays, wholeNumber), divisor));
  const text = form === 'uuid' ? uuid : utf8;
  return { numbers: null, texts: arrays.map(text), huge: false };
}

function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

function uuid(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Two's complement, the highest byte first. */
function wholeNumber(bytes: Uint8Array): number {
  if (bytes.length === 0) return 0;
  const value = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  return Number(BigInt.asIntN(8 * bytes.length, value));
}

function half(bytes: Uint8Array): number {
  const bits = bytes[0]! | (bytes[1]! << 8);
  const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

function lookedUp(bytes: Buffer, count: number, dictionary: Values | null): Values {
  if (!dictionary) throw new Damaged('its dictionary is missing');
  const places = unpacked(bytes, 1, bytes[0] ?? 0, count);
  const { numbers: from, texts, huge } = dictionary;
  const size = (from ?? texts)!.length;
  for (let i = 0; i < count; i++) if (places[i]! >= size) throw new Damaged('an index is outside of its dictionary');
  if (texts) return { numbers: null, texts: Array.from(places, (place) => texts[place]!), huge };
  const values = from instanceof Float32Array ? new Float32Array(count) : new Float64Array(count);
  for (let i = 0; i < count; i++) values[i] = from![places[i]!]!;
  return numbers(values, huge);
}

function fromDeltas(kind: ValueKind, bytes: Buffer, reader: { view: DataView; offset: number }, count: number): Values {
  checkDeltas(bytes, 0, count);
  const unpack = kind.physical === 'INT32' ? new Int32Array(count) : new BigInt64Array(count);
  deltaBinaryUnpack(reader, count, unpack);
  return plainValues(kind, Buffer.from(unpack.buffer), count);
}

/** @throws {Damaged} when blocks would be of a size with which their reader does not come to an end */
function checkDeltas(bytes: Uint8Array, start: number, count: number): void {
  const block = varInt(bytes, start);
  const parts = varInt(bytes, block.next);
  const perPart = block.value / parts.value;
  if (!(block.value > 0 && parts.value > 0 && perPart >= 8 && perPart % 8 === 0 && block.value < 2 ** 31)) {
    throw new Damaged(`its deltas come in ${parts.value} parts of blocks of ${block.value}`);
  }
  // A part without bits repeats one difference: a byte stands for so many values at most.
  if (count > 1 + bytes.length * perPart) throw new Damaged('its deltas are cut short');
}
