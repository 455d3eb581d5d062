/** Writes the files that the bench reads, once; they depend on a seed alone. */
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { deflateRawSync } from 'node:zlib';
import crc from 'crc-32';
import { encode } from 'fast-png';
import { randomStream } from '../../autoencoders/random';
import { encodeSafetensors } from '../../autoencoders/training/checkpoints/safetensors';
import { IMAGES, TABLE } from './formats';

const SEED = 1;

/** Each file that is not yet in the folder. */
export async function writeFiles(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(CONTENTS)) {
    const file = path.join(folder, name);
    if (existsSync(file)) continue;
    const bytes = await content();
    // A run that was stopped leaves no half a file.
    writeFileSync(`${file}.part`, bytes);
    renameSync(`${file}.part`, file);
  }
  if (!existsSync(path.join(folder, 'images'))) writeImages(path.join(folder, 'images'));
}

type Content = () => Uint8Array | string | Promise<Uint8Array>;

const CONTENTS: Record<string, Content> = {
  'table.parquet': async () => {
    // A dependency of development: the bench is run in a checkout.
    const { parquetWriteBuffer } = await import('hyparquet-writer');
    const columnData = columnNames().map((name, c) => ({ name, data: Float64Array.from({ length: TABLE.rows }, (_, i) => numbers()[i * TABLE.columns + c]!) })); // prettier-ignore
    return new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 100_000 }));
  },
  'table.csv': () => {
    const lines = [columnNames().join(',')];
    for (let i = 0; i < TABLE.rows; i++) lines.push(Array.from(rowOf(i), (value) => value.toFixed(4)).join(','));
    return lines.join('\n');
  },
  'table.json': () => {
    const names = columnNames();
    const record = (i: number) => Object.fromEntries(Array.from(rowOf(i), (value, c) => [names[c]!, Number(value.toFixed(4))])); // prettier-ignore
    return JSON.stringify(Array.from({ length: 20_000 }, (_, i) => record(i)));
  },
  'table.npy': () => npy(numbers()),
  'table.npz': () => zipOfOne('x.npy', npy(numbers())),
  'table.safetensors': () => encodeSafetensors({ x: { values: numbers(), shape: [TABLE.rows, TABLE.columns] } }),
  'images-idx3-ubyte': () => {
    const { count, size } = IMAGES;
    const header = Buffer.alloc(16);
    for (const [i, number] of [0x803, count, size, size].entries()) header.writeUInt32BE(number, 4 * i);
    return Buffer.concat([header, ...Array.from({ length: count }, (_, i) => pixelsOf(i))]);
  },
  'sound.wav': () => wav(6_000_000),
};

let made: Float32Array | undefined;

/** [rows, columns], standard normal. */
function numbers(): Float32Array {
  return (made ??= randomStream(SEED, 'bench-data').normals(TABLE.rows * TABLE.columns));
}

function rowOf(i: number): Float32Array {
  return numbers().subarray(i * TABLE.columns, (i + 1) * TABLE.columns);
}

function columnNames(): string[] {
  return Array.from({ length: TABLE.columns }, (_, c) => `c${c}`);
}

/** A disc on a slope, so that PNG has something to compress. */
function pixelsOf(image: number): Uint8Array {
  const { size } = IMAGES;
  return Uint8Array.from({ length: size * size }, (_, i) => {
    const [x, y] = [i % size, Math.floor(i / size)];
    const inside = (x - (image % size)) ** 2 + (y - 32) ** 2 < 200;
    return inside ? 255 - ((image + x) % 32) : (2 * x + y + image) % 128;
  });
}

function writeImages(folder: string): void {
  const { count, size } = IMAGES;
  mkdirSync(`${folder}.part`, { recursive: true });
  for (let i = 0; i < count; i++) {
    writeFileSync(path.join(`${folder}.part`, `${i}.png`), encode({ width: size, height: size, channels: 1, data: pixelsOf(i) })); // prettier-ignore
  }
  renameSync(`${folder}.part`, folder);
}

/** NumPy's format, version 1. */
function npy(values: Float32Array): Buffer {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${TABLE.rows}, ${TABLE.columns}), }`;
  const header = `${text.padEnd(117)}\n`;
  const lead = Buffer.from(`\u0093NUMPY\u0001\u0000\u0000\u0000${header}`, 'latin1');
  lead.writeUInt16LE(header.length, 8);
  return Buffer.concat([lead, Buffer.from(values.buffer, values.byteOffset, values.byteLength)]);
}

/** An archive of one compressed entry, as APPNOTE 6.3 describes it. */
function zipOfOne(name: string, content: Buffer): Buffer {
  const data = deflateRawSync(content);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(8, 4);
  common.writeInt32LE(crc.buf(content), 10);
  common.writeUInt32LE(data.length, 14);
  common.writeUInt32LE(content.length, 18);
  common.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), common, Buffer.from(name), data]);
  const directory = Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\u0000', 'latin1'), common, Buffer.alloc(14), Buffer.from(name)]); // prettier-ignore
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 0, 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, directory, end]);
}

/** One channel of PCM with 16 bits. */
function wav(samples: number): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + 2 * samples, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(16_000, 24);
  header.writeUInt32LE(32_000, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(2 * samples, 40);
  const sound = Int16Array.from({ length: samples }, (_, i) => 3e4 * Math.sin(i / 7));
  return Buffer.concat([header, Buffer.from(sound.buffer)]);
}
