/** PNG and JPEG files as numbers. */
import { convertIndexedToRgb, decode as decodePng, type DecodedPng } from 'fast-png';
import { decode as decodeJpeg } from 'jpeg-js';
import { DataError } from '../training/checkData';
import { textOf } from './files';
import type { Image } from './resize';

export const IMAGE_FILE = /\.(png|jpe?g)$/i;

/**
 * The image, with one channel when all of its pixels are grey and three otherwise; 8 bits (and fewer or more) become
 * [0, 1]. Transparency is dropped.
 *
 * @throws {DataError} naming the file when it is neither a PNG nor a JPEG, or damaged
 */
export function decodeImage(file: string, bytes: Uint8Array): Image {
  try {
    const decode = bytes[0] === 0x89 ? fromPng : fromJpeg;
    if (bytes[0] !== 0x89 && bytes[0] !== 0xff) throw new Error('it starts as neither of the two');
    return withoutNeedlessColour(decode(bytes));
  } catch (error) {
    throw new DataError(`${file}: it cannot be read as a PNG or JPEG image (${textOf(error)})`);
  }
}

/** Grey or colour, whatever the image was: luma of ITU-R BT.601, or the grey in each channel. */
export function withChannels(image: Image, channels: 1 | 3): Image {
  if (image.channels === channels) return image;
  const count = image.height * image.width;
  const { pixels } = image;
  const grey = (i: number): number => 0.299 * pixels[3 * i]! + 0.587 * pixels[3 * i + 1]! + 0.114 * pixels[3 * i + 2]!;
  const converted =
    channels === 1
      ? Float32Array.from({ length: count }, (_, i) => grey(i))
      : Float32Array.from({ length: 3 * count }, (_, i) => pixels[Math.floor(i / 3)]!);
  return { ...image, channels, pixels: converted };
}

function fromPng(bytes: Uint8Array): Image {
  const png = decodePng(bytes, { checkCrc: true });
  const { width, height } = png;
  if (png.palette) {
    const data = convertIndexedToRgb(png);
    return chosenChannels(data, width, height, data.length / (width * height), 255);
  }
  return chosenChannels(unpacked(png), width, height, png.channels, 2 ** png.depth - 1);
}

function fromJpeg(bytes: Uint8Array): Image {
  const { data, width, height } = decodeJpeg(bytes, { useTArray: true, tolerantDecoding: false });
  return chosenChannels(data, width, height, 4, 255);
}

/** Grey pixels of 1, 2 or 4 bits share bytes, the leftmost in the highest bits; each row starts a byte. */
function unpacked({ data, width, height, depth }: DecodedPng): ArrayLike<number> {
  if (depth >= 8) return data;
  const rowBytes = Math.ceil((width * depth) / 8);
  const perByte = 8 / depth;
  return Uint8Array.from({ length: width * height }, (_, i) => {
    const x = i % width;
    const byte = data[Math.floor(i / width) * rowBytes + Math.floor(x / perByte)]!;
    return (byte >> (8 - depth * ((x % perByte) + 1))) & (2 ** depth - 1);
  });
}

/** Keeps grey of 1 or 2 channels, and red, green, blue of 3 or 4. */
function chosenChannels(data: ArrayLike<number>, width: number, height: number, stored: number, full: number): Image {
  const channels = stored <= 2 ? 1 : 3;
  const pixels = new Float32Array(width * height * channels);
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < channels; c++) pixels[i * channels + c] = data[i * stored + c]! / full;
  }
  return { width, height, channels, pixels };
}

function withoutNeedlessColour(image: Image): Image {
  const { channels, pixels } = image;
  if (channels === 1) return image;
  for (let i = 0; i < pixels.length; i += 3) {
    if (pixels[i] !== pixels[i + 1] || pixels[i] !== pixels[i + 2]) return image;
  }
  return { ...image, channels: 1, pixels: pixels.filter((_, i) => i % 3 === 0) };
}
