/** A drawn figure as a PNG file, small: most of a notebook's size are its pictures. */
import { indexed } from './fewColours';
import { palettePngFile, truecolourPngFile } from './pngFile';

/** What a palette may be off without anybody seeing it: the root mean square in levels of 255. */
const UNSEEN = 2;

/** Opaque pixels, four bytes each. */
export interface Pixels {
  rgba: Uint8ClampedArray;
  width: number;
  height: number;
}

export interface FigureOptions {
  colours: number;
  keep: readonly number[];
  dotsPerMetre: number;
  room: number;
}

/**
 * As few colours as do it; in all of them where fewer would show and there is room.
 *
 * @param options.colours of a palette, at most 256
 * @param options.keep those that stay exactly as they are, as 0xrrggbb
 * @param options.dotsPerMetre the physical size that the file says
 * @param options.room bytes
 */
export function figureFile(
  { rgba, width, height }: Pixels,
  { colours, keep, dotsPerMetre, room }: FigureOptions,
): Buffer {
  const { indices, palette, error } = indexed(rgba, colours, keep);
  const size = { width, height, dotsPerMetre };
  const small = palettePngFile(indices, palette, size);
  // In all its colours a picture takes more than twice as much.
  if (error <= UNSEEN || 2 * small.length > room) return small;
  const whole = truecolourPngFile(rgbOf(rgba), size);
  return whole.length <= room ? whole : small;
}

function rgbOf(rgba: Uint8ClampedArray): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let i = 0; i < rgba.length / 4; i++) {
    for (let channel = 0; channel < 3; channel++) rgb[3 * i + channel] = rgba[4 * i + channel]!;
  }
  return rgb;
}
