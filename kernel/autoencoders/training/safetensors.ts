/**
 * The safetensors format for float32 and int32 tensors: https://github.com/huggingface/safetensors#format
 *
 * 8 bytes: length N of the header, unsigned, little-endian; N bytes: the header, JSON that maps each tensor's name to
 * its dtype, shape and [begin, end) in the data; then the data, little-endian, row by row, without gaps.
 */
import { z } from 'zod';

export interface HostTensor {
  values: Float32Array | Int32Array;
  shape: number[];
}

const LENGTH_BYTES = 8;
/** The limit that the reference reader sets, against headers made to exhaust memory. */
const MAX_HEADER = 100_000_000;

const count = z.int().min(0);
const entrySchema = z.strictObject({ dtype: z.string(), shape: z.array(count), data_offsets: z.tuple([count, count]) });
const headerSchema = z.record(z.string(), z.unknown());

export function encodeSafetensors(tensors: Readonly<Record<string, HostTensor>>): Uint8Array {
  const header: Record<string, z.infer<typeof entrySchema>> = {};
  let end = 0;
  for (const [name, { values, shape }] of Object.entries(tensors)) {
    header[name] = {
      dtype: values instanceof Int32Array ? 'I32' : 'F32',
      shape,
      data_offsets: [end, end + values.byteLength],
    };
    end += values.byteLength;
  }
  const json = Buffer.from(JSON.stringify(header));
  // Padded with blanks, as the format allows, so that the data are aligned.
  const headerLength = Math.ceil(json.length / 8) * 8;
  const file = Buffer.alloc(LENGTH_BYTES + headerLength + end, ' ');
  file.writeBigUInt64LE(BigInt(headerLength), 0);
  json.copy(file, LENGTH_BYTES);
  let offset = LENGTH_BYTES + headerLength;
  for (const { values } of Object.values(tensors)) {
    if (values instanceof Int32Array) for (const value of values) offset = file.writeInt32LE(value, offset);
    else for (const value of values) offset = file.writeFloatLE(value, offset);
  }
  return file;
}

/** @throws {SafetensorsError} when the bytes are not a whole safetensors file of float32 and int32 tensors */
export function decodeSafetensors(bytes: Uint8Array): Record<string, HostTensor> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { header, dataStart } = readHeader(file);
  const tensors: Record<string, HostTensor> = {};
  const spans: [number, number][] = [];
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const { dtype, shape, data_offsets } = checkedEntry(name, entry);
    const [begin, end] = data_offsets;
    const size = shape.reduce((product, length) => product * length, 1);
    if (dtype !== 'F32' && dtype !== 'I32') {
      throw new SafetensorsError(`tensor ${name} has dtype ${dtype}; only F32 and I32 are read`);
    }
    if (end - begin !== 4 * size) {
      throw new SafetensorsError(`tensor ${name} of shape [${shape.join(', ')}] has ${end - begin} bytes`);
    }
    const available = file.length - dataStart;
    if (end > available) {
      throw new SafetensorsError(
        `it is cut off: tensor ${name} ends at byte ${end} of the data, which have ${available}`,
      );
    }
    spans.push([begin, end]);
    const start = dataStart + begin;
    tensors[name] = {
      values: dtype === 'I32' ? readIntegers(file, start, size) : readFloats(file, start, size),
      shape,
    };
  }
  checkNoGaps(spans, file.length - dataStart);
  return tensors;
}

export class SafetensorsError extends Error {
  override readonly name = 'SafetensorsError';
}

function readHeader(file: Buffer): { header: Record<string, unknown>; dataStart: number } {
  if (file.length < LENGTH_BYTES) throw new SafetensorsError(`it is cut off: ${file.length} bytes`);
  const length = file.readBigUInt64LE(0);
  if (length > MAX_HEADER)
    throw new SafetensorsError(`its header would be ${length} bytes long: not a safetensors file`);
  const dataStart = LENGTH_BYTES + Number(length);
  if (dataStart > file.length) {
    throw new SafetensorsError(`it is cut off: the header ends at byte ${dataStart}, the file at ${file.length}`);
  }
  const text = file.toString('utf8', LENGTH_BYTES, dataStart);
  try {
    return { header: headerSchema.parse(JSON.parse(text)), dataStart };
  } catch (error) {
    throw new SafetensorsError('its header is not a JSON object', { cause: error });
  }
}

function checkedEntry(name: string, entry: unknown): z.infer<typeof entrySchema> {
  const result = entrySchema.safeParse(entry);
  if (!result.success) throw new SafetensorsError(`the header's entry for ${name} lacks dtype, shape or data_offsets`);
  return result.data;
}

function readFloats(file: Buffer, start: number, length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => file.readFloatLE(start + 4 * i));
}

function readIntegers(file: Buffer, start: number, length: number): Int32Array {
  return Int32Array.from({ length }, (_, i) => file.readInt32LE(start + 4 * i));
}

/** The format wants every byte of the data to belong to exactly one tensor. */
function checkNoGaps(spans: [number, number][], length: number): void {
  let covered = 0;
  for (const [begin, end] of spans.sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    if (begin !== covered) throw new SafetensorsError(`bytes ${covered} to ${begin} of the data are not one tensor's`);
    covered = end;
  }
  if (covered !== length) throw new SafetensorsError(`${length - covered} bytes follow the last tensor`);
}
