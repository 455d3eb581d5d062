/** Tensors of a safetensors file as streams of samples: https://github.com/huggingface/safetensors#format */
import type { SampleStream } from '../../samples';
import { DataError } from '../checkData';
import { headerLength, LENGTH_BYTES, SafetensorsError, tensorEntries } from '../safetensorsHeader';
import type { TensorEntry } from '../safetensorsHeader';
import type { ArrayKind } from '../convert';
import { archiveStream } from './archive';
import { ByteReader, fileSource, sourceBetween, type ByteSource } from './byteReader';
import { safetensorsType } from './elements';
import type { OtherArray } from './npyHeader';
import type { StoredArray } from './storedArray';

/** Options of {@link streamSafetensors}. */
export interface SafetensorsOptions {
  /** Name of the tensor of samples. Default: the only one of two or more axes. */
  tensor?: string;
  /** Name of the tensor of classes. Default: `labels`, `label`, `targets`, `target` or `y`, where there is one. */
  labels?: string;
  classNames?: string[];
  /** What a sample of more than one axis is; default: an image. `sequence`: [n, steps, features]. */
  as?: ArrayKind;
  name?: string;
}

/**
 * Samples of one tensor [n, d], [n, height, width], [n, height, width, channels] or [n, steps, features] of real numbers.
 *
 * @throws {DataError} when it is missing, no safetensors file, cut short, or it is unclear which tensor is meant
 */
export async function streamSafetensors(
  file: string,
  { tensor, ...options }: SafetensorsOptions = {},
): Promise<SampleStream> {
  const arrays = await safetensorsArrays(file);
  return archiveStream(file, arrays, { ...options, array: tensor }, { one: 'tensor', option: 'tensor' });
}

/** The tensors of a file by their names. */
export async function safetensorsArrays(file: string): Promise<Map<string, StoredArray | OtherArray>> {
  const source = await fileSource(file);
  const { entries, dataStart } = await headerOf(file, source);
  const arrays = new Map<string, StoredArray | OtherArray>();
  for (const [name, entry] of entries) arrays.set(name, arrayOf(`${file}: ${name}`, entry, dataStart, source));
  return arrays;
}

function arrayOf(
  name: string,
  { dtype, shape, data_offsets: [begin, end] }: TensorEntry,
  dataStart: number,
  file: ByteSource,
): StoredArray | OtherArray {
  const source = sourceBetween(dataStart + begin, dataStart + end, file);
  const type = safetensorsType(dtype);
  if (!type) return { name, shape, holds: `numbers of type ${dtype}`, code: dtype, source };
  return { name, shape, type, littleEndian: true, source };
}

async function headerOf(
  file: string,
  source: ByteSource,
): Promise<{ entries: Map<string, TensorEntry>; dataStart: number }> {
  const reader = new ByteReader(file, source.bytes());
  try {
    const length = headerLength(await reader.upTo(LENGTH_BYTES), source.size);
    const header = await reader.read(length, 'the header');
    const dataStart = LENGTH_BYTES + length;
    return { entries: tensorEntries(header, { available: source.size - dataStart, exact: source.exact }), dataStart };
  } catch (error) {
    if (error instanceof SafetensorsError)
      throw new DataError(`${file}: this is not a complete safetensors file; ${error.message}`);
    throw error;
  } finally {
    await reader.close();
  }
}
