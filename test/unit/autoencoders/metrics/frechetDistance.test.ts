import { describe, expect, it } from 'vitest';
import { Matrix } from 'ml-matrix';
import {
  fittedGaussian,
  frechetDistance,
  gaussianFrechetDistance,
  randomStream,
} from '../../../../kernel/autoencoders/index';

const diagonal = (values: number[]) => Matrix.diag(values).to2DArray();
const rows = (n: number, m: number, seed: number) => {
  const draws = Array.from(randomStream(seed, 'rows').normals(n * m));
  return Array.from({ length: n }, (_, i) => draws.slice(i * m, (i + 1) * m));
};

describe('the Fréchet distance of two Gaussians', () => {
  it('is the squared shift of the means where covariances are equal', () => {
    const covariance = [[2, 0.7], [0.7, 1]]; // prettier-ignore
    expect(gaussianFrechetDistance({ mean: [0, 1], covariance }, { mean: [3, -1], covariance })).toBeCloseTo(13, 10);
  });

  it('is Σ (σ₁ − σ₂)² for diagonal covariances', () => {
    const [a, b] = [[4, 1, 0.25], [1, 9, 0]]; // prettier-ignore
    const expected = (2 - 1) ** 2 + (1 - 3) ** 2 + 0.5 ** 2;
    const mean = [0, 0, 0];
    const found = gaussianFrechetDistance({ mean, covariance: diagonal(a) }, { mean, covariance: diagonal(b) });
    expect(found).toBeCloseTo(expected, 10);
  });

  it('is tr Σ₁ + tr Σ₂ − 2 √(tr Σ₁Σ₂ + 2 √det Σ₁Σ₂) in two dimensions, whether the covariances commute or not', () => {
    const [a, b] = [new Matrix([[2, 0.7], [0.7, 1]]), new Matrix([[0.5, -0.3], [-0.3, 3]])]; // prettier-ignore
    const determinant = (m: Matrix) => m.get(0, 0) * m.get(1, 1) - m.get(0, 1) * m.get(1, 0);
    const root = Math.sqrt(a.mmul(b).trace() + 2 * Math.sqrt(determinant(a) * determinant(b)));
    const expected = a.trace() + b.trace() - 2 * root;
    const mean = [1, 2];
    const [first, second] = [a, b].map((covariance) => ({ mean, covariance: covariance.to2DArray() }));
    expect(gaussianFrechetDistance(first!, second!)).toBeCloseTo(expected, 10);
    expect(gaussianFrechetDistance(second!, first!)).toBeCloseTo(expected, 10);
  });

  it('needs as many dimensions on both sides', () => {
    const one = { mean: [0], covariance: [[1]] };
    const two = { mean: [0, 0], covariance: diagonal([1, 1]) };
    expect(() => gaussianFrechetDistance(one, two)).toThrow('found 1 and 2 dimensions');
  });
});

describe('the Fréchet distance of two sets', () => {
  it('is 0 for a set and itself, also where fewer rows than dimensions make covariances singular', async () => {
    expect(await frechetDistance(rows(50, 3, 1), rows(50, 3, 1))).toBeCloseTo(0, 10);
    expect(await frechetDistance(rows(4, 6, 1), rows(4, 6, 1).reverse())).toBeCloseTo(0, 6);
  });

  it('is that of their means and covariances, with n − 1', async () => {
    const values = [[0, 1], [2, 1], [4, 4]]; // prettier-ignore
    expect(await fittedGaussian(values)).toEqual({ mean: [2, 2], covariance: [[4, 3], [3, 3]] }); // prettier-ignore
    const moved = values.map(([a, b]) => [a! + 3, b! - 1]);
    expect(await frechetDistance(values, moved)).toBeCloseTo(10, 10);
  });

  it('needs two rows', async () => {
    await expect(frechetDistance([[1, 2]], [[1, 2]])).rejects.toThrow('at least two rows; found 1');
  });
});
