import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { FiniteScalarQuantizer } from '../../../../kernel/autoencoders/quantizers/finiteScalarQuantizer';
import { LookupFreeQuantizer } from '../../../../kernel/autoencoders/quantizers/lookupFreeQuantizer';
import { randomStream } from '../../../../kernel/autoencoders/random';

beforeAll(() => tf.setBackend('cpu'));

const distinct = (rows: unknown[]) => new Set(rows.map((row) => JSON.stringify(row))).size;

describe('finite scalar quantisation', () => {
  const LEVELS = [8, 5, 2, 3];
  const quantizer = new FiniteScalarQuantizer(LEVELS);

  it('has as many codes as there are combinations of levels, each in [−1, 1]', () => {
    const codes = quantizer.codes().arraySync();
    expect([quantizer.codebookSize, codes.length, distinct(codes)]).toEqual([240, 240, 240]);
    LEVELS.forEach((L, i) => {
      const levels = [...new Set(codes.map((code) => code[i]!))].sort((a, b) => a - b);
      const half = Math.floor(L / 2);
      levels.forEach((level, j) => expect(level).toBeCloseTo((j - half) / half, 6));
      expect(levels).toHaveLength(L);
    });
  });

  it('gives each code by an index and the index by the code', () => {
    const all = tf.range(0, 240, 1, 'int32').expandDims<tf.Tensor2D>(1);
    const codes = quantizer.lookup(all);
    // Vectors that the bound takes to the levels: its inverse, in float64.
    const inverse = codes.arraySync().map((code) => code.map((value, i) => unbounded(value, LEVELS[i]!)));
    expect([...quantizer.indices(tf.tensor2d(inverse)).dataSync()]).toEqual([...all.dataSync()]);
    const { quantized } = quantizer.quantize(tf.tensor2d(inverse));
    quantized.dataSync().forEach((value, i) => expect(value).toBeCloseTo(codes.dataSync()[i]!, 5));
  });

  it('counts with the first dimension fastest', () => {
    const index = (code: number[]) => {
      const z = code.map((value, i) => unbounded(value, LEVELS[i]!));
      return quantizer.indices(tf.tensor2d([z])).dataSync()[0];
    };
    expect(index([-1, -1, -1, -1])).toBe(0);
    expect(index([-0.75, -1, -1, -1])).toBe(1);
    expect(index([-1, -0.5, -1, -1])).toBe(8);
    expect(index([-1, -1, -1, 0])).toBe(80);
  });

  it('keeps every vector within its levels', () => {
    const z = tf.tensor2d(randomStream(3, 'z').normals(4000), [1000, 4]).mul<tf.Tensor2D>(20);
    const indices = quantizer.indices(z).dataSync();
    expect(indices.every((index) => index >= 0 && index < 240)).toBe(true);
    expect(indices.some((index) => index === 239)).toBe(true);
  });

  it('has the gradient of its bound: straight through the rounding', () => {
    const z = [0.3, -0.8, 0.4, 0.1];
    const gradient = tf.grad((x) => quantizer.quantize(x as tf.Tensor2D).quantized.sum())(tf.tensor2d([z]));
    LEVELS.forEach((L, i) => {
      const h = 1e-4;
      const slope = (bounded(z[i]! + h, L) - bounded(z[i]! - h, L)) / (2 * h) / Math.floor(L / 2);
      expect(gradient.dataSync()[i]).toBeCloseTo(slope, 4);
    });
  });

  it('rounds codebooks of a million codes to the right index', () => {
    const large = new FiniteScalarQuantizer([1024, 1024]);
    const some = tf.tensor2d([1023, 1024, 1047552, 1048575], [4, 1], 'int32');
    const [a, b, c, d] = large.lookup(some).arraySync();
    expect([a, b, c, d]).toEqual([
      [511 / 512, -1],
      [-1, -511 / 512],
      [-1, 511 / 512],
      [511 / 512, 511 / 512],
    ]);
  });
});

/** f of Mentzer et al. 2023, appendix A.1, in float64. */
function bounded(z: number, L: number): number {
  const [half, offset] = [((L - 1) * 0.999) / 2, L % 2 === 0 ? 0.5 : 0];
  return half * Math.tanh(z + Math.tan(offset / half)) - offset;
}

/** A z that f takes near the level of a code in [−1, 1]: the outermost lie beyond its range. */
function unbounded(code: number, L: number): number {
  const [half, offset] = [((L - 1) * 0.999) / 2, L % 2 === 0 ? 0.5 : 0];
  const ratio = (code * Math.floor(L / 2) + offset) / half;
  return Math.atanh(Math.max(-0.999, Math.min(0.999, ratio))) - Math.tan(offset / half);
}

describe('lookup-free quantisation', () => {
  const quantizer = new LookupFreeQuantizer({ bits: 3, commitment: 0.25, entropyWeight: 0.1, temperature: 1 });

  it('takes signs, and counts them as bits, the first the lowest', () => {
    const z = tf.tensor2d([
      [0.1, -3, 2],
      [-0.1, -0.2, -0.3],
      [1, 1, 0],
    ]);
    const { quantized, indices } = quantizer.quantize(z);
    expect(indices.arraySync()).toEqual([[5], [0], [3]]);
    const signs = [1, -1, 1, -1, -1, -1, 1, 1, -1];
    quantized.dataSync().forEach((value, i) => expect(value).toBeCloseTo(signs[i]!, 6));
    expect(quantizer.lookup(indices).flatten().arraySync()).toEqual(signs);
  });

  it('has one code for each index', () => {
    const codes = quantizer.codes();
    expect(distinct(codes.arraySync())).toBe(8);
    expect([...quantizer.indices(codes).dataSync()]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('pulls vectors to their signs: the commitment is a mean over vectors, summed over bits', () => {
    const z = tf.tensor2d([
      [0.5, -1, 2],
      [-3, 0.5, 1],
    ]);
    expect(quantizer.quantize(z).terms['commitment']!.value.dataSync()[0]).toBeCloseTo(
      (0.25 + 0 + 1 + 4 + 0.25 + 0) / 2,
      6,
    );
  });
});
