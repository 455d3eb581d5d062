/** The filters of PNG: each row is stored as differences from what is left of and above it. PNG 3, section 9. */
import { ImageFault } from './raster';

/**
 * @param bytes rows, each behind the byte that names its filter
 * @param start of the first row in `bytes`
 * @param pixelBytes bytes from one pixel to the next, at least 1
 * @returns the rows without filters, [rows, rowBytes]
 * @throws {ImageFault} at a filter that there is not
 */
export function unfilter(
  bytes: Uint8Array,
  start: number,
  rows: number,
  rowBytes: number,
  pixelBytes: number,
): Uint8Array {
  const plain = new Uint8Array(rows * rowBytes);
  for (let row = 0; row < rows; row++) {
    const from = start + row * (1 + rowBytes) + 1;
    const to = row * rowBytes;
    const filter = bytes[from - 1]!;
    if (filter === 0) plain.set(bytes.subarray(from, from + rowBytes), to);
    else if (filter === 1) addLeft(bytes, from, plain, to, rowBytes, pixelBytes);
    else if (filter === 2) addAbove(bytes, from, plain, to, rowBytes);
    else if (filter === 3) addMean(bytes, from, plain, to, rowBytes, pixelBytes);
    else if (filter === 4) addPaeth(bytes, from, plain, to, rowBytes, pixelBytes);
    else throw new ImageFault(`row ${row} has filter ${filter}; there are 0 to 4`);
  }
  return plain;
}

/** The byte in the row above; 0 above the first row. */
const above = (plain: Uint8Array, at: number, rowBytes: number): number => (at < rowBytes ? 0 : plain[at - rowBytes]!);

function addLeft(bytes: Uint8Array, from: number, plain: Uint8Array, to: number, count: number, step: number): void {
  for (let i = 0; i < count; i++) plain[to + i] = bytes[from + i]! + (i < step ? 0 : plain[to + i - step]!);
}

function addAbove(bytes: Uint8Array, from: number, plain: Uint8Array, to: number, count: number): void {
  for (let i = 0; i < count; i++) plain[to + i] = bytes[from + i]! + above(plain, to + i, count);
}

function addMean(bytes: Uint8Array, from: number, plain: Uint8Array, to: number, count: number, step: number): void {
  for (let i = 0; i < count; i++) {
    const left = i < step ? 0 : plain[to + i - step]!;
    plain[to + i] = bytes[from + i]! + ((left + above(plain, to + i, count)) >> 1);
  }
}

function addPaeth(bytes: Uint8Array, from: number, plain: Uint8Array, to: number, count: number, step: number): void {
  const first = to === 0;
  for (let i = 0; i < count; i++) {
    const left = i < step ? 0 : plain[to + i - step]!;
    const up = first ? 0 : plain[to + i - count]!;
    const corner = first || i < step ? 0 : plain[to + i - count - step]!;
    plain[to + i] = bytes[from + i]! + nearest(left, up, corner);
  }
}

/** Whichever of the three is nearest to left + up − corner. */
function nearest(left: number, up: number, corner: number): number {
  const toLeft = Math.abs(up - corner);
  const toUp = Math.abs(left - corner);
  const toCorner = Math.abs(left + up - 2 * corner);
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}
