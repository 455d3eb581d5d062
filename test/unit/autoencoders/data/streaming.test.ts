import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { dump } from 'npyjs';
import { describe, expect, it } from 'vitest';
import wavefile from 'wavefile';
import {
  collect,
  fashionMnist,
  loadData,
  streamData,
  streamNpy,
  streamWav,
} from '../../../../kernel/autoencoders/index';
import type { SampleStream } from '../../../../kernel/autoencoders/index';
import { encodeSafetensors } from '../../../../kernel/autoencoders/training/checkpoints/safetensors';
import { temporaryFile, temporaryFolder } from './temporaryFolder';
import { zipFile } from './zipFile';

const npy = (values: Float32Array | Uint8Array | Int32Array | Float64Array, shape: number[]) =>
  Buffer.from(dump(values, shape));
const ramp = (count: number) => Float32Array.from({ length: count }, (_, i) => i / 7 - 3);

async function all(stream: SampleStream) {
  const { values, labels, classNames } = await collect(stream);
  return { values: [...values], labels: labels && [...labels], classNames };
}

describe('a stream of samples', () => {
  it('of .npy gives what was written, in chunks of a few megabytes, afresh each time', async () => {
    const values = ramp(3000 * 700);
    const stream = await streamData(temporaryFile('large.npy', npy(values, [3000, 700])));
    expect(stream).toMatchObject({ length: 3000, width: 700, shape: { kind: 'vector' } });
    const sizes: number[] = [];
    for await (const chunk of stream.chunks()) sizes.push(chunk.values.byteLength);
    expect(sizes.length).toBeGreaterThan(1);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(4 * 2 ** 20);
    // Compared as bytes: as arrays of two million numbers it takes a minute.
    const bytesOf = (some: Float32Array) => Buffer.from(some.buffer, some.byteOffset, some.byteLength);
    expect(bytesOf((await collect(stream)).values).equals(bytesOf(values))).toBe(true);
    expect((await collect(stream, 5)).values).toEqual(values.subarray(0, 5 * 700));
  });

  it('of .npy compressed by gzip, of bytes and of other types', async () => {
    const bytes = Uint8Array.from({ length: 24 }, (_, i) => i * 10);
    const images = await streamData(temporaryFile('images.npy.gz', gzipSync(npy(bytes, [2, 3, 4]))));
    expect(images.shape).toEqual({ kind: 'image', height: 3, width: 4, channels: 1 });
    const scaled = (await all(images)).values;
    for (const [i, value] of scaled.entries()) expect(value).toBeCloseTo((i * 10) / 255, 6);
    const doubles = await streamNpy(temporaryFile('doubles.npy', npy(Float64Array.of(1.5, -2, 3, 4), [2, 2])));
    expect((await all(doubles)).values).toEqual([1.5, -2, 3, 4]);
  });

  it.each([true, false])('of .npz finds samples and labels, compressed: %s', async (compress) => {
    const entries = { 'x.npy': npy(ramp(12), [4, 3]), 'y.npy': npy(Int32Array.of(2, 0, 1, 1), [4]) };
    const file = temporaryFile(`both-${compress}.npz`, zipFile(entries, compress));
    const read = await all(await streamData(file));
    expect(read.values).toEqual([...ramp(12)]);
    expect(read.labels).toEqual([2, 0, 1, 1]);
    expect((await loadData(file)).labels).toEqual(Int32Array.of(2, 0, 1, 1));
  });

  it('of .npz names the arrays when several could be the samples, or none is', async () => {
    const two = { 'train.npy': npy(ramp(4), [2, 2]), 'test.npy': npy(ramp(6), [3, 2]) };
    const file = temporaryFile('two.npz', zipFile(two, true));
    await expect(streamData(file)).rejects.toThrow(/its arrays are train \[2, 2\], test \[3, 2\]. Name one/);
    expect((await streamData(file, { array: 'test' })).length).toBe(3);
    await expect(streamData(file, { array: 'valid' })).rejects.toThrow('has no array “valid”');
  });

  it('of .npy in Fortran’s order is the array in C’s, sample by sample', async () => {
    // a[i, j] = 100 i + j for i < 3, j < 2, column by column.
    const text = npy(Float32Array.of(0, 100, 200, 1, 101, 201), [3, 2]).toString('latin1');
    const bytes = Buffer.from(text.replace(/(fortran_order.*?)False/, '$1True '), 'latin1');
    for (const [name, content] of Object.entries({ 'fortran.npy': bytes, 'fortran.npy.gz': gzipSync(bytes) })) {
      expect((await all(await streamData(temporaryFile(name, content)))).values).toEqual([0, 1, 100, 101, 200, 201]);
    }
  });

  it('of safetensors gives a tensor and its labels', async () => {
    const tensors = {
      images: { values: ramp(2 * 4 * 4 * 3), shape: [2, 4, 4, 3] },
      labels: { values: Int32Array.of(1, 0), shape: [2] },
    };
    const file = temporaryFile('set.safetensors', encodeSafetensors(tensors));
    const stream = await streamData(file);
    expect(stream.shape).toEqual({ kind: 'image', height: 4, width: 4, channels: 3 });
    const read = await all(stream);
    expect(read.values).toEqual([...ramp(96)]);
    expect(read.labels).toEqual([1, 0]);
    await expect(streamData(file, { array: 'x' })).rejects.toThrow('has no tensor “x”; its tensors are images');
  });

  it('of Parquet has a feature for each column, and classes', async () => {
    const rows = 5000;
    const columnData = [
      { name: 'height', data: Float32Array.from({ length: rows }, (_, i) => i / 2) },
      { name: 'kind', data: Array.from({ length: rows }, (_, i) => (i % 3 === 0 ? 'b' : 'a')) },
      { name: 'weight', data: Array.from({ length: rows }, (_, i) => -i) },
    ];
    const bytes = new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 1000 }));
    const stream = await streamData(temporaryFile('table.parquet', bytes), { label: 'kind' });
    expect(stream.shape).toEqual({ kind: 'vector', features: ['height', 'weight'] });
    const { values, labels, classNames } = await all(stream);
    expect(classNames).toEqual(['a', 'b']);
    expect(values.slice(2 * 4321, 2 * 4321 + 2)).toEqual([4321 / 2, -4321]);
    expect(labels!.slice(0, 4)).toEqual([1, 0, 0, 1]);
    const unasked = await streamData(temporaryFile('t.parquet', bytes));
    expect(await all(unasked)).toEqual({ values, labels, classNames });
    expect(unasked.notices).toEqual([expect.stringContaining('the column “kind” is used as the class')]);
    await expect(streamData(temporaryFile('t.parquet', bytes), { columns: ['kind'] })).rejects.toThrow(
      /column “kind”: found text.*label: 'kind'/,
    );
    await expect(streamData(temporaryFile('no.parquet', 'PAR1 no'))).rejects.toThrow(
      'this is not a complete Parquet file',
    );
  });

  it('of a table of text is the data set that is read whole', async () => {
    const lines = ['a,b,class', ...Array.from({ length: 300 }, (_, i) => `${i},${-i / 4},${i % 2 ? 'up' : 'down'}`)];
    const file = temporaryFile('table.csv', lines.join('\n'));
    const whole = await loadData(file, { label: 'class' });
    const stream = await streamData(file, { label: 'class' });
    expect(stream).toMatchObject({ length: 300, shape: whole.shape, classNames: whole.classNames });
    expect((await collect(stream)).values).toEqual(whole.values);
    expect((await collect(stream)).labels).toEqual(whole.labels);
    const wrong = temporaryFile('wrong.csv', '1,2\n3,x\n');
    await expect(streamData(wrong)).rejects.toThrow(/line 2, column “x1”: found “x”/);
  });

  it('of IDX is the data set that is read whole', async () => {
    const whole = await fashionMnist();
    const stream = await streamData(path.resolve('samples/data/t10k-images-idx3-ubyte.gz'));
    const part = await collect(stream, 200);
    expect(stream.length).toBe(10_000);
    expect(part.values.every((value, i) => Math.abs(value - whole.values[i]!) < 1e-7)).toBe(true);
    expect(part.labels).toEqual(whole.labels!.slice(0, 200));
  });

  it('of a folder of images has the subfolders as classes', async () => {
    const picture = readFileSync('docs/pictures/notebook.png');
    const images = temporaryFolder({ 'cat/1.png': picture, 'dog/1.png': picture });
    const stream = await streamData(images, { size: [8, 12] });
    const whole = await loadData(images, { size: [8, 12] });
    expect(stream).toMatchObject({ length: 2, classNames: ['cat', 'dog'], shape: whole.shape });
    expect((await collect(stream)).values).toEqual(whole.values);
  });
});

describe('frames of sound', () => {
  const sine = Array.from({ length: 1000 }, (_, i) => Math.sin(i / 5) * 0.9);

  it.each([
    ['8', 1 / 100],
    ['16', 1e-4],
    ['24', 1e-6],
    ['32', 1e-7],
    ['32f', 1e-7],
    ['64', 1e-7],
  ] as const)('of %s bits are those that were written, overlapping by their hop', async (bits, accuracy) => {
    const full = { '8': 127.5, '16': 2 ** 15, '24': 2 ** 23, '32': 2 ** 31, '32f': 1, '64': 1 }[bits];
    const stored = sine.map((value) =>
      bits === '8' ? (value + 1) * full : bits.length < 3 && full > 1 ? Math.round(value * full) : value,
    );
    const wav = new wavefile.WaveFile();
    wav.fromScratch(1, 8000, bits, stored);
    const stream = await streamWav(temporaryFile(`sine-${bits}.wav`, wav.toBuffer()), { frame: 64, hop: 16 });
    expect(stream.length).toBe(1 + Math.floor((1000 - 64) / 16));
    const { values } = await all(stream);
    for (const frame of [0, 7, stream.length - 1]) {
      for (const at of [0, 31, 63]) {
        expect(Math.abs(values[frame * 64 + at]! - sine[frame * 16 + at]!)).toBeLessThan(accuracy * 1.1);
      }
    }
  });

  it('refuses sound whose format is damaged', async () => {
    const wav = new wavefile.WaveFile();
    wav.fromScratch(1, 8000, '16', [1, 2, 3, 4]);
    const bytes = Buffer.from(wav.toBuffer());
    // Channels are at byte 22, the length of the format at byte 16.
    const silent = Buffer.from(bytes);
    silent.writeUInt16LE(0, 22);
    const short = Buffer.from(bytes);
    short.writeUInt32LE(10, 16);
    await expect(streamWav(temporaryFile('silent.wav', silent))).rejects.toThrow('found 0 channels');
    await expect(streamWav(temporaryFile('short.wav', short))).rejects.toThrow('has 10 bytes, expected 16');
  });

  it('of two channels are their mean, or one of them; a hop may leave sound out', async () => {
    const wav = new wavefile.WaveFile();
    wav.fromScratch(2, 8000, '32f', [sine, sine.map((value) => -value / 2)]);
    const file = temporaryFile('stereo.wav', wav.toBuffer());
    const mixed = await all(await streamWav(file, { frame: 10, hop: 100 }));
    expect(mixed.values[11]).toBeCloseTo(sine[101]! / 4, 6);
    const second = await all(await streamWav(file, { frame: 10, hop: 100, channel: 1 }));
    expect(second.values[25]).toBeCloseTo(-sine[205]! / 2, 6);
    await expect(streamWav(file, { channel: 2 })).rejects.toThrow('has 2 channels; found channel 2');
    await expect(streamWav(file, { frame: 5000 })).rejects.toThrow('has 1000 samples, fewer than a frame of 5000');
  });

  it('cross the ends of chunks as they do everything else', async () => {
    const long = Float32Array.from({ length: 900_000 }, (_, i) => (i % 1000) / 1000);
    const wav = new wavefile.WaveFile();
    wav.fromScratch(1, 8000, '32f', long);
    const stream = await streamWav(temporaryFile('long.wav', wav.toBuffer()), { frame: 100, hop: 70 });
    let frame = 0;
    let wrong = 0;
    let chunks = 0;
    for await (const { values } of stream.chunks()) {
      chunks += 1;
      for (let i = 0; i < values.length; i += 100, frame++) if (values[i] !== long[frame * 70]) wrong += 1;
    }
    expect([frame, wrong]).toEqual([stream.length, 0]);
    expect(chunks).toBeGreaterThan(1);
  });
});

describe('what cannot be streamed', () => {
  it.each([
    ['missing.npy', null, /there is no such file/],
    [
      'short.npy',
      npy(ramp(12), [4, 3]).subarray(0, -10),
      /cut short; its header says \[4, 3\] of f4, 48 bytes of values; found 38/,
    ],
    ['text.npy', Buffer.from('hello, world'), /this is not an \.npy file/],
    ['no.npz', Buffer.from('hello'), /this is not a complete ZIP archive/],
    ['no.safetensors', Buffer.from('{"hello": "world, how are you"}'), /this is not a complete safetensors file/],
    ['no.wav', Buffer.from('hello, world'), /this is not a WAV file/],
    ['no.xyz', Buffer.from('hello'), /expected .csv, .tsv, .json, .parquet/],
  ])('%s says why', async (name, content, message) => {
    const file = content ? temporaryFile(name, content) : path.join(temporaryFolder(), name);
    const reading = async () => collect(await streamData(file));
    await expect(reading()).rejects.toThrow(message);
    await expect(reading()).rejects.toMatchObject({ name: 'DataError' });
  });
});
