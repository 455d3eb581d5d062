/** NumPy's arrays of text, which classes may be. */
import { DataError } from '../checkData';
import { ByteReader } from './byteReader';
import type { OtherArray } from './npyHeader';

/** Bytes of the whole array at most. */
const MOST = 2 ** 28;

/**
 * The texts of an array of type `U` (UTF-32, padded by zeros) or `S` (bytes).
 *
 * @param descr the byte order is not kept apart: it shows, since no character is above U+10FFFF
 * @throws {DataError} when it is cut short, or too large for names
 */
export async function npyTexts({ name, shape, code, source }: OtherArray): Promise<string[]> {
  const [, kind, digits] = /^([US])(\d{1,9})$/.exec(code) ?? [];
  const length = Number(digits);
  const size = kind === 'U' ? 4 * length : length;
  const count = shape.reduce((product, axis) => product * axis, 1);
  if (!kind || count * size > Math.min(MOST, source.size)) {
    throw new DataError(`${name}: cut short, or no text; its header says ${count} texts of type ${code}`);
  }
  const reader = new ByteReader(source.file, source.bytes());
  try {
    const bytes = await reader.read(count * size, name);
    await reader.end();
    return Array.from({ length: count }, (_, i) => textIn(name, bytes.subarray(i * size, (i + 1) * size), kind));
  } finally {
    await reader.close();
  }
}

function textIn(name: string, bytes: Buffer, kind: string): string {
  if (kind === 'S') return bytes.toString('latin1').replace(/\0+$/, '');
  let text = '';
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const little = bytes.readUInt32LE(at);
    const point = little > 0x10ffff ? bytes.readUInt32BE(at) : little;
    if (point > 0x10ffff) throw new DataError(`${name}: found a character ${point}; the file is damaged`);
    text += String.fromCodePoint(point);
  }
  return text.replace(/\0+$/, '');
}
