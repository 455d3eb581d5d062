import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { interpolate, lerp, slerp, swapLatents, traverse } from '../../../../kernel/autoencoders/index';
import type { SampleInput } from '../../../../kernel/autoencoders/index';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** Decodes to twice its latents. */
const doubling = {
  latentDimensions: 2,
  encode: (x: SampleInput) => tf.tensor2d(x as number[][]).div<tf.Tensor2D>(2),
  decode: (z: tf.Tensor2D) => z.mul<tf.Tensor2D>(2),
};

const norm = (z: number[]) => Math.hypot(...z);

describe('slerp', () => {
  it('keeps the length and turns at an even pace', () => {
    const [a, b] = [
      [2, 0, 0],
      [0, 0, 2],
    ];
    for (const t of [0, 0.25, 0.5, 1]) {
      const z = slerp(a, b, t);
      expect(norm(z)).toBeCloseTo(2, 12);
      expect(Math.atan2(z[2]!, z[0]!)).toBeCloseTo((t * Math.PI) / 2, 12);
    }
    expect(norm(lerp(a, b, 0.5))).toBeCloseTo(Math.SQRT2, 12);
  });

  it('changes the length evenly', () => {
    expect(norm(slerp([1, 0], [0, 3], 0.25))).toBeCloseTo(1.5, 12);
  });

  it('goes straight where there is no circle', () => {
    expect(slerp([1, 0], [-1, 0], 0.5)).toEqual([0, 0]);
    expect(slerp([0, 0], [2, 4], 0.5)).toEqual([1, 2]);
    expect(slerp([1, 2], [2, 4], 0.5)).toEqual([1.5, 3]);
  });

  it('needs vectors of one length', () => {
    expect(() => slerp([1], [1, 2], 0.5)).toThrow('slerp: found vectors of 1 and 2 numbers.');
  });
});

describe('ways through a latent space', () => {
  it('interpolate from one end to the other', () => {
    const rows = interpolate(doubling, [0, 0], [1, -2], { steps: 3, path: 'lerp' }).arraySync();
    expect(rows).toEqual([
      [0, 0],
      [1, -2],
      [2, -4],
    ]);
    expect(() => interpolate(doubling, [0], [1, 1])).toThrow('interpolate expects 2 latent values; found 1.');
    expect(() => interpolate(doubling, [0, 0], [1, 1], { steps: 1 })).toThrow('"steps" is 1, allowed: at least 2.');
  });

  it('traverse one dimension after the other', () => {
    const rows = traverse(doubling, [0.5, 0.25], { steps: 2, from: -1, to: 1 }).arraySync();
    expect(rows).toEqual([
      [-2, 0.5],
      [2, 0.5],
      [1, -2],
      [1, 2],
    ]);
    expect(() => traverse(doubling, [0, 0], { dimensions: [2] })).toThrow('traverse: there is no dimension 2');
    expect(() => traverse(doubling, [0, 0], { steps: 0 })).toThrow('"steps" is 0, allowed: at least 1.');
  });

  it('swap some latents of one sample for those of another', () => {
    const rows = swapLatents(doubling, [[1, 2]], [[30, 40]], [1]).arraySync();
    expect(rows).toEqual([[1, 40]]);
    expect(() => swapLatents(doubling, [[1, 2]], [[3, 4]], [2])).toThrow('swapLatents: there is no dimension 2');
    expect(() => swapLatents(doubling, [[1, 2]], [[1, 2], [3, 4]], [0])).toThrow('found 1 rows of content and 2 of style'); // prettier-ignore
  });
});
