/** A drawn figure as a PNG file, small: most of a notebook's size are its pictures. */
import { indexed, type Indexed } from './fewColours';
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
  /** The palette holds at most so many, and at most 256. */
  colours: number;
  /** Colours that stay exactly as they are, as 0xrrggbb. */
  keep: readonly number[];
  /** The physical size that the file says. */
  dotsPerMetre: number;
  /** Bytes. */
  room: number;
}

/** Packing well saves at most this share of what packing quickly takes; measured on our figures: .04. */
const SAVED_BY_EFFORT = 0.07;

/** As few colours as do it; in all of them where fewer would show and there is room. */
export function figureFile(pixels: Pixels, options: FigureOptions): Buffer {
  return written(pixels, options, indexedOf(pixels, options));
}

/** As {@link figureFile}; undefined if the file takes more than the room. Quick packing finds that out early. */
export function figureFileWithin(pixels: Pixels, options: FigureOptions): Buffer | undefined {
  const { room, dotsPerMetre } = options;
  const few = indexedOf(pixels, options);
  const quick = palettePngFile(few.indices, few.palette, { ...pixels, dotsPerMetre, effort: 'quick' });
  if ((1 - SAVED_BY_EFFORT) * quick.length > room) return undefined;
  const file = written(pixels, options, few);
  return file.length <= room ? file : undefined;
}

function indexedOf({ rgba }: Pixels, { colours, keep }: FigureOptions): Indexed {
  return indexed(rgba, colours, keep);
}

function written(
  { rgba, width, height }: Pixels,
  options: FigureOptions,
  { indices, palette, error }: Indexed,
): Buffer {
  const { dotsPerMetre, room } = options;
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
