/** JPEG, decoded by libjpeg-turbo in @napi-rs/canvas: the same numbers that Pillow and torchvision have. */
import { createRequire } from 'node:module';
import type * as Canvas from '@napi-rs/canvas';
import { orientationIn } from './exif';
import { ImageFault, oriented, withoutAlpha, type Header, type Raster } from './raster';

const require = createRequire(import.meta.url);

/** A block of 8 × 8 pixels takes at least a bit. */
const MOST_PIXELS_A_BYTE = 512;

interface JpegHeader extends Header {
  orientation: number;
  /** The file without what would change its colours or turn it: profiles, and EXIF. */
  plain: Buffer;
}

/** Parts without a length. */
const isBare = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);
/** Start of frame: the size. Not among them: tables of Huffman codes, arithmetic conditions, an extension. */
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
/** Notes of applications, but for the two that say how colours are stored, and comments. */
const isNote = (marker: number): boolean => (marker > 0xe0 && marker <= 0xef && marker !== 0xee) || marker === 0xfe;

export function isJpeg(bytes: Buffer): boolean {
  return bytes.length > 2 && bytes[0] === 0xff && bytes[1] === 0xd8;
}

/** @throws {ImageFault} when a part is damaged, or the end is missing */
export function jpegHeader(bytes: Buffer): JpegHeader {
  const kept: Buffer[] = [bytes.subarray(0, 2)];
  let orientation = 1;
  let frame: Header | undefined;
  for (let at = 2; ;) {
    const { marker, start, end } = partAt(bytes, at);
    const content = bytes.subarray(start, end);
    if (marker === 0xe1 && content.toString('latin1', 0, 6) === 'Exif\0\0')
      orientation = orientationIn(content.subarray(6));
    if (isFrame(marker)) frame = frameIn(content);
    if (marker === 0xda) {
      if (!frame) throw new ImageFault('its pixels come before their size');
      const ending = bytes.lastIndexOf(Buffer.from([0xff, 0xd9]));
      if (ending < end) throw new ImageFault('it is cut short: its end is missing');
      kept.push(bytes.subarray(at));
      return { ...frame, orientation, plain: Buffer.concat(kept) };
    }
    if (!isNote(marker)) kept.push(bytes.subarray(at, end));
    at = end;
  }
}

/** A part of the file: where its content starts and ends. */
function partAt(bytes: Buffer, from: number): { marker: number; start: number; end: number } {
  let at = from;
  if (bytes[at] !== 0xff) throw new ImageFault(`at byte ${at} a part should start; the file is damaged or cut short`);
  while (bytes[at + 1] === 0xff) at++;
  const marker = bytes[at + 1] ?? 0xd9;
  if (marker === 0xd9) throw new ImageFault('it ends before its pixels');
  if (isBare(marker)) return { marker, start: at + 2, end: at + 2 };
  const length = at + 4 <= bytes.length ? bytes.readUInt16BE(at + 2) : 0;
  const end = at + 2 + length;
  if (length < 2 || end > bytes.length) throw new ImageFault('it is cut short, or a length in it is damaged');
  return { marker, start: at + 4, end };
}

function frameIn(content: Buffer): Header {
  if (content.length < 6) throw new ImageFault('the part with its size is damaged');
  const [height, width, components] = [content.readUInt16BE(1), content.readUInt16BE(3), content[5]!];
  if (height === 0 || width === 0) throw new ImageFault(`its size is ${height} × ${width}`);
  return { height, width, grey: components === 1 };
}

/** @throws {ImageFault} when it is damaged or cut short */
export async function decodeJpeg(bytes: Buffer): Promise<Raster> {
  const { width, height, grey, orientation, plain } = jpegHeader(bytes);
  if (width * height > (bytes.length + 1) * MOST_PIXELS_A_BYTE) {
    throw new ImageFault(`its header says ${height} × ${width} pixels; ${bytes.length} bytes cannot hold them`);
  }
  // Loaded with the first JPEG: it is large, and PNG does without.
  const { createCanvas, Image } = require('@napi-rs/canvas') as typeof Canvas;
  const image = new Image();
  try {
    image.src = plain;
    await image.decode();
  } catch (error) {
    throw new ImageFault(`its pixels cannot be decoded: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (image.width !== width || image.height !== height) throw new ImageFault('its pixels cannot be decoded');
  const context = createCanvas(width, height).getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const rgba = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const colours = withoutAlpha(rgba, width * height, 4);
  const channels = grey ? 1 : 3;
  const kept = grey ? colours.filter((_, i) => i % 3 === 0) : colours;
  return oriented({ width, height, channels, full: 255, data: kept }, orientation);
}
