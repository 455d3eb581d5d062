/** A PNG file as an independent reader has it: checked with its sums, a palette's colours looked up. */
import { convertIndexedToRgb, decode } from 'fast-png';

export function pngPixels(file: Uint8Array) {
  const png = decode(file, { checkCrc: true });
  return png.palette ? { ...png, data: convertIndexedToRgb(png), channels: 3 } : png;
}
