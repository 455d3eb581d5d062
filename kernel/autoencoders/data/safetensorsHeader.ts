/**
 * The header of the safetensors format: https://github.com/huggingface/safetensors#format
 *
 * 8 bytes: length N of the header, unsigned, little-endian; N bytes: the header, JSON that maps each tensor's name to
 * its dtype, shape and [begin, end) in the data; then the data, little-endian, row by row, without gaps.
 */
import { z } from 'zod';

export const LENGTH_BYTES = 8;
/** The limit that the reference reader sets, against headers made to exhaust memory. */
const MAX_HEADER = 100_000_000;

const count = z.int().min(0);
const entrySchema = z.strictObject({ dtype: z.string(), shape: z.array(count), data_offsets: z.tuple([count, count]) });
export type TensorEntry = z.infer<typeof entrySchema>;

/** Bits of a number. */
const BITS = new Map([
  ...['BOOL', 'U8', 'I8', 'F8_E5M2', 'F8_E4M3', 'F8_E8M0'].map((dtype) => [dtype, 8] as const),
  ...['U16', 'I16', 'F16', 'BF16'].map((dtype) => [dtype, 16] as const),
  ...['U32', 'I32', 'F32'].map((dtype) => [dtype, 32] as const),
  ...['U64', 'I64', 'F64', 'C64'].map((dtype) => [dtype, 64] as const),
]);

export class SafetensorsError extends Error {
  override readonly name = 'SafetensorsError';
}

/**
 * @param start the first 8 bytes of the file
 * @param fileLength bytes of the file, or a bound
 * @returns bytes of the header
 * @throws {SafetensorsError} when they are none, or more than there are
 */
export function headerLength(start: Buffer, fileLength: number): number {
  if (start.length < LENGTH_BYTES) throw new SafetensorsError(`it is cut off: ${start.length} bytes`);
  const length = start.readBigUInt64LE(0);
  if (length > MAX_HEADER) {
    throw new SafetensorsError(`its header would be ${length} bytes long: not a safetensors file`);
  }
  const end = LENGTH_BYTES + Number(length);
  if (end > fileLength)
    throw new SafetensorsError(`it is cut off: the header ends at byte ${end}, the file at ${fileLength}`);
  return Number(length);
}

/**
 * The entries of a header, checked against each other and the length of the data.
 *
 * @param available bytes of the data; a bound, where they are not known exactly
 * @throws {SafetensorsError} when it is no header, a tensor is not as long as its shape says, or bytes of the data are
 *   no tensor's or more than one's
 */
export function tensorEntries(
  header: Buffer,
  { available, exact = true }: { available: number; exact?: boolean },
): Map<string, TensorEntry> {
  const entries = new Map<string, TensorEntry>();
  for (const [name, entry] of Object.entries(jsonObject(header))) {
    if (name !== '__metadata__') entries.set(name, checkedEntry(name, entry, available));
  }
  checkNoGaps([...entries.values()], exact ? available : undefined);
  return entries;
}

function jsonObject(header: Buffer): object {
  let json: unknown;
  try {
    json = JSON.parse(header.toString('utf8'));
  } catch (error) {
    throw new SafetensorsError('its header is not a JSON object', { cause: error });
  }
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json;
  throw new SafetensorsError('its header is not a JSON object');
}

function checkedEntry(name: string, entry: unknown, available: number): TensorEntry {
  const result = entrySchema.safeParse(entry);
  if (!result.success) throw new SafetensorsError(`the header's entry for ${name} lacks dtype, shape or data_offsets`);
  const { dtype, shape, data_offsets } = result.data;
  const [begin, end] = data_offsets;
  if (end > available) {
    throw new SafetensorsError(
      `it is cut off: tensor ${name} ends at byte ${end} of the data, which have ${available}`,
    );
  }
  const bits = BITS.get(dtype);
  const size = shape.reduce((product, length) => product * length, 1);
  if (end < begin || (bits !== undefined && end - begin !== (bits / 8) * size)) {
    throw new SafetensorsError(`tensor ${name} of shape [${shape.join(', ')}] has ${end - begin} bytes`);
  }
  return result.data;
}

/** The format wants every byte of the data to belong to exactly one tensor. */
function checkNoGaps(entries: TensorEntry[], length: number | undefined): void {
  const spans = entries.map(({ data_offsets }) => data_offsets).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let covered = 0;
  for (const [begin, end] of spans) {
    if (begin !== covered) throw new SafetensorsError(`bytes ${covered} to ${begin} of the data are not one tensor's`);
    covered = end;
  }
  if (length !== undefined && covered !== length)
    throw new SafetensorsError(`${length - covered} bytes follow the last tensor`);
}
