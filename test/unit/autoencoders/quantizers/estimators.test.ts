import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { rotationTrick, straightThrough } from '../../../../kernel/autoencoders/quantizers/estimators';
import { randomStream } from '../../../../kernel/autoencoders/random';

beforeAll(() => tf.setBackend('cpu'));

type Pass = (z: tf.Tensor2D, q: tf.Tensor2D) => tf.Tensor2D;

/** The Jacobian of `pass(·, q)` at z, row by row: J[i][j] = ∂ output i / ∂ z_j. */
function jacobian(pass: Pass, z: number[], q: number[]): number[][] {
  return z.map((_, i) => {
    const along = tf.tensor2d([z.map((_, j) => (i === j ? 1 : 0))]);
    const output = (x: tf.Tensor) =>
      pass(x as tf.Tensor2D, tf.tensor2d([q]))
        .mul(along)
        .sum();
    return [
      ...tf
        .grad(output)(tf.tensor2d([z]))
        .dataSync(),
    ];
  });
}

const norm = (v: number[]) => Math.hypot(...v);
const times = (J: number[][], v: number[]) => J.map((row) => row.reduce((sum, value, j) => sum + value * v[j]!, 0));

/** The largest entry of |JᵀJ/λ² − I|. */
function offOrthogonal(J: number[][], lambda: number): number {
  const entries = J.flatMap((_, i) =>
    J.map((_, j) => {
      const product = J.reduce((sum, row) => sum + row[i]! * row[j]!, 0);
      return Math.abs(product / lambda ** 2 - (i === j ? 1 : 0));
    }),
  );
  return Math.max(...entries);
}

const PAIRS: Record<string, [z: number[], q: number[]]> = {
  'at random': [
    [0.3, -1.2, 0.7, 0.1],
    [1.5, 0.4, -0.2, 0.9],
  ],
  'far apart in norm': [
    [0.003, -0.012, 0.007, 0.001],
    [15, 4, -2, 9],
  ],
  parallel: [
    [1, 2, -1, 0.5],
    [2, 4, -2, 1],
  ],
  opposite: [
    [1, 2, -1, 0.5],
    [-2, -4, 2, -1],
  ],
  'all but opposite': [
    [1, 2, -1, 0.5],
    [-2, -4, 2, -1.003],
  ],
};

describe('the rotation trick', () => {
  it.each(Object.entries(PAIRS))('has the value of the code, vectors %s', (_, [z, q]) => {
    const value = rotationTrick(tf.tensor2d([z]), tf.tensor2d([q])).dataSync();
    q.forEach((entry, i) => expect(Math.abs(value[i]! - entry)).toBeLessThan(1e-6 * norm(q)));
  });

  it.each(Object.entries(PAIRS))('is ‖q‖/‖z‖ times an orthogonal map that takes z to q, vectors %s', (name, [z, q]) => {
    const J = jacobian(rotationTrick, z, q);
    expect(offOrthogonal(J, norm(q) / norm(z))).toBeLessThan(1e-6);
    // Where vectors are opposite but for rounding, the turned one is −z.
    const allowed = name === 'all but opposite' ? 1e-3 : 2e-6;
    times(J, z).forEach((entry, i) => expect(Math.abs(entry - q[i]!)).toBeLessThan(allowed * norm(q)));
  });

  it('turns within the plane of z and q alone', () => {
    const J = jacobian(rotationTrick, [2, 0, 0, 0], [3, 3, 0, 0]);
    const lambda = Math.sqrt(18) / 2;
    const [c, s] = [Math.SQRT1_2 * lambda, Math.SQRT1_2 * lambda];
    const expected = [
      [c, -s, 0, 0],
      [s, c, 0, 0],
      [0, 0, lambda, 0],
      [0, 0, 0, lambda],
    ];
    J.flat().forEach((entry, i) => expect(entry).toBeCloseTo(expected.flat()[i]!, 5));
  });

  it.each([
    ['z', [0, 0, 0], [1, 2, 3]],
    ['q', [1, 2, 3], [0, 0, 0]],
  ])('is the straight-through estimator where %s is zero', (_, z, q) => {
    expect([...rotationTrick(tf.tensor2d([z]), tf.tensor2d([q])).dataSync()]).toEqual(q);
    expect(jacobian(rotationTrick, z, q)).toEqual(jacobian(straightThrough, z, q));
  });
});

describe('the straight-through estimator', () => {
  it('has the value of the code and the identity as its Jacobian', () => {
    const [z, q] = PAIRS['at random']!;
    const value = straightThrough(tf.tensor2d([z]), tf.tensor2d([q])).dataSync();
    q.forEach((entry, i) => expect(value[i]).toBeCloseTo(entry, 6));
    expect(jacobian(straightThrough, z, q)).toEqual(z.map((_, i) => z.map((_, j) => (i === j ? 1 : 0))));
  });

  it('and the rotation trick keep the vectors of a batch apart', () => {
    const rows = tf.tensor2d(randomStream(1, 'z').normals(12), [4, 3]);
    const first = (z: tf.Tensor) =>
      rotationTrick(z as tf.Tensor2D, rows.add(1))
        .slice(0, 1)
        .square()
        .sum();
    const gradient = tf.grad(first)(rows).arraySync() as number[][];
    expect(gradient.slice(1).flat()).toEqual(new Array(9).fill(0));
    expect(gradient[0]!.some((value) => value !== 0)).toBe(true);
  });
});
