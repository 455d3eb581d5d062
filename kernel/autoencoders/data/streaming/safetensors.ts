/** Tensors of a safetensors file as streams of samples: https://github.com/huggingface/safetensors#format */
import { createReadStream } from 'node:fs';
import { z } from 'zod';
import type { SampleStream } from '../../samples';
import { DataError } from '../../training/checkData';
import { arrayStream, storedNumbers } from './arrayStream';
import type { StoredArray } from './arrayStream';
import { ByteReader, fileBytes } from './byteReader';
import { safetensorsType } from './elements';

export interface SafetensorsOptions {
  /** Name of the tensor of samples. Default: the only one of two or more axes. */
  tensor?: string;
  /** Name of the tensor of classes. Default: `labels`, where there is one. */
  labels?: string;
  classNames?: string[];
  name?: string;
}

const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(z.int().min(0)),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});
type Entries = Record<string, z.infer<typeof entrySchema>>;

/** Against headers made to exhaust memory, as the reference reader has it. */
const MAX_HEADER = 100_000_000;

/**
 * Samples of one tensor [n, d], [n, height, width] or [n, height, width, 1 | 3] of real numbers.
 *
 * @throws {DataError} when it is missing, no safetensors file, cut short, or the tensor cannot be told
 */
export async function streamSafetensors(file: string, options: SafetensorsOptions = {}): Promise<SampleStream> {
  const { entries, dataStart } = await headerOf(file);
  const listed = Object.entries(entries).map(([name, { shape }]) => `${name} [${shape.join(', ')}]`);
  const candidates = Object.keys(entries).filter((name) => entries[name]!.shape.length >= 2);
  const chosen = options.tensor ?? (candidates.length === 1 ? candidates[0]! : undefined);
  if (chosen === undefined) {
    throw new DataError(
      `${file}: expected one tensor of samples, [n, d] or [n, height, width]; its tensors are ${listed.join(', ') || 'none'}. Name one: { tensor: '…' }`,
    );
  }
  const stored = (name: string) => storedTensor(file, name, entries, dataStart, listed);
  const labelName = options.labels ?? ('labels' in entries ? 'labels' : undefined);
  const labels = labelName === undefined ? null : Int32Array.from(await storedNumbers(stored(labelName)));
  return arrayStream(stored(chosen), labels, { ...options, name: options.name ?? file });
}

function storedTensor(
  file: string,
  tensor: string,
  entries: Entries,
  dataStart: number,
  listed: string[],
): StoredArray {
  const entry = entries[tensor];
  if (!entry) throw new DataError(`${file} has no tensor “${tensor}”; its tensors are ${listed.join(', ')}`);
  const { dtype, shape, data_offsets: offsets } = entry;
  const name = `${file}: ${tensor}`;
  const type = safetensorsType(dtype);
  if (!type) throw new DataError(`${name}: found values of type ${dtype}; expected real numbers`);
  const size = shape.reduce((product, length) => product * length, type.size);
  if (offsets[1] - offsets[0] !== size) {
    throw new DataError(
      `${name}: shape [${shape.join(', ')}] of ${dtype} wants ${size} bytes; found ${offsets[1] - offsets[0]}`,
    );
  }
  const [start, end] = [dataStart + offsets[0], dataStart + offsets[1]];
  // The end of a read range counts.
  const bytes = () => createReadStream(file, { start, end: end - 1, highWaterMark: 1 << 20 });
  return { file, name, shape, type, littleEndian: true, bytes };
}

async function headerOf(file: string): Promise<{ entries: Entries; dataStart: number }> {
  const reader = new ByteReader(file, fileBytes(file));
  try {
    const length = (await reader.read(8, 'the length of the header')).readBigUInt64LE();
    if (length > MAX_HEADER)
      throw new DataError(`${file}: this is no safetensors file; its header would be ${length} bytes long`);
    const text = (await reader.read(Number(length), 'the header')).toString('utf8');
    return { entries: entriesOf(file, text), dataStart: 8 + Number(length) };
  } finally {
    await reader.close();
  }
}

function entriesOf(file: string, text: string): Entries {
  try {
    const header = z.record(z.string(), z.unknown()).parse(JSON.parse(text));
    const tensors = Object.entries(header).filter(([name]) => name !== '__metadata__');
    return Object.fromEntries(tensors.map(([name, entry]) => [name, entrySchema.parse(entry)]));
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof z.ZodError)) throw error;
    throw new DataError(`${file}: its header is not that of a safetensors file`);
  }
}
