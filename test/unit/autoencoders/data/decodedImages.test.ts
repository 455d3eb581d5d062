import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import crc from 'crc-32';
import { encode as encodePng } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { collect, loadData, streamImageFolder } from '../../../../kernel/autoencoders/data/index';
import { apart } from '../../../../kernel/autoencoders/data/apart/apart';
import expected from './images/expected.json';
import { temporaryFolder } from './temporaryFolder';

const FIXTURES = path.resolve('test/unit/autoencoders/data/images');

function folderWith(...names: string[]): string {
  const folder = temporaryFolder();
  for (const name of names) copyFileSync(path.join(FIXTURES, name), path.join(folder, name));
  return folder;
}

function part(kind: string, content: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(kind), content]);
  const around = Buffer.alloc(8);
  around.writeUInt32BE(content.length, 0);
  around.writeInt32BE(crc.buf(named), 4);
  return Buffer.concat([around.subarray(0, 4), named, around.subarray(4)]);
}

/** A grey PNG of 8 bits whose header may say anything of its size. */
function pngOf(width: number, height: number, pixels: Uint8Array): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    part('IHDR', header),
    part('IDAT', deflateSync(pixels)),
    part('IEND', Buffer.alloc(0)),
  ]);
}

describe('an image', () => {
  // Pillow, by images/make.py; another decoder of JPEG may round a value the other way.
  it.each(Object.entries(expected))('%s has the pixels that Pillow reads', async (name, { shape, full, pixels }) => {
    const { values, shape: found } = await loadData(folderWith(name));
    const [height, width, channels = 1] = shape;
    expect(found).toEqual({ kind: 'image', height, width, channels });
    const largest = Math.max(...pixels.map((pixel, i) => Math.abs(values[i]! * full - pixel)));
    expect(largest).toBeLessThan(name.endsWith('.png') ? 0.01 : 1.01);
  });

  it('of too many pixels is refused before memory is taken, unless an option allows it', async () => {
    const bomb = pngOf(30_000, 30_000, new Uint8Array(100_000));
    const folder = temporaryFolder({ 'bomb.png': bomb });
    const before = process.memoryUsage.rss();
    await expect(loadData(folder)).rejects.toThrow(
      /bomb\.png: .*30000 × 30000 pixels, more than 67108864; \{ maxPixels: 900000000 \} allows it/,
    );
    await expect(loadData(folder, { maxPixels: 9e8 })).rejects.toThrow(/its header says 900030000 bytes/);
    expect(process.memoryUsage.rss() - before).toBeLessThan(200e6);
    const small = temporaryFolder({ 'a.png': pngOf(2, 1, Uint8Array.of(0, 255, 51)) });
    await expect(loadData(small, { maxPixels: 1 })).rejects.toThrow('1 × 2 pixels, more than 1');
    expect([...(await loadData(small, { maxPixels: 2 })).values]).toEqual([1, Math.fround(0.2)]);
  });

  it.each([
    ['fewer pixels than its header says', pngOf(4, 4, new Uint8Array(19)), 'its header says 20 bytes; found 19'],
    ['more pixels than its header says', pngOf(4, 4, new Uint8Array(1e6)), 'its header says 20 bytes; it contains more'],
    ['a filter that there is not', pngOf(1, 1, Uint8Array.of(9, 0)), 'row 0 has filter 9'],
    ['no pixels', pngOf(0, 4, new Uint8Array()), 'its size is 4 × 0'],
  ])('with %s is refused', async (_, bytes, message) => {
    const folder = temporaryFolder({ 'a.png': bytes });
    await expect(loadData(folder)).rejects.toThrow(message);
    await expect(loadData(folder)).rejects.toMatchObject({ name: 'DataError' });
  }); // prettier-ignore

  it('without its end is refused', async () => {
    for (const name of ['plain.jpg', 'progressive.jpg', 'grey.jpg']) {
      const whole = readFileSync(path.join(FIXTURES, name));
      const folder = temporaryFolder({ [name]: whole.subarray(0, whole.length - 20) });
      await expect(loadData(folder)).rejects.toThrow(
        `${name}: it cannot be read as a PNG or JPEG image (it is cut short`,
      );
    }
  });
});

describe('a folder of images', () => {
  it('is in colour wherever the first coloured one comes, loaded or streamed', async () => {
    const folder = folderWith('grey.jpg', 'grey-alpha.png', 'filtered.png');
    const [loaded, streamed] = [await loadData(folder), await collect(await streamImageFolder(folder))];
    expect(loaded.shape).toEqual({ kind: 'image', height: 12, width: 16, channels: 3 });
    expect(streamed.shape).toEqual(loaded.shape);
    expect(streamed.values).toEqual(loaded.values);
  });

  it('of masks keeps their 0 and 1', async () => {
    const mask = (...data: number[]) => encodePng({ width: 2, height: 1, channels: 1, data: Uint8Array.from(data) });
    const masks = { 'a.png': mask(0, 0), 'b.png': mask(1, 0) };
    expect([...(await loadData(temporaryFolder(masks))).values]).toEqual([0, 0, 1, 0]);
    const shades = temporaryFolder({ ...masks, 'c.png': mask(0, 255) });
    expect([...(await loadData(shades)).values]).toEqual([0, 0, 1 / 255, 0, 0, 1].map(Math.fround));
  });

  it('leaves out what is no image', async () => {
    const folder = folderWith('grey.jpg', 'bits.png');
    mkdirSync(path.join(folder, '.hidden'));
    const others = temporaryFolder({ '.DS_Store': 'x', 'Thumbs.db': 'x', 'desktop.ini': 'x', '._a.png': 'x', '__MACOSX/._a.png': 'x', 'a.png': pngOf(1, 1, Uint8Array.of(0, 5)) }); // prettier-ignore
    expect([(await loadData(folder)).length, (await loadData(others)).length]).toEqual([2, 1]);
  });
});

describe('work that is done apart', () => {
  // Takes seconds to decode, and 36 MB.
  const large = pngOf(6000, 6000, new Uint8Array(6001 * 6000));

  it('is ended when it takes too long, or too much memory; the next goes on', async () => {
    const folder = temporaryFolder({ 'large.png': large, 'small.png': pngOf(1, 1, Uint8Array.of(0, 51)) });
    const [file, small] = [path.join(folder, 'large.png'), path.join(folder, 'small.png')];
    const input = { files: [file], maxPixels: 1e9 };
    const late = apart('images', input, { name: file, seconds: 0.01 });
    await expect(late).rejects.toThrow(`${file}: its decoder did not finish within 0.01 s`);
    await expect(late).rejects.toMatchObject({ name: 'DataError' });
    const heavy = apart('images', input, { name: file, megabytes: 8 });
    await expect(heavy).rejects.toThrow(`${file}: decoding it takes too much memory`);
    const next = await apart('images', { files: [small], maxPixels: 1e9 }, { name: small });
    expect([...next.values]).toEqual([Math.fround(0.2)]);
  });
});
