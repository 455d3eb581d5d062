/** Images as they are stored: whole numbers, row by row, without transparency. */

export interface Raster {
  width: number;
  height: number;
  /** 1: grey; 3: red, green, blue. */
  channels: 1 | 3;
  /** The largest number: white. */
  full: number;
  /** [height, width, channels] */
  data: Uint8Array | Uint16Array;
}

/** What a file says of its image before its pixels are read. */
export interface Header {
  width: number;
  height: number;
  /** Whether the file can hold no colour. */
  grey: boolean;
}

/** What is wrong with an image; whoever knows the file's name makes a message of it. */
export class ImageFault extends Error {}

/** The first channel, or the first three, of pixels that are stored with `stored` numbers each. */
export function withoutAlpha(data: Raster['data'], pixels: number, stored: number): Raster['data'] {
  const channels = stored <= 2 ? 1 : 3;
  if (stored === channels) return data;
  const kept = data instanceof Uint16Array ? new Uint16Array(pixels * channels) : new Uint8Array(pixels * channels);
  for (let i = 0, from = 0, to = 0; i < pixels; i++, from += stored, to += channels) {
    kept[to] = data[from]!;
    if (channels === 1) continue;
    kept[to + 1] = data[from + 1]!;
    kept[to + 2] = data[from + 2]!;
  }
  return kept;
}

/** The image in one channel, when each of its pixels is grey. */
export function withoutNeedlessColour(image: Raster): Raster {
  if (image.channels === 1 || isColoured(image)) return image;
  const { data } = image;
  return { ...image, channels: 1, data: data.filter((_, i) => i % 3 === 0) };
}

export function isColoured({ channels, data }: Raster): boolean {
  if (channels === 1) return false;
  for (let i = 0; i < data.length; i += 3) if (data[i] !== data[i + 1] || data[i] !== data[i + 2]) return true;
  return false;
}

/** Whether EXIF's orientation makes height of width. */
export function isTurned(orientation: number): boolean {
  return orientation >= 5;
}

/**
 * The image as it is to be seen: mirrored and turned as EXIF's orientation (1 to 8) says of how it was stored.
 * CIPA DC-008, section 4.6.4.
 */
export function oriented(image: Raster, orientation: number): Raster {
  if (orientation <= 1 || orientation > 8) return image;
  const { width, height, channels, data } = image;
  const turned = isTurned(orientation);
  const [rows, columns] = turned ? [width, height] : [height, width];
  const [flipX, flipY] = [[2, 3, 7, 8].includes(orientation), [3, 4, 6, 7].includes(orientation)];
  const moved = data.slice();
  for (let row = 0, to = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, to += channels) {
      // Where this pixel was stored: the axes change places first, then each may run backwards.
      const [across, down] = turned ? [row, column] : [column, row];
      const x = flipX ? width - 1 - across : across;
      const y = flipY ? height - 1 - down : down;
      const from = (y * width + x) * channels;
      for (let c = 0; c < channels; c++) moved[to + c] = data[from + c]!;
    }
  }
  return { ...image, width: columns, height: rows, data: moved };
}
