import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readIdx, readIdxDataset } from '../../../../kernel/autoencoders/data/index';
import { temporaryFile, temporaryFolder } from './temporaryFolder';

/** An IDX file by its specification: 00 00, type, number of dimensions, sizes, values. */
function idx(type: number, shape: number[], values: Uint8Array): Uint8Array {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.set([0, 0, type, shape.length]);
  shape.forEach((size, i) => header.writeUInt32BE(size, 4 + 4 * i));
  return Buffer.concat([header, values]);
}

const images = idx(0x08, [2, 2, 2], Uint8Array.of(0, 51, 102, 153, 204, 255, 0, 255));

describe('readIdx', () => {
  it('reads bytes, plain or compressed', async () => {
    const expected = { shape: [2, 2, 2], dtype: 'uint8', values: Uint8Array.of(0, 51, 102, 153, 204, 255, 0, 255) };
    expect(await readIdx(temporaryFile('a.idx3', images))).toEqual(expected);
    expect(await readIdx(temporaryFile('a.idx3.gz', gzipSync(images)))).toEqual(expected);
  });

  it('reads every type of number, big-endian', async () => {
    const numbers = [-2, 1, 100];
    const types = [
      { type: 0x09, size: 1, write: (b: Buffer, v: number, at: number) => b.writeInt8(v, at) },
      { type: 0x0b, size: 2, write: (b: Buffer, v: number, at: number) => b.writeInt16BE(v, at) },
      { type: 0x0c, size: 4, write: (b: Buffer, v: number, at: number) => b.writeInt32BE(v, at) },
      { type: 0x0d, size: 4, write: (b: Buffer, v: number, at: number) => b.writeFloatBE(v, at) },
      { type: 0x0e, size: 8, write: (b: Buffer, v: number, at: number) => b.writeDoubleBE(v, at) },
    ];
    for (const { type, size, write } of types) {
      const bytes = Buffer.alloc(3 * size);
      numbers.forEach((value, i) => write(bytes, value, i * size));
      const { values } = await readIdx(temporaryFile('a.idx', idx(type, [3], bytes)));
      expect([...values]).toEqual(numbers);
    }
  });

  it.each([
    ['a file cut short', images.subarray(0, 20), 'cut short; its header says [2, 2, 2] of u1, 8 bytes of values; found 4'],
    ['a file that is too long', Buffer.concat([images, images]), 'too long; its header says [2, 2, 2]'],
    ['a header cut short', images.subarray(0, 10), 'cut short within its header of 16 bytes'],
    ['a zip archive', Buffer.from('PK\x03\x04 and more'), 'not an IDX file; it starts with 50 4b 03 04'],
    ['an unknown type', idx(0x0a, [1], Uint8Array.of(1)), 'it starts with 00 00 0a 01'],
    ['more values than the file can hold', idx(0x08, [4294967295, 65535, 65535], Uint8Array.of(1)), 'cut short; its header says'],
    ['an empty file', new Uint8Array(), 'it starts with nothing'],
  ])('refuses %s', async (_, bytes, message) => {
    const file = temporaryFile('bad-images-idx3-ubyte', bytes);
    await expect(readIdx(file)).rejects.toThrow(message);
    await expect(readIdx(file)).rejects.toThrow(file);
  }); // prettier-ignore

  it('refuses damaged gzip', async () => {
    const zipped = gzipSync(images);
    await expect(readIdx(temporaryFile('a.idx3.gz', zipped.subarray(0, 25)))).rejects.toThrow(
      'cannot be unpacked as gzip',
    );
    await expect(readIdx(temporaryFile('a.idx3.gz', images))).rejects.toThrow('cannot be unpacked as gzip');
  });

  it('names a file that is missing, and a folder', async () => {
    const folder = temporaryFolder();
    await expect(readIdx(path.join(folder, 'none.idx3'))).rejects.toThrow('there is no such file');
    await expect(readIdx(folder)).rejects.toThrow('this is a folder; expected a file');
  });
});

describe('readIdxDataset', () => {
  it('makes images in [0, 1] and finds the labels beside them', async () => {
    const folder = temporaryFolder({
      'x-images-idx3-ubyte': images,
      'x-labels-idx1-ubyte': idx(0x08, [2], Uint8Array.of(7, 3)),
    });
    const data = await readIdxDataset(path.join(folder, 'x-images-idx3-ubyte'));
    expect(data.shape).toEqual({ kind: 'image', height: 2, width: 2, channels: 1 });
    expect([...data.values]).toEqual([0, 51, 102, 153, 204, 255, 0, 255].map((byte) => Math.fround(byte / 255)));
    expect([...data.labels!]).toEqual([7, 3]);
  });

  it('reads images without labels', async () => {
    expect((await readIdxDataset(temporaryFile('x-images-idx3-ubyte', images))).labels).toBeNull();
  });

  it('refuses labels alone, and labels of another number', async () => {
    const labels = temporaryFile('x-labels-idx1-ubyte', idx(0x08, [3], Uint8Array.of(1, 2, 3)));
    await expect(readIdxDataset(labels)).rejects.toThrow('these are labels and not data');
    await expect(readIdxDataset(temporaryFile('a.idx3', images), { labels })).rejects.toThrow(
      'found labels of shape [3] for the 2 samples',
    );
  });
});
