/** Whole files of each format, made here, that mutants are made of. */
import { gzipSync } from 'node:zlib';
import crc from 'crc-32';
import { encode as encodePng } from 'fast-png';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { encode as encodeJpeg } from 'jpeg-js';
import { dump } from 'npyjs';
import wavefile from 'wavefile';
import { encodeSafetensors } from '../../kernel/autoencoders/training/checkpoints/safetensors';
import { zipFile } from '../unit/autoencoders/data/zipFile';
import { BINARY, MIXED, TEXT, type Mutator } from './mutators';

export interface Seed {
  /** What is damaged. */
  bytes: Buffer;
  /** The file around it, whose checksums are right again; default: as it is. */
  wrap?(damaged: Buffer): Buffer;
}

export interface FuzzFormat {
  name: string;
  /** Name of a mutant's file; with a slash, an image in the folder that is read. */
  file: string;
  mutators: Mutator[];
  seeds(): Seed[];
  /** Whole files beside the damaged one. */
  beside?(): Record<string, Buffer>;
}

const ROWS = 12;
const number = (i: number): string => ((i * 37) % 101 / 7 - 5).toFixed(3); // prettier-ignore
const table = (separator: string): string =>
  [
    ['a', 'b', 'c'].join(separator),
    ...Array.from({ length: ROWS }, (_, i) => [number(i), number(i + 50), i % 3].join(separator)),
  ].join('\n');
const plain = (...texts: (string | Uint8Array)[]): Seed[] => texts.map((text) => ({ bytes: Buffer.from(text) }));

const npy = (values: Parameters<typeof dump>[0], shape: number[]): Buffer => Buffer.from(dump(values, shape));
const floats = (count: number): Float32Array => Float32Array.from({ length: count }, (_, i) => i / 3 - 2);
const bytes = (count: number): Uint8Array => Uint8Array.from({ length: count }, (_, i) => (i * 37) % 256);

function idx(type: number, shape: number[], values: Uint8Array): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.set([0, 0, type, shape.length]);
  shape.forEach((size, i) => header.writeUInt32BE(size, 4 + 4 * i));
  return Buffer.concat([header, values]);
}

function wav(bits: string, channels: number): Buffer {
  const sound = Array.from(
    { length: 2200 },
    (_, i) => Math.round(Math.sin(i / 9) * 20000) / (bits === '32f' ? 32768 : 1),
  );
  const file = new wavefile.WaveFile();
  file.fromScratch(channels, 8000, bits, channels === 1 ? sound : Array(channels).fill(sound));
  return Buffer.from(file.toBuffer());
}

function png(channels: 1 | 3 | 4, depth: 8 | 16 = 8): Buffer {
  const data = bytes(8 * 6 * channels);
  const wide = Uint16Array.from(data, (value) => value * 257);
  return Buffer.from(encodePng({ width: 8, height: 6, channels, depth, data: depth === 8 ? data : wide }));
}

/** Each part with the checksum that it has now, so that damage reaches what comes behind the checksums. */
function checksummed(damaged: Buffer): Buffer {
  const file = Buffer.from(damaged);
  for (let at = 8; at + 12 <= file.length;) {
    const end = at + 8 + file.readUInt32BE(at);
    if (end + 4 > file.length) break;
    file.writeInt32BE(crc.buf(file.subarray(at + 4, end)), end);
    at = end + 4;
  }
  return file;
}

const jpeg = (quality: number): Buffer => {
  const data = Uint8Array.from({ length: 8 * 6 * 4 }, (_, i) => (i % 4 === 3 ? 255 : (i * 29) % 256));
  return Buffer.from(encodeJpeg({ width: 8, height: 6, data }, quality).data);
};

function parquet(codec: 'UNCOMPRESSED' | 'SNAPPY'): Buffer {
  const columnData = [
    { name: 'a', data: Array.from(floats(ROWS)) },
    { name: 'b', data: Int32Array.from({ length: ROWS }, (_, i) => i % 4) },
    { name: 'c', data: Array.from({ length: ROWS }, (_, i) => (i % 5 ? i / 2 : null)) },
    { name: 'd', data: Array.from({ length: ROWS }, (_, i) => i % 2 === 0) },
  ];
  return Buffer.from(parquetWriteBuffer({ columnData, codec, rowGroupSize: 5 }));
}

export const FORMATS: FuzzFormat[] = [
  { name: 'csv', file: 'm.csv', mutators: TEXT, seeds: () => plain(table(','), table(';'), '1,2\n3,4\n5,NA\n') },
  { name: 'tsv', file: 'm.tsv', mutators: TEXT, seeds: () => plain(table('\t'), '1\t2\n3\t4\n') },
  {
    name: 'json',
    file: 'm.json',
    mutators: TEXT,
    seeds: () =>
      plain(
        '[[1, 2.5], [3, null], [-4e3, 5]]',
        JSON.stringify(Array.from({ length: ROWS }, (_, i) => ({ a: i, b: -i / 4 }))),
      ),
  },
  {
    name: 'parquet',
    file: 'm.parquet',
    mutators: BINARY,
    seeds: () => [{ bytes: parquet('UNCOMPRESSED') }, { bytes: parquet('SNAPPY') }],
  },
  {
    name: 'npy',
    file: 'm.npy',
    mutators: MIXED,
    seeds: () =>
      plain(npy(floats(24), [6, 4]), npy(bytes(48), [3, 4, 4]), npy(Float64Array.from(floats(12)), [2, 2, 3, 1])),
  },
  {
    name: 'npz',
    file: 'm.npz',
    mutators: MIXED,
    seeds: () => {
      const [x, y] = [npy(floats(24), [6, 4]), npy(Int32Array.of(0, 1, 2, 0, 1, 2), [6])];
      const of = (entries: Record<string, Buffer>, compress: boolean): Buffer => zipFile(entries, compress);
      return [
        { bytes: of({ 'x.npy': x, 'y.npy': y }, true) },
        { bytes: of({ 'x.npy': x, 'y.npy': y }, false) },
        { bytes: x, wrap: (damaged) => of({ 'x.npy': damaged, 'y.npy': y }, true) },
        { bytes: y, wrap: (damaged) => of({ 'x.npy': x, 'y.npy': damaged }, false) },
      ];
    },
  },
  {
    name: 'safetensors',
    file: 'm.safetensors',
    mutators: MIXED,
    seeds: () => {
      const x = { values: floats(24), shape: [6, 4] };
      return plain(
        encodeSafetensors({ x, labels: { values: Int32Array.of(0, 1, 2, 0, 1, 2), shape: [6] } }),
        encodeSafetensors({ x }),
      );
    },
  },
  {
    name: 'idx',
    file: 'm.idx3',
    mutators: BINARY,
    seeds: () => {
      const images = idx(0x08, [3, 4, 4], bytes(48));
      return [
        { bytes: images },
        { bytes: idx(0x0e, [3, 2], bytes(48)) },
        { bytes: gzipSync(images) },
        { bytes: images, wrap: (damaged) => gzipSync(damaged) },
      ];
    },
  },
  {
    name: 'wav',
    file: 'm.wav',
    mutators: BINARY,
    seeds: () => plain(wav('16', 1), wav('24', 2), wav('32f', 1), wav('8', 1)),
  },
  {
    name: 'png',
    file: 'folder/m.png',
    mutators: BINARY,
    seeds: () => {
      const whole = [png(1), png(3), png(4, 16)];
      const palette = encodePng({
        width: 8,
        height: 6,
        channels: 1,
        depth: 8,
        data: new Uint8Array(48),
        palette: [[1, 2, 3]],
      });
      return [
        ...plain(...whole, palette),
        ...[...whole, Buffer.from(palette)].map((one) => ({ bytes: one, wrap: checksummed })),
      ];
    },
    beside: () => ({ 'folder/a.png': png(1), 'folder/z.png': png(3) }),
  },
  {
    name: 'jpeg',
    file: 'folder/m.jpg',
    mutators: BINARY,
    seeds: () => plain(jpeg(95), jpeg(30)),
    beside: () => ({ 'folder/a.jpg': jpeg(90) }),
  },
];
