import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { entropyLoss } from '../../../../kernel/autoencoders/quantizers/entropy';
import { randomStream } from '../../../../kernel/autoencoders/random';

beforeAll(() => tf.setBackend('cpu'));

const CORNERS = [
  [1, 1],
  [1, -1],
  [-1, 1],
  [-1, -1],
];
const corners = tf.tensor2d(CORNERS);
const loss = (z: tf.Tensor2D, temperature = 1) => entropyLoss(z, corners, temperature).dataSync()[0]!;

describe('the entropy loss', () => {
  it('is −log K where each vector is sure of its code and all codes are used alike', () => {
    expect(loss(corners.mul(50))).toBeCloseTo(-Math.log(4), 5);
  });

  it('is 0 where all vectors are sure of one code, and where none prefers any', () => {
    expect(loss(corners.slice(0, 1).mul<tf.Tensor2D>(50).tile([5, 1]))).toBeCloseTo(0, 5);
    expect(loss(tf.zeros([5, 2]))).toBeCloseTo(0, 5);
  });

  it('is the mean entropy less the entropy of the mean, of float64, at any temperature', () => {
    const z = Array.from({ length: 6 }, (_, i) => [...randomStream(1, 'z', i).normals(2)]);
    const temperature = 0.7;
    const codes = corners.arraySync();
    const p = z.map((row) => {
      const weights = codes.map((e) => Math.exp(-((row[0]! - e[0]!) ** 2 + (row[1]! - e[1]!) ** 2) / temperature));
      const total = weights.reduce((a, b) => a + b);
      return weights.map((weight) => weight / total);
    });
    const entropy = (row: number[]) => -row.reduce((sum, share) => sum + share * Math.log(share), 0);
    const ofEach = p.reduce((sum, row) => sum + entropy(row), 0) / p.length;
    const mean = codes.map((_, k) => p.reduce((sum, row) => sum + row[k]!, 0) / p.length);
    expect(loss(tf.tensor2d(z), temperature)).toBeCloseTo(ofEach - entropy(mean), 5);
  });

  it('draws a crowd of vectors apart', () => {
    let z: tf.Tensor2D = tf.tensor2d(randomStream(2, 'z').normals(32), [16, 2]).mul<tf.Tensor2D>(0.1).add(0.2);
    const used = () => new Set(z.matMul(corners, false, true).argMax(1).dataSync()).size;
    const before = loss(z);
    for (let t = 0; t < 30; t++)
      z = z.sub(
        tf
          .grad((at) => entropyLoss(at as tf.Tensor2D, corners, 1))(z)
          .mul(4),
      );
    expect(loss(z)).toBeLessThan(before - 1);
    expect(used()).toBe(4);
  });
});
