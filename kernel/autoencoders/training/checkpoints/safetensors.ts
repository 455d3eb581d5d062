/** The safetensors format for float32 and int32 tensors; see `safetensorsHeader`. */
import {
  headerLength,
  LENGTH_BYTES,
  SafetensorsError,
  tensorEntries,
  type TensorEntry,
} from '../../data/safetensorsHeader';

export { SafetensorsError };

export interface HostTensor {
  values: Float32Array | Int32Array;
  shape: number[];
}

export function encodeSafetensors(tensors: Readonly<Record<string, HostTensor>>): Uint8Array {
  const header: Record<string, TensorEntry> = {};
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
  const padded = Math.ceil(json.length / 8) * 8;
  const file = Buffer.alloc(LENGTH_BYTES + padded + end, ' ');
  file.writeBigUInt64LE(BigInt(padded), 0);
  json.copy(file, LENGTH_BYTES);
  let offset = LENGTH_BYTES + padded;
  for (const { values } of Object.values(tensors)) {
    if (values instanceof Int32Array) for (const value of values) offset = file.writeInt32LE(value, offset);
    else for (const value of values) offset = file.writeFloatLE(value, offset);
  }
  return file;
}

/** @throws {SafetensorsError} when the bytes are not a whole safetensors file of float32 and int32 tensors */
export function decodeSafetensors(bytes: Uint8Array): Record<string, HostTensor> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const dataStart = LENGTH_BYTES + headerLength(file, file.length);
  const entries = tensorEntries(file.subarray(LENGTH_BYTES, dataStart), { available: file.length - dataStart });
  const tensors = [...entries].map(([name, { dtype, shape, data_offsets }]) => {
    if (dtype !== 'F32' && dtype !== 'I32') {
      throw new SafetensorsError(`tensor ${name} has dtype ${dtype}; only F32 and I32 are read`);
    }
    const [begin, end] = data_offsets;
    const [start, size] = [dataStart + begin, (end - begin) / 4];
    const values = dtype === 'I32' ? readIntegers(file, start, size) : readFloats(file, start, size);
    return [name, { values, shape }] as const;
  });
  return Object.fromEntries(tensors);
}

function readFloats(file: Buffer, start: number, length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => file.readFloatLE(start + 4 * i));
}

function readIntegers(file: Buffer, start: number, length: number): Int32Array {
  return Int32Array.from({ length }, (_, i) => file.readInt32LE(start + 4 * i));
}
