import path from 'node:path';
import { encode as encodePng, type ImageData } from 'fast-png';
import { encode as encodeJpeg } from 'jpeg-js';
import { describe, expect, it } from 'vitest';
import { readImageFolder } from '../../../../kernel/autoencoders/data/index';
import { temporaryFolder } from './temporaryFolder';

function png(
  width: number,
  height: number,
  channels: number,
  data: number[],
  depth: ImageData['depth'] = 8,
): Uint8Array {
  return encodePng({
    width,
    height,
    channels,
    depth,
    data: depth === 16 ? Uint16Array.from(data) : Uint8Array.from(data),
  });
}

const grey = png(2, 1, 1, [0, 51]);
const red = png(2, 1, 3, [255, 0, 0, 255, 0, 0]);

describe('readImageFolder', () => {
  it('reads grey images in the order of their names', async () => {
    const folder = temporaryFolder({ '10.png': png(2, 1, 1, [255, 255]), '9.png': grey, 'notes.txt': 'no image' });
    const data = await readImageFolder(folder);
    expect(data.shape).toEqual({ kind: 'image', height: 1, width: 2, channels: 1 });
    expect([...data.values]).toEqual([0, Math.fround(0.2), 1, 1]);
    expect(data.labels).toBeNull();
  });

  it('takes subfolders for classes', async () => {
    const folder = temporaryFolder({ 'dog/1.png': grey, 'cat/1.png': grey, 'dog/2.PNG': grey });
    const data = await readImageFolder(folder);
    expect([data.classNames, [...data.labels!]]).toEqual([['cat', 'dog'], [0, 1, 1]]); // prettier-ignore
  });

  it('is in colour as soon as one image is, unless told', async () => {
    const folder = temporaryFolder({ '1.png': grey, '2.png': red });
    expect([...(await readImageFolder(folder)).values]).toEqual([0, 0, 0, ...Array(3).fill(Math.fround(0.2)), 1, 0, 0, 1, 0, 0]);
    const forced = await readImageFolder(folder, { channels: 1 });
    expect([...forced.values]).toEqual([0, 0.2, 0.299, 0.299].map(Math.fround));
  }); // prettier-ignore

  it('sees that colour files with grey pixels are grey', async () => {
    const data = await readImageFolder(temporaryFolder({ 'a.png': png(1, 1, 3, [51, 51, 51]) }));
    expect([data.width, data.values[0]]).toEqual([1, Math.fround(0.2)]);
  });

  it('reads PNG of 1, 4 and 16 bits, with a palette, and with transparency', async () => {
    const palette = [[255, 0, 0], [0, 255, 0]]; // prettier-ignore
    const values = async (bytes: Uint8Array): Promise<number[]> => [
      ...(await readImageFolder(temporaryFolder({ 'a.png': bytes }))).values,
    ];
    expect(await values(png(3, 2, 1, [0b10100000, 0b01000000], 1))).toEqual([1, 0, 1, 0, 1, 0]);
    expect(await values(png(3, 1, 1, [0xf0, 0x30], 4))).toEqual([1, 0, 0.2].map(Math.fround));
    expect(await values(png(2, 1, 1, [65535, 13107], 16))).toEqual([1, Math.fround(0.2)]);
    expect(await values(png(2, 1, 2, [51, 255, 255, 0]))).toEqual([Math.fround(0.2), 1]);
    const indexed = { width: 2, height: 1, channels: 1, depth: 8 as const, palette, data: Uint8Array.of(1, 0) };
    expect(await values(encodePng(indexed))).toEqual([0, 1, 0, 1, 0, 0]);
  });

  it('reads JPEG, to the precision of its compression', async () => {
    const data = Uint8Array.from({ length: 16 * 16 * 4 }, (_, i) => [200, 100, 50, 255][i % 4]!);
    const { data: bytes } = encodeJpeg({ width: 16, height: 16, data }, 95);
    const { values, shape } = await readImageFolder(temporaryFolder({ 'a.jpeg': bytes }));
    expect(shape).toEqual({ kind: 'image', height: 16, width: 16, channels: 3 });
    for (const [c, byte] of [200, 100, 50].entries()) expect(Math.abs(values[c]! * 255 - byte)).toBeLessThan(4);
  });

  it('asks for a size when sizes differ, and brings images to it', async () => {
    const folder = temporaryFolder({
      'a.png': png(2, 2, 1, [0, 255, 255, 0]),
      'b.png': png(4, 2, 1, Array(8).fill(51)),
    });
    await expect(readImageFolder(folder)).rejects.toThrow(
      /b\.png is 2 × 4 \(height × width\), .*a\.png is 2 × 2; pass \{ size: \[height, width\] \}/,
    );
    const data = await readImageFolder(folder, { size: [1, 1] });
    expect(data.values[0]).toBeCloseTo(0.5, 6);
    expect(data.values[1]).toBeCloseTo(0.2, 6);
  });

  const photo = png(
    8,
    8,
    3,
    Array.from({ length: 192 }, (_, i) => i),
  );
  it.each([
    ['a PNG cut short', 'a.png', photo.subarray(0, 60)],
    ['a PNG with a wrong checksum', 'a.png', photo.map((byte, i) => (i === photo.length - 20 ? byte ^ 0xff : byte))],
    ['a JPEG cut short', 'a.jpg', encodeJpeg({ width: 8, height: 8, data: Buffer.alloc(256) }, 90).data.subarray(0, 200)],
    ['text', 'a.png', Buffer.from('not an image')],
    ['an empty file', 'a.jpg', new Uint8Array()],
  ])('names %s', async (_, name, bytes) => {
    const folder = temporaryFolder({ [name]: bytes });
    await expect(readImageFolder(folder)).rejects.toThrow(`${path.join(folder, name)}: it cannot be read as a PNG or JPEG`);
  }); // prettier-ignore

  it('says what is wrong with a folder', async () => {
    const empty = temporaryFolder({ 'notes.txt': 'none' });
    await expect(readImageFolder(empty)).rejects.toThrow(
      'found no .png, .jpg or .jpeg file in it or in its subfolders',
    );
    await expect(readImageFolder(path.join(empty, 'none'))).rejects.toThrow('there is no such file or folder');
    const mixed = temporaryFolder({ 'a.png': grey, 'cats/b.png': grey });
    await expect(readImageFolder(mixed)).rejects.toThrow('found 1 images beside subfolders with 1 more');
  });
});
