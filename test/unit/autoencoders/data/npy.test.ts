import { describe, expect, it } from 'vitest';
import { readNpy } from '../../../../kernel/autoencoders/data/index';
import { npy } from './npyFile';
import { temporaryFile } from './temporaryFolder';

/** The same of any header, by version 2.0 or 3.0: its length has four bytes. */
function header(dictionary: string, values: Uint8Array, version = 2): Uint8Array {
  const start = Buffer.from([0x93, ...Buffer.from('NUMPY'), version, 0, 0, 0, 0, 0]);
  const text = Buffer.from(`${dictionary}\n`);
  start.writeUInt32LE(text.length, 8);
  return Buffer.concat([start, text, values]);
}

const valuesOf = async (bytes: Uint8Array): Promise<number[]> => [
  ...(await readNpy(temporaryFile('a.npy', bytes))).values,
];

describe('readNpy', () => {
  it.each([
    ['<f4', Float32Array.of(-1.5, 2, 3, 4)],
    ['<f8', Float64Array.of(-1.5, 2, 3, 4)],
    ['<i2', Int16Array.of(-2, 2, 3, 4)],
    ['<i4', Int32Array.of(-2, 2, 3, 4)],
    ['|i1', Int8Array.of(-2, 2, 3, 4)],
    ['|u1', Uint8Array.of(255, 2, 3, 4)],
    ['<u2', Uint16Array.of(65535, 2, 3, 4)],
  ])('reads %s', async (descr, values) => {
    expect(await valuesOf(npy(descr, [2, 2], values))).toEqual([...values]);
  });

  it('reads 64-bit integers, half floats and booleans as numbers', async () => {
    expect(await valuesOf(npy('<i8', [2, 1], BigInt64Array.of(-5n, 7n)))).toEqual([-5, 7]);
    expect(await valuesOf(npy('<f2', [2, 1], Uint16Array.of(0x3c00, 0xc100)))).toEqual([1, -2.5]);
    expect(await valuesOf(npy('|b1', [2, 1], Uint8Array.of(1, 0)))).toEqual([1, 0]);
  });

  it.each([
    ['>f4', Float32Array.of(-1.5, 2)],
    ['>f8', Float64Array.of(-1.5, 2e-3)],
    ['>i2', Int16Array.of(-2, 300)],
    ['>u4', Uint32Array.of(4294967295, 7)],
    ['>i8', BigInt64Array.of(-(2n ** 40n), 7n)],
    ['>u8', BigUint64Array.of(2n ** 63n, 1n)],
  ])('reads %s, big-endian', async (descr, values) => {
    const bytes = Buffer.from(values.buffer.slice(0));
    if (values.BYTES_PER_ELEMENT === 2) bytes.swap16();
    else if (values.BYTES_PER_ELEMENT === 4) bytes.swap32();
    else bytes.swap64();
    const swapped = new Uint8Array(Uint8Array.from(bytes).buffer);
    expect(await valuesOf(npy(descr, [2, 1], swapped))).toEqual(
      Array.from<number | bigint, number>(values as ArrayLike<number | bigint>, (one) => Math.fround(Number(one))),
    );
  });

  it('reads the headers of versions 2 and 3, and the shapes that Python 2 wrote', async () => {
    const dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': (1L, 2L), }";
    for (const version of [2, 3]) {
      expect(await valuesOf(header(dictionary, new Uint8Array(Float32Array.of(3, -4).buffer), version))).toEqual([
        3, -4,
      ]);
    }
  });

  it('takes bytes of images that are all 0 or 1 for masks', async () => {
    expect(await valuesOf(npy('|u1', [2, 1, 2], Uint8Array.of(0, 1, 1, 0)))).toEqual([0, 1, 1, 0]);
    expect(await valuesOf(npy('|u1', [2, 1, 2], Uint8Array.of(0, 1, 2, 0)))).toEqual([0, 1, 2, 0].map((one) => Math.fround(one / 255)));
  }); // prettier-ignore

  it('puts Fortran order into row order', async () => {
    // [[1, 2, 3], [4, 5, 6]] column by column.
    expect(await valuesOf(npy('<f4', [2, 3], Float32Array.of(1, 4, 2, 5, 3, 6), true))).toEqual([1, 2, 3, 4, 5, 6]);
    // a[i, j, k] = 100i + 10j + k for i < 2, j < 1, k < 3.
    const values = Float32Array.of(0, 100, 1, 101, 2, 102);
    expect(await valuesOf(npy('<f4', [2, 1, 3], values, true))).toEqual([0, 1, 2, 100, 101, 102]);
  });

  it('makes images in [0, 1] of bytes with three or four axes', async () => {
    const file = temporaryFile('a.npy', npy('|u1', [1, 2, 2], Uint8Array.of(0, 255, 51, 0)));
    const data = await readNpy(file, { labels: [1], classNames: ['no', 'yes'] });
    expect(data.shape).toEqual({ kind: 'image', height: 2, width: 2, channels: 1 });
    expect([...data.values]).toEqual([0, 1, Math.fround(0.2), 0]);
    expect([[...data.labels!], data.classNames]).toEqual([[1], ['no', 'yes']]);
  });

  it('reads labels from a file', async () => {
    const labels = temporaryFile('y.npy', npy('<i8', [2], BigInt64Array.of(1n, 0n)));
    const data = await readNpy(temporaryFile('x.npy', npy('<f4', [2, 1], Float32Array.of(1, 2))), { labels });
    expect([...data.labels!]).toEqual([1, 0]);
  });

  const whole = npy('<f4', [2, 2], Float32Array.of(1, 2, 3, 4));
  it.each([
    ['a file cut short', whole.subarray(0, -4), 'cut short; its header says [2, 2] of f4, 16 bytes of values; found 12'],
    ['a file cut within a value', whole.subarray(0, -3), 'cut short; its header says [2, 2] of f4, 16 bytes of values; found 13'],
    ['a file cut within its header', whole.subarray(0, 30), 'cut short; expected 118 more bytes (the header), found 20'],
    ['a file that is too long', Buffer.concat([whole, new Uint8Array(4)]), 'too long'],
    ['another file', Buffer.from('a,b,c\n1,2,3\n'), 'this is not an .npy file; it starts with “a,b,c?1,”'],
    ['an empty file', new Uint8Array(), 'this is not an .npy file; it starts with nothing'],
    ['complex numbers', npy('<c8', [1, 1], Float32Array.of(1, 2)), 'found complex numbers (type c8); expected real numbers'],
    ['objects', npy('|O', [1, 1], Uint8Array.of(1)), 'found Python objects (type O); expected real numbers'],
    ['text', npy('<U3', [1, 1], new Uint8Array(12)), 'found text (type U3); expected real numbers'],
    ['dates', npy('<M8[ns]', [1, 1], new Uint8Array(8)), 'found dates or times (type M8); expected real numbers'],
    ['long doubles', npy('<f16', [1, 1], new Uint8Array(16)), 'found values of another kind (type f16)'],
    ['no values', npy('<f4', [0, 3], new Float32Array()), 'the shape [0, 3] holds no values'],
    ['more values than the file can hold', npy('|u1', [2, 2000000000], new Uint8Array(16)), 'cut short; its header says [2, 2000000000] of u1, 4000000000 bytes of values; found 16'],
    ['sizes whose product overflows', npy('<f8', [4294967296, 4294967296, 4294967296], new Uint8Array(0)), 'cut short; its header says'],
    ['a negative size', npy('<f4', [-2, -2], Float32Array.of(1, 2, 3, 4)), 'the header of this .npy file is damaged'],
    ['a header of records', header("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }", new Uint8Array(8)), 'found records of several fields; expected real numbers'],
    ['a version to come', Buffer.concat([Buffer.from([0x93]), Buffer.from('NUMPY\x04\x00')]), 'of version 4; LatentLab reads 1 to 3'],
    ['one axis', npy('<f4', [4], Float32Array.of(1, 2, 3, 4)), 'found an array of shape [4]; expected [samples, features]'],
  ])('refuses %s', async (_, bytes, message) => {
    const file = temporaryFile('bad.npy', bytes);
    await expect(readNpy(file)).rejects.toThrow(message);
    await expect(readNpy(file)).rejects.toThrow(file);
  }); // prettier-ignore
});
