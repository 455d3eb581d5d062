import { describe, expect, it } from 'vitest';
import { decode as shown, encodedArray } from '../../../renderer/data';
import { decode, encode, encodeAscending, encodeCodes, encodeIndices, toBytes } from '../../../kernel/views/encoding';

describe('encoded arrays', () => {
  it('are little-endian float32 in base64', () => {
    const bytes = Buffer.from(encode('float32', [1, -2]).data, 'base64');
    expect([...bytes]).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);
  });

  it('are little-endian int32 in base64', () => {
    expect([...Buffer.from(encode('int32', [258]).data, 'base64')]).toEqual([2, 1, 0, 0]);
  });

  it.each([
    ['a byte each', [0, 3, 255], 4],
    ['four bytes each where one is too large', [0, 256], 12],
    ['four bytes each where one is below 0', [-1, 7], 12],
    ['nothing', [], 0],
  ])('of indices take %s', (_, indices, characters) => {
    const packed = encodeIndices(indices);
    expect([...decode(packed)]).toEqual(indices);
    expect(packed.data).toHaveLength(characters);
  });

  it('of many indices of few kinds take less than a byte each', () => {
    const classes = Array.from({ length: 10_000 }, (_, i) => ((i * i * 7) % 11) % 10);
    const packed = encodeIndices(classes);
    expect(packed.shape).toEqual([10_000]);
    expect(packed.data.length).toBeLessThan(10_000);
    expect([...decode(packed)]).toEqual(classes);
  });

  it.each([
    ['less than a byte each', Array.from({ length: 1000 }, (_, i) => 3 * i + (i % 2)), 'uint8'],
    ['two bytes each where some are far apart', [0, 5, 5, 900, 66_000], 'uint16'],
    ['four bytes each where they are farther', [7, 1_000_000], 'int32'],
    ['nothing', [], 'uint8'],
  ])('of ascending numbers take %s', (_, ascending, dtype) => {
    const packed = encodeAscending(ascending);
    expect(packed).toMatchObject({ dtype, shape: [ascending.length] });
    expect([...decode(packed)]).toEqual(ascending);
    // The renderer reads the same.
    expect([...shown(packed)]).toEqual(ascending);
    expect(packed.data.length).toBeLessThanOrEqual(ascending.length * 6);
    if (dtype === 'uint8') expect(packed.data.length).toBeLessThanOrEqual(ascending.length);
  });

  it('come back as they were, also a view into a larger buffer', () => {
    const part = new Float32Array([9, 0.1, NaN, 1e30, 9]).subarray(1, 4);
    const encoded = encode('float32', part, [3, 1]);
    expect(encoded.shape).toEqual([3, 1]);
    expect(decode(encoded)).toEqual(Float32Array.from(part));
  });

  it('refuse a shape that the values do not fill', () => {
    expect(() => encode('uint8', [1, 2, 3], [2, 2])).toThrow(
      '3 values do not fill an array of shape [2, 2] (4 values)',
    );
  });

  it('are codes of two bytes where nobody computes with them: off by half a step of their column at most', () => {
    const values = Float32Array.from({ length: 300 }, (_, i) => (i % 3 === 2 ? 5 : Math.sin(i) * 10 ** (i % 3)));
    values[4] = NaN;
    values[7] = Infinity;
    const encoded = encodeCodes(values, [100, 3]);
    expect(Buffer.from(encoded.data, 'base64')).toHaveLength(600);
    const read = decode(encoded);
    values.forEach((value, i) => {
      if (!Number.isFinite(value)) return expect(read[i]).toBeNaN();
      expect(Math.abs(read[i]! - value)).toBeLessThanOrEqual(([2, 20, 0][i % 3]! / 65_534) * 0.5 + 1e-6);
    });
  });

  it('keep the digits of most numbers where a few are far from them, which come back as they were', () => {
    const n = 1000;
    const values = Float32Array.from({ length: 2 * n }, (_, i) => Math.sin(i) + (i % 2) * 50);
    const far: [place: number, value: number][] = [[12, 1e6], [401, -3.4e30], [777, 123_456.79]]; // prettier-ignore
    for (const [place, value] of far) values[place] = value;
    const encoded = JSON.parse(JSON.stringify(encodeCodes(values, [n, 2]))) as ReturnType<typeof encodeCodes>;
    expect(encoded.scale!.far!.places).toEqual(far.map(([place]) => place));
    expect(encodedArray.problem(encoded)).toBeUndefined();
    for (const read of [decode(encoded), shown(encoded)]) {
      for (const [place] of far) expect(read[place]).toBe(values[place]);
      values.forEach((value, i) => {
        if (!far.some(([place]) => place === i)) expect(Math.abs(read[i]! - value)).toBeLessThan(2e-5);
      });
    }
  });

  it('have no more far numbers than there is room for, however heavy the tails are', () => {
    const n = 20_000;
    const cauchy = Float32Array.from(
      { length: n },
      (_, i) => Math.tan(Math.PI * (((i * 0.618034 + 0.25) % 1) - 0.5)) ** 3,
    );
    const read = decode(encodeCodes(cauchy, [n, 1]));
    const { far, step } = encodeCodes(cauchy, [n, 1]).scale!;
    expect(far!.places.length).toBeLessThanOrEqual(n / 500);
    expect(Math.max(...cauchy.map((value, i) => Math.abs(read[i]! - value) / Math.max(step[0]!, 1e-6 * Math.abs(value))))).toBeLessThan(0.6); // prettier-ignore
  });

  it('round image values to the nearest of 256 levels, clamp them, and make NaN black', () => {
    expect([...toBytes([0, 1, 0.5, 0.2 / 255, -1, 2, NaN])]).toEqual([0, 255, 128, 0, 0, 255, 0]);
  });
});
