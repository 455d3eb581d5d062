import { gzipSync } from 'node:zlib';
import { dump } from 'npyjs';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import wavefile from 'wavefile';
import { collect, loadData, streamData } from '../../../../kernel/autoencoders/data/index';
import { encodeSafetensors } from '../../../../kernel/autoencoders/training/checkpoints/safetensors';
import { temporaryFile } from './temporaryFolder';
import { zipFile } from './zipFile';

const numbers = (values: Parameters<typeof dump>[0], shape: number[]): Buffer => Buffer.from(dump(values, shape));
const x = numbers(Float32Array.of(1, 2, 3, 4, 5, 6), [3, 2]);

/** A .npy file of version 1.0 with this dictionary. */
function npy(descr: string, shape: string, content: Uint8Array): Buffer {
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape}), }\n`;
  const start = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, text.length & 255, text.length >> 8]);
  return Buffer.concat([start, Buffer.from(text), content]);
}

/** A safetensors file with this header, whatever it says. */
function safetensors(header: unknown, data: Uint8Array): Buffer {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, data]);
}

const warned = vi.spyOn(console, 'warn');
beforeEach(() => void warned.mockReset());

async function refusal(name: string, content: Uint8Array): Promise<string> {
  const file = temporaryFile(name, content);
  const both = [loadData(file), streamData(file).then(collect)];
  const [loaded, streamed] = await Promise.all(both.map((read) => read.then(() => 'read', (error: Error) => `${error.name}: ${error.message}`))); // prettier-ignore
  expect(streamed).toBe(loaded);
  expect(loaded).toContain(`DataError: ${file}`);
  return loaded!;
}

describe('an .npz', () => {
  it('that also holds objects and text gives its numbers, and says what it left out', async () => {
    const entries = { 'meta.npy': npy('|O', '2,', new Uint8Array(40)), 'x.npy': x, 'names.npy': npy('<U2', '2,', new Uint8Array(16)) }; // prettier-ignore
    const file = temporaryFile('a.npz', zipFile(entries, true));
    const data = await loadData(file);
    expect([...data.values]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(data.notices).toEqual([`${file}: left out meta (Python objects), names (text): no real numbers.`]);
    await expect(loadData(file, { array: 'meta' })).rejects.toThrow('meta: found Python objects (type O); expected real numbers'); // prettier-ignore
  });

  it('takes text for the names of classes, in either byte order', async () => {
    const text = (order: 'le' | 'be') => {
      const utf32 = Buffer.alloc(3 * 3 * 4);
      for (const [i, word] of ['dog', 'cat', 'dog'].entries()) {
        for (const [j, letter] of [...word].entries()) {
          const at = 4 * (3 * i + j);
          if (order === 'le') utf32.writeUInt32LE(letter.codePointAt(0)!, at);
          else utf32.writeUInt32BE(letter.codePointAt(0)!, at);
        }
      }
      return utf32;
    };
    for (const y of [
      npy('<U3', '3,', text('le')),
      npy('>U3', '3,', text('be')),
      npy('|S3', '3,', Buffer.from('dogcatdog')),
    ]) {
      const data = await loadData(temporaryFile('a.npz', zipFile({ 'x.npy': x, 'y.npy': y }, false)));
      expect([data.classNames, [...data.labels!]]).toEqual([['cat', 'dog'], [1, 0, 1]]); // prettier-ignore
    }
  });

  it('takes one-hot rows for classes, and floating-point numbers only when they are named', async () => {
    const hot = numbers(Uint8Array.of(0, 1, 0, 0, 0, 1, 1, 0, 0), [3, 3]);
    const data = await loadData(temporaryFile('a.npz', zipFile({ 'x.npy': x, 'y.npy': hot }, true)));
    expect([...data.labels!]).toEqual([1, 2, 0]);
    const y = numbers(Float64Array.of(2, 0, 1), [3]);
    const file = temporaryFile('b.npz', zipFile({ 'x.npy': x, 'y.npy': y }, true));
    const unnamed = await loadData(file);
    expect(unnamed.labels).toBeNull();
    expect(unnamed.notices[0]).toContain("y contains floating-point numbers, so it is not used as classes; { labels: 'y' } uses it anyway"); // prettier-ignore
    expect([...(await loadData(file, { labels: 'y' })).labels!]).toEqual([2, 0, 1]);
  });

  it('is refused when an entry cannot hold what it says, or its checksum is wrong', async () => {
    const whole = zipFile({ 'x.npy': x }, false);
    const flipped = Buffer.from(whole);
    // The last value, in the entry that is stored as it is.
    flipped[30 + 'x.npy'.length + x.length - 1]! ^= 1;
    expect(await refusal('a.npz', flipped)).toContain(
      'x.npy is damaged; its checksum is not the one it was saved with',
    );
    const bomb = zipFile({ 'x.npy': x }, true);
    bomb.writeUInt32LE(0x7fffffff, bomb.lastIndexOf('PK\u0001\u0002') + 24);
    expect(await refusal('b.npz', bomb)).toContain('x.npy would unpack to 2147483647 bytes');
    const large = zipFile({ 'x.npy': npy('|u1', '2, 2000000000', new Uint8Array(16)) }, true);
    expect(await refusal('c.npz', large)).toContain('cut short; its header says [2, 2000000000] of u1');
    expect(await refusal('d.npz', zipFile({}, true))).toContain('its arrays are none');
  });
});

describe('a safetensors file', () => {
  const shape = [2, 2];

  it.each([
    ['BF16', Uint16Array.of(0x3f80, 0xc000, 0x7f80, 0x4049), [1, -2, Infinity, 3.140625]],
    ['F16', Uint16Array.of(0x3c00, 0xc100, 0x7bff, 0x0001), [1, -2.5, 65504, 2 ** -24]],
    ['I64', BigInt64Array.of(-5n, 2n ** 40n, 7n, 0n), [-5, 2 ** 40, 7, 0]],
    ['BOOL', Uint8Array.of(0, 1, 1, 0), [0, 1, 1, 0]],
    ['F64', Float64Array.of(0.5, -2, 3, 4), [0.5, -2, 3, 4]],
  ])('holds %s', async (dtype, values, expected) => {
    const data = new Uint8Array(values.buffer);
    const bytes = safetensors({ x: { dtype, shape, data_offsets: [0, data.length] } }, data);
    for (const [name, content] of [['a.safetensors', bytes], ['a.safetensors.gz', gzipSync(bytes)]] as const) {
      expect([...(await loadData(temporaryFile(name, content))).values]).toEqual(expected);
    }
  }); // prettier-ignore

  const four = new Uint8Array(16);
  const entry = { dtype: 'F32', shape, data_offsets: [0, 16] };
  it.each([
    ['a tensor larger than the file', { x: { ...entry, shape: [2, 2e9], data_offsets: [0, 16e9] } }, four, 'tensor x ends at byte 16000000000'],
    ['a shape of more bytes than its offsets', { x: { ...entry, shape: [2, 3] } }, four, 'tensor x of shape [2, 3] has 16 bytes'],
    ['offsets that run backwards', { x: { ...entry, data_offsets: [16, 0] } }, four, 'has -16 bytes'],
    ['a negative size', { x: { ...entry, shape: [-2, -2] } }, four, 'lacks dtype, shape or data_offsets'],
    ['sizes whose product overflows', { x: { ...entry, shape: [2 ** 52, 2 ** 52, 2 ** 52] } }, four, 'of shape'],
    ['bytes of two tensors', { x: entry, y: entry }, four, 'are not one tensor'],
    ['bytes of no tensor', { x: entry }, new Uint8Array(20), '4 bytes follow the last tensor'],
    ['a header that is no JSON', '{"x": ', four, 'its header is not a JSON object'],
    ['a list for a header', [], four, 'its header is not a JSON object'],
    ['no tensor', {}, new Uint8Array(), 'its tensors are none'],
    ['an empty tensor', { x: { dtype: 'F32', shape: [0, 3], data_offsets: [0, 0] } }, new Uint8Array(), 'the shape [0, 3] holds no values'],
    ['eight bits of floating point', { x: { dtype: 'F8_E4M3', shape: [4, 4], data_offsets: [0, 16] } }, four, 'numbers of type F8_E4M3'],
  ])('is refused with %s', async (_, header, data, message) => {
    expect(await refusal('a.safetensors', safetensors(header, data))).toContain(message);
  }); // prettier-ignore

  it('gives its one filled tensor beside an empty one', async () => {
    const tensors = {
      a: { values: new Float32Array(), shape: [0, 2] },
      x: { values: Float32Array.of(1, 2), shape: [1, 2] },
    };
    expect([...(await loadData(temporaryFile('a.safetensors', encodeSafetensors(tensors)))).values]).toEqual([1, 2]);
  });
});

describe('other headers', () => {
  it('of WAV that say more sound than there is are refused; the length of a pipe is the rest of the file', async () => {
    const wav = new wavefile.WaveFile();
    wav.fromScratch(
      1,
      8000,
      '16',
      Array.from({ length: 2048 }, (_, i) => i),
    );
    const bytes = Buffer.from(wav.toBuffer());
    const sized = (size: number) => {
      const changed = Buffer.from(bytes);
      changed.writeUInt32LE(size, 40);
      return changed;
    };
    expect(await refusal('a.wav', sized(0x7fffffff))).toContain(
      'cut short; its sound has 2147483647 bytes, and 4096 are there',
    );
    const piped = await loadData(temporaryFile('b.wav', sized(0xffffffff)));
    expect([piped.length, piped.values[1025]]).toEqual([2, 1025 / 2 ** 15]);
  });

  it('of gzip that cannot unpack to what is said are refused', async () => {
    const idx = Buffer.from([0, 0, 8, 3, 0xff, 0xff, 0xff, 0xff, 0, 0, 1, 0, 0, 0, 1, 0, 1, 2, 3]);
    expect(await refusal('a.idx3.gz', gzipSync(idx))).toContain(
      'cut short; its header says [4294967295, 256, 256] of u1',
    );
    const short = Buffer.from([0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 8, 0, 0, 0, 8, 1, 2, 3]);
    expect(await refusal('b.idx3.gz', gzipSync(short))).toContain('cut short; expected 64 more bytes');
    const long = Buffer.from([0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3]);
    expect(await refusal('c.idx2.gz', gzipSync(long))).toContain('too long');
  });
});
