/** The header of NumPy's .npy: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */
import { DataError } from '../checkData';
import { ByteReader, sourceBehind, type ByteSource } from './byteReader';
import { numpyType } from './elements';
import type { StoredArray } from './storedArray';

/** An array of no real numbers, left where it is. */
export interface OtherArray {
  name: string;
  shape: number[];
  /** `text`, `objects`, … */
  holds: string;
  /** NumPy's code of its type, where it has one. */
  code: string;
  /** Its bytes. */
  source: ByteSource;
}

const MAGIC = '\u0093NUMPY';
/** NumPy's own headers have a hundred bytes or so, those of records a few thousand. */
const MOST_HEADER = 1 << 20;

const KINDS: [RegExp, string][] = [
  [/^O/, 'Python objects'],
  [/^[SUa]/, 'text'],
  [/^c/, 'complex numbers'],
  [/^[mM]/, 'dates or times'],
  [/^[vV]/, 'raw bytes'],
];

/**
 * What the header says of the array, and the bytes behind it.
 *
 * @throws {DataError} when it is no .npy file, or its header is damaged
 */
export async function npyArray(name: string, source: ByteSource): Promise<StoredArray | OtherArray> {
  const reader = new ByteReader(source.file, source.bytes());
  try {
    const { header, start } = await headerIn(reader, name);
    const shape = shapeIn(header, name);
    const order = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(header)?.[1];
    if (order === undefined) throw damaged(name, header);
    const behind = sourceBehind(start, source);
    if (/['"]descr['"]\s*:\s*[[(]/.test(header)) {
      return { name, shape, holds: 'records of several fields', code: '', source: behind };
    }
    const descr = /['"]descr['"]\s*:\s*(['"])([<>|=]?)(\w+)(\[[^\]]*\])?\1/.exec(header);
    if (!descr) throw damaged(name, header);
    const [, , byteOrder, code = ''] = descr;
    const type = descr[4] ? undefined : numpyType(code);
    if (!type) return { name, shape, holds: kindOf(code), code, source: behind };
    const columnMajor = order === 'True' && shape.length > 1;
    return { name, shape, type, littleEndian: byteOrder !== '>', columnMajor, source: behind };
  } finally {
    await reader.close();
  }
}

/** @throws {DataError} when it holds no real numbers */
export function realNumbers(array: StoredArray | OtherArray): StoredArray {
  if ('type' in array) return array;
  const code = array.code && ` (type ${array.code})`;
  throw new DataError(`${array.name}: found ${array.holds}${code}; expected real numbers`);
}

function kindOf(code: string): string {
  return KINDS.find(([pattern]) => pattern.test(code))?.[1] ?? 'values of another kind';
}

async function headerIn(reader: ByteReader, name: string): Promise<{ header: string; start: number }> {
  const lead = await reader.upTo(8);
  if (lead.toString('latin1', 0, 6) !== MAGIC) {
    throw new DataError(`${name}: this is not an .npy file; it starts with ${shown(lead)}, expected \\x93NUMPY`);
  }
  const version = lead[6] ?? 0;
  if (version < 1 || version > 3)
    throw new DataError(`${name}: it is a .npy file of version ${version}; LatentLab reads 1 to 3`);
  const size = await reader.read(version === 1 ? 2 : 4, 'the length of the header');
  const length = version === 1 ? size.readUInt16LE() : size.readUInt32LE();
  if (length > MOST_HEADER) {
    throw new DataError(`${name}: its header would be ${length} bytes long; the file is damaged, or no .npy file`);
  }
  const header = await reader.read(length, 'the header');
  return { header: header.toString(version === 3 ? 'utf8' : 'latin1'), start: 8 + size.length + length };
}

/** Python 2 wrote `(3L, 4L)`. */
function shapeIn(header: string, name: string): number[] {
  const text = /['"]shape['"]\s*:\s*\(([^()]*)\)/.exec(header)?.[1];
  const sizes = text?.replace(/,\s*$/, '').split(',') ?? ['?'];
  if (sizes.length === 1 && sizes[0]!.trim() === '' && text?.trim() === '') return [];
  return sizes.map((size) => {
    const digits = /^\s*(\d{1,19})[lL]?\s*$/.exec(size)?.[1];
    if (digits === undefined) throw damaged(name, header);
    return Number(digits);
  });
}

function damaged(name: string, header: string): DataError {
  const text = header.trim();
  return new DataError(
    `${name}: the header of this .npy file is damaged: ${text.slice(0, 120).replace(/[^ -~]/g, '?')}${text.length > 120 ? '…' : ''}`,
  );
}

function shown(bytes: Buffer): string {
  return bytes.length === 0 ? 'nothing' : `“${bytes.toString('latin1').replace(/[^ -~]/g, '?')}”`;
}
