/** Whole numbers of few bits, as Parquet packs levels and places in dictionaries: runs of one value, or bits side by side. */

/** Thrown where the bytes cannot be what they say; the reader of a column adds file and column. */
export class Damaged extends Error {}

/** Wider numbers would be places in dictionaries of more than 16 million values. */
const WIDEST = 24;

/**
 * @param width bits of a value
 * @param count values to read
 * @throws {Damaged} when they are not among the bytes
 */
export function unpacked(bytes: Uint8Array, start: number, width: number, count: number): Int32Array {
  if (width > WIDEST) throw new Damaged(`it packs numbers of ${width} bits`);
  const values = new Int32Array(count);
  let at = start;
  let done = 0;
  while (done < count) {
    // A header takes a byte or more, so that this comes to an end whatever the bytes say.
    const header = varInt(bytes, at);
    at = header.next;
    if (header.value % 2 === 0) {
      const size = Math.ceil(width / 8);
      if (at + size > bytes.length) throw new Damaged('a run is cut short');
      let value = 0;
      for (let i = 0; i < size; i++) value |= bytes[at + i]! << (8 * i);
      const stop = Math.min(count, done + header.value / 2);
      if (value !== 0) values.fill(value, done, stop);
      [done, at] = [stop, at + size];
    } else {
      const packed = 8 * ((header.value - 1) / 2);
      const taken = Math.min(packed, count - done);
      if (at + Math.ceil((taken * width) / 8) > bytes.length) throw new Damaged('packed numbers are cut short');
      unpackBits(bytes, at, width, values, done, taken);
      [done, at] = [done + taken, at + (packed * width) / 8];
    }
  }
  return values;
}

/** Whether one run says that all values are this one. */
export function isOneRun(bytes: Uint8Array, start: number, width: number, count: number, value: number): boolean {
  if (start >= bytes.length) return false;
  const header = varInt(bytes, start);
  return width <= 8 && header.value % 2 === 0 && header.value / 2 >= count && bytes[header.next] === value;
}

/** A whole number of 7 bits a byte, and where it ends. */
export function varInt(bytes: Uint8Array, start: number): { value: number; next: number } {
  let value = 0;
  for (let at = start, factor = 1; at < bytes.length && at < start + 7; at++, factor *= 128) {
    const byte = bytes[at]!;
    value += (byte & 127) * factor;
    if (byte < 128) return { value, next: at + 1 };
  }
  throw new Damaged('a length is cut short');
}

function unpackBits(
  bytes: Uint8Array,
  start: number,
  width: number,
  to: Int32Array,
  first: number,
  count: number,
): void {
  if (width === 0) return;
  const mask = (1 << width) - 1;
  let at = start;
  let bits = 0;
  let held = 0;
  for (let i = first; i < first + count; i++) {
    while (held < width) {
      bits |= bytes[at++]! << held;
      held += 8;
    }
    to[i] = bits & mask;
    bits >>>= width;
    held -= width;
  }
}
