import { describe, expect, it } from 'vitest';
import { readNpy } from '../../../../kernel/autoencoders/data/index';
import { temporaryFile } from './temporaryFolder';

/** A file by NumPy's specification of version 1.0: magic, version, length of the header, header, values. */
function npy(descr: string, shape: number[], values: ArrayBufferView, fortranOrder = false): Uint8Array {
  const order = fortranOrder ? 'True' : 'False';
  const dictionary = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${shape.join(', ')},), }`;
  const header = `${dictionary.padEnd(64 * Math.ceil((dictionary.length + 11) / 64) - 11)}\n`;
  const start = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, header.length & 255, header.length >> 8]);
  return Buffer.concat([start, Buffer.from(header), Buffer.from(values.buffer)]);
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
    ['a file cut short', whole.subarray(0, -4), 'cut short; its header says [2, 2], 4 values; found 3'],
    ['a file cut within a value', whole.subarray(0, -3), 'no whole .npy file of numbers'],
    ['a file cut within its header', whole.subarray(0, 30), 'no whole .npy file'],
    ['a file that is too long', Buffer.concat([whole, new Uint8Array(4)]), 'too long'],
    ['another file', Buffer.from('a,b,c\n1,2,3\n'), 'no whole .npy file of numbers (Not an .npy file)'],
    ['an empty file', new Uint8Array(), 'no whole .npy file'],
    ['complex numbers', npy('<c8', [1, 1], Float32Array.of(1, 2)), 'found values of type c8; expected real numbers'],
    ['objects', npy('|O', [1, 1], Uint8Array.of(1)), 'Unsupported dtype: |O'],
    ['big-endian numbers', npy('>f4', [1, 1], Float32Array.of(1)), 'Unsupported dtype: >f4'],
    ['one axis', npy('<f4', [4], Float32Array.of(1, 2, 3, 4)), 'found an array of shape [4]; expected [samples, features]'],
  ])('refuses %s', async (_, bytes, message) => {
    const file = temporaryFile('bad.npy', bytes);
    await expect(readNpy(file)).rejects.toThrow(message);
    await expect(readNpy(file)).rejects.toThrow(file);
  }); // prettier-ignore
});
