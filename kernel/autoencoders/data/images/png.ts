/**
 * PNG: https://www.w3.org/TR/png-3/. Inflating and checksums are Node's own, so that a small image costs a tenth of a
 * millisecond, and no more bytes are unpacked than its size calls for.
 */
import { constants, inflateSync } from 'node:zlib';
import { checksum } from '../checksum';
import { orientationIn } from './exif';
import { unfilter } from './pngRows';
import { ImageFault, isTurned, oriented, withoutAlpha, type Header, type Raster } from './raster';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Numbers in a pixel by colour type: grey, colour, index into the palette, grey and alpha, colour and alpha. */
const STORED = new Map([
  [0, 1],
  [2, 3],
  [3, 1],
  [4, 2],
  [6, 4],
]);
const DEPTHS = new Map([
  [0, [1, 2, 4, 8, 16]],
  [2, [8, 16]],
  [3, [1, 2, 4, 8]],
  [4, [8, 16]],
  [6, [8, 16]],
]);

/** The seven passes of interlaced images: first column, first row, steps across and down. */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** Deflate makes at most so many bytes of one. */
const MOST_INFLATED = 1032;

export interface PngHeader extends Header {
  depth: number;
  colour: number;
  interlaced: boolean;
}

export function isPng(bytes: Buffer): boolean {
  return bytes.subarray(0, 8).equals(SIGNATURE);
}

/** Height and width as EXIF turns the image. @throws {ImageFault} when a part is damaged */
export function pngSize(bytes: Buffer): [height: number, width: number] {
  const { height, width } = pngHeader(bytes);
  return isTurned(partsOf(bytes).orientation) ? [width, height] : [height, width];
}

/** @throws {ImageFault} when the header is damaged */
export function pngHeader(bytes: Buffer): PngHeader {
  if (bytes.length < 33) throw new ImageFault(`it is cut short within its header; it has ${bytes.length} bytes`);
  if (bytes.toString('latin1', 12, 16) !== 'IHDR' || bytes.readUInt32BE(8) !== 13) {
    throw new ImageFault('its first part is no header');
  }
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const [depth, colour, compression, filter, interlace] = bytes.subarray(24, 29) as unknown as number[];
  if (width === 0 || height === 0) throw new ImageFault(`its size is ${height} × ${width}`);
  if (!DEPTHS.get(colour!)?.includes(depth!) || compression !== 0 || filter !== 0 || interlace! > 1) {
    throw new ImageFault(`its header is damaged: colour type ${colour}, ${depth} bits, interlacing ${interlace}`);
  }
  return {
    width,
    height,
    depth: depth!,
    colour: colour!,
    interlaced: interlace === 1,
    grey: colour === 0 || colour === 4,
  };
}

/**
 * @param bytes of a whole file
 * @throws {ImageFault} when it is damaged or cut short
 */
export function decodePng(bytes: Buffer): Raster {
  const header = pngHeader(bytes);
  const parts = partsOf(bytes);
  const { width, height, depth, colour } = header;
  const pixels = width * height;
  const stored = STORED.get(colour)!;
  const numbers = numbersOf(header, parts.data, stored);
  const image: Raster =
    colour === 3
      ? { width, height, channels: 3, full: 255, data: ofPalette(numbers, parts.palette) }
      : {
          width,
          height,
          channels: stored <= 2 ? 1 : 3,
          full: 2 ** depth - 1,
          data: withoutAlpha(numbers, pixels, stored),
        };
  return oriented(image, parts.orientation);
}

interface Parts {
  data: Buffer;
  palette: Buffer;
  orientation: number;
}

function partsOf(bytes: Buffer): Parts {
  const data: Buffer[] = [];
  let palette: Buffer = Buffer.alloc(0);
  let orientation = 1;
  for (let at = 8; ;) {
    if (at + 12 > bytes.length) throw new ImageFault('it is cut short');
    const length = bytes.readUInt32BE(at);
    const kind = bytes.toString('latin1', at + 4, at + 8);
    const end = at + 8 + length;
    if (end + 4 > bytes.length) throw new ImageFault(`it is cut short within its part “${kind}”`);
    if (checksum(bytes.subarray(at + 4, end)) !== bytes.readUInt32BE(end)) {
      throw new ImageFault(`the checksum of its part “${printable(kind)}” is wrong`);
    }
    const content = bytes.subarray(at + 8, end);
    if (kind === 'IDAT') data.push(content);
    else if (kind === 'PLTE') palette = content;
    else if (kind === 'eXIf') orientation = orientationIn(content);
    else if (kind === 'IEND') return { data: data.length === 1 ? data[0]! : Buffer.concat(data), palette, orientation };
    at = end + 4;
  }
}

function printable(kind: string): string {
  return kind.replace(/[^ -~]/g, '?');
}

interface Pass {
  width: number;
  height: number;
  /** Bytes of a row, without that of its filter. */
  rowBytes: number;
  x: readonly [first: number, step: number];
  y: readonly [first: number, step: number];
}

function passesOf({ width, height, depth, interlaced }: PngHeader, stored: number): Pass[] {
  const pass = (x: readonly [number, number], y: readonly [number, number]): Pass => {
    const columns = Math.ceil((width - x[0]) / x[1]);
    const rows = Math.ceil((height - y[0]) / y[1]);
    return { width: columns, height: rows, rowBytes: Math.ceil((columns * stored * depth) / 8), x, y };
  };
  if (!interlaced) return [pass([0, 1], [0, 1])];
  const all = ADAM7.map(([x, y, across, down]) => pass([x, across], [y, down]));
  return all.filter((one) => one.width > 0 && one.height > 0);
}

/** The numbers of each pixel, or indices into the palette. */
function numbersOf(header: PngHeader, compressed: Buffer, stored: number): Raster['data'] {
  const { width, height, depth } = header;
  const passes = passesOf(header, stored);
  const size = passes.reduce((sum, pass) => sum + pass.height * (1 + pass.rowBytes), 0);
  const rows = inflated(compressed, size);
  const pixelBytes = Math.max(1, (stored * depth) / 8);
  const count = width * height * stored;
  const numbers = depth === 16 ? new Uint16Array(count) : new Uint8Array(count);
  let at = 0;
  for (const pass of passes) {
    const plain = unfilter(rows, at, pass.height, pass.rowBytes, pixelBytes);
    at += pass.height * (1 + pass.rowBytes);
    if (depth === 8 && !header.interlaced) return plain;
    for (let row = 0; row < pass.height; row++) {
      const line = plain.subarray(row * pass.rowBytes, (row + 1) * pass.rowBytes);
      const y = pass.y[0] + row * pass.y[1];
      for (let i = 0; i < pass.width * stored; i++) {
        const x = pass.x[0] + Math.floor(i / stored) * pass.x[1];
        numbers[(y * width + x) * stored + (i % stored)] = numberAt(line, i, depth);
      }
    }
  }
  return numbers;
}

/** Numbers of fewer than 8 bits share bytes, the leftmost in the highest bits. */
function numberAt(line: Uint8Array, i: number, depth: number): number {
  if (depth === 8) return line[i]!;
  if (depth === 16) return line[2 * i]! * 256 + line[2 * i + 1]!;
  const perByte = 8 / depth;
  const shift = 8 - depth * ((i % perByte) + 1);
  return (line[Math.floor(i / perByte)]! >> shift) & (2 ** depth - 1);
}

function inflated(compressed: Buffer, size: number): Buffer {
  if (size > (compressed.length + 1) * MOST_INFLATED) {
    throw new ImageFault(`its header says ${size} bytes; ${compressed.length} compressed bytes cannot hold them`);
  }
  const chunkSize = Math.max(constants.Z_MIN_CHUNK, Math.min(size + 1, 1 << 20));
  const bytes = unpacked(compressed, size, chunkSize);
  if (bytes.length !== size) throw new ImageFault(`its header says ${size} bytes; found ${bytes.length}`);
  return bytes;
}

function unpacked(compressed: Buffer, size: number, chunkSize: number): Buffer {
  try {
    return inflateSync(compressed, { maxOutputLength: size + 1, chunkSize });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw new ImageFault(`its header says ${size} bytes; it contains more`);
    throw new ImageFault(`its pixels cannot be unpacked: ${message}`);
  }
}

function ofPalette(indices: Raster['data'], palette: Buffer): Uint8Array {
  const colours = Math.floor(palette.length / 3);
  const data = new Uint8Array(3 * indices.length);
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i]!;
    if (index >= colours) throw new ImageFault(`a pixel has colour ${index}; its palette has ${colours}`);
    data[3 * i] = palette[3 * index]!;
    data[3 * i + 1] = palette[3 * index + 1]!;
    data[3 * i + 2] = palette[3 * index + 2]!;
  }
  return data;
}
