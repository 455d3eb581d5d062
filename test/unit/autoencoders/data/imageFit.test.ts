import crc from 'crc-32';
import { encode as encodePng } from 'fast-png';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { loadData, streamData } from '../../../../kernel/autoencoders/data/index';
import { collect } from '../../../../kernel/autoencoders/data/collect';
import { temporaryFolder } from './temporaryFolder';

beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {});
});

/** A grey image whose pixel (y, x) is 16·y + x + 1. */
const png = (height: number, width: number) =>
  encodePng({ width, height, channels: 1, data: Uint8Array.from({ length: height * width }, (_, i) => pixel(Math.floor(i / width), i % width)) }); // prettier-ignore
const pixel = (y: number, x: number) => 16 * y + x + 1;

/** Rows of bytes of each image; `..` for a pixel that was added. */
async function read(files: Record<string, Uint8Array>, options: Parameters<typeof loadData>[1]) {
  const data = await loadData(temporaryFolder(files), options);
  const shape = data.shape as { height: number; width: number };
  const rows = (n: number) =>
    Array.from(
      { length: shape.height },
      (_, y) =>
      [...data.values.subarray(n * data.width + y * shape.width, n * data.width + (y + 1) * shape.width)].map((v) => Math.round(255 * v)), // prettier-ignore
    );
  return { images: Array.from({ length: data.length }, (_, n) => rows(n)), notices: data.notices, shape };
}

/** Pixels of rows from y and columns from x on, of an image; those beyond its size are `fill`. */
const piece = (y: number, x: number, [h, w]: [number, number], of: [number, number], fill = 0) =>
  Array.from({ length: h }, (_, i) =>
    Array.from({ length: w }, (_, j) =>
      y + i < 0 || y + i >= of[0] || x + j < 0 || x + j >= of[1] ? fill : pixel(y + i, x + j),
    ),
  );

describe('images of several sizes', () => {
  const files = { 'a.png': png(4, 5), 'b.png': png(3, 8), 'c.png': png(6, 5) };

  it('are an error that names what can be done', async () => {
    await expect(loadData(temporaryFolder(files))).rejects.toThrow(
      /b\.png is 3 × 8 \(height × width\), .*a\.png is 4 × 5; pass \{ size: \[height, width\] \} .*\{ fit: 'crop' \} .*\{ fit: 'pad' \}/,
    );
  });

  it('are cut about the centre to the smallest height and width', async () => {
    const { images, notices } = await read(files, { fit: 'crop', name: 'pictures' });
    const size: [number, number] = [3, 5];
    expect(images).toEqual([piece(0, 0, size, [4, 5]), piece(0, 1, size, [3, 8]), piece(1, 0, size, [6, 5])]);
    expect(notices).toEqual(['pictures: cut to 3 × 5 about the centre: 3 of 3 images.']);
    expect(console.warn).toHaveBeenCalledWith(notices[0]);
  });

  it('are padded about the centre to the largest, with a value that may be given', async () => {
    const { images, notices } = await read(files, { fit: 'pad', fill: 1, name: 'pictures' });
    const size: [number, number] = [6, 8];
    expect(images).toEqual([
      piece(-1, -1, size, [4, 5], 255),
      piece(-1, 0, size, [3, 8], 255),
      piece(0, -1, size, [6, 5], 255),
    ]);
    expect(notices).toEqual(['pictures: padded with 1 to 6 × 8 about the centre: 3 of 3 images.']);
  });

  it('are cut along one axis and padded along the other', async () => {
    const { images, notices } = await read(files, { fit: 'cropOrPad', size: [4, 6], name: 'pictures' });
    const size: [number, number] = [4, 6];
    expect(images).toEqual([piece(0, 0, size, [4, 5]), piece(0, 1, size, [3, 8]), piece(1, 0, size, [6, 5])]);
    expect(notices).toEqual([
      'pictures: cut to 4 × 6 about the centre: 2 of 3 images.',
      'pictures: padded with 0 to 4 × 6 about the centre: 3 of 3 images.',
    ]);
  });

  it('are the same in a stream, in colour, and in subfolders', async () => {
    const colour = encodePng({ width: 1, height: 2, channels: 3, data: Uint8Array.of(255, 0, 0, 0, 0, 255) });
    const folder = temporaryFolder({ 'x/a.png': png(4, 5), 'y/b.png': colour });
    const options = { fit: 'pad', fill: 0.5 } as const;
    const loaded = await loadData(folder, options);
    const streamed = await collect(await streamData(folder, options));
    expect([...streamed.values]).toEqual([...loaded.values]);
    expect(loaded.shape).toEqual({ kind: 'image', height: 4, width: 5, channels: 3 });
    // Two pixels of colour in the middle: rows 1 and 2, column 2.
    const second = [...loaded.values.subarray(60)];
    expect(second.slice((5 + 2) * 3, (5 + 3) * 3)).toEqual([1, 0, 0]);
    expect(second.slice((10 + 2) * 3, (10 + 3) * 3)).toEqual([0, 0, 1]);
    expect(second.filter((value) => value === 0.5)).toHaveLength(60 - 6);
    expect([...loaded.labels!]).toEqual([0, 1]);
  });

  it('are not what they seem where EXIF turns them', async () => {
    const { images, shape } = await read({ 'a.png': png(4, 5), 'b.png': turned(png(2, 3)) }, { fit: 'pad' });
    expect(shape).toMatchObject({ height: 4, width: 5 });
    // Orientation 6 of 2 × 3 is 3 × 2: the first column from below upwards is the first row.
    const rows = [[pixel(1, 0), pixel(0, 0)], [pixel(1, 1), pixel(0, 1)], [pixel(1, 2), pixel(0, 2)]]; // prettier-ignore
    const empty = [0, 0, 0, 0, 0];
    // There is one row too many, and three columns: the smaller half stands before.
    expect(images[1]).toEqual([...rows.map((row) => [0, ...row, 0, 0]), empty]);
  });

  it.each<[string, Parameters<typeof loadData>[1], RegExp]>([
    ['that are too small to be cut', { fit: 'crop', size: [4, 5] }, /b\.png is 3 × 8 \(height × width\), too small to be cut to 4 × 5; take another size, or \{ fit: 'cropOrPad' \}/],
    ['that are too large to be padded', { fit: 'pad', size: [5, 9] }, /c\.png is 6 × 5 \(height × width\), too large to be padded to 5 × 9/],
    ['without a size that resizing needs', { fit: 'resize' }, /found fit "resize" without a size/],
    ['without a size for both', { fit: 'cropOrPad' }, /found fit "cropOrPad" without a size/],
    ['by a way that there is not', { fit: 'stretch' as 'pad' }, /found fit "stretch"; expected "resize", "crop", "pad" or "cropOrPad"/],
    ['with no value to fill', { fit: 'pad', fill: NaN }, /found fill NaN/],
  ])('are refused %s', async (_, options, message) => {
    await expect(loadData(temporaryFolder(files), options)).rejects.toThrow(message);
  }); // prettier-ignore
});

/** The PNG with an eXIf chunk before its pixels that says orientation 6. */
function turned(bytes: Uint8Array): Uint8Array {
  const tiff = Buffer.from('4d4d002a00000008000101120003000000010006000000000000', 'hex');
  const kind = Buffer.from('eXIf');
  const chunk = Buffer.concat([Buffer.alloc(4), kind, tiff, Buffer.alloc(4)]);
  chunk.writeUInt32BE(tiff.length, 0);
  chunk.writeInt32BE(crc.buf(Buffer.concat([kind, tiff])), chunk.length - 4);
  const header = 8 + 25;
  return Buffer.concat([bytes.subarray(0, header), chunk, bytes.subarray(header)]);
}
