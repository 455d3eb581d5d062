import { Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { topEigenpairs } from '../../../../kernel/autoencoders/classical/topEigenpairs';
import { randomStream } from '../../../../kernel/autoencoders/random';

/** H diag(λ) H with the reflection H = I − 2vvᵀ: a full matrix whose eigenvalues are known. */
function withEigenvalues(lambda: number[]): Matrix {
  const d = lambda.length;
  const v = Matrix.from1DArray(d, 1, randomStream(1, 'test').normals(d));
  v.div(v.norm());
  const reflection = Matrix.sub(Matrix.eye(d), v.mmul(v.transpose()).mul(2));
  return reflection.mmul(Matrix.diag(lambda)).mmul(reflection);
}

async function expectEigenpairs(s: Matrix, k: number, lambda: number[]): Promise<void> {
  const { values, vectors } = await topEigenpairs(s, k);
  expect([values.length, vectors.rows, vectors.columns]).toEqual([k, s.rows, k]);
  values.forEach((value, i) => expect(value).toBeCloseTo(lambda[i]!, 6));
  const residual = Matrix.sub(s.mmul(vectors), vectors.clone().mulRowVector(values));
  expect(residual.norm()).toBeLessThan(1e-5 * lambda[0]!);
  expect(Matrix.sub(vectors.transpose().mmul(vectors), Matrix.eye(k)).norm()).toBeLessThan(1e-10);
}

describe('topEigenpairs', () => {
  it('finds the largest eigenvalues of small matrices', async () => {
    await expectEigenpairs(withEigenvalues([1, 9, 4, 0, 2]), 3, [9, 4, 2]);
  });

  it('finds those of large ones, in any order of size', async () => {
    const lambda = Array.from({ length: 400 }, (_, i) => 100 * 0.9 ** i);
    await expectEigenpairs(withEigenvalues([...lambda].reverse()), 5, lambda);
  });

  it('finds every copy of a repeated eigenvalue', async () => {
    const lambda = [7, 7, 7, 7, ...Array.from({ length: 396 }, (_, i) => 3 / (1 + i))];
    await expectEigenpairs(withEigenvalues(lambda), 6, [7, 7, 7, 7, 3, 1.5]);
  });

  it('tells eigenvalues apart that lie close', async () => {
    const lambda = Array.from({ length: 400 }, (_, i) => 2 - i / 400);
    await expectEigenpairs(withEigenvalues(lambda), 4, lambda);
  });

  it('finds all of a whole spectrum, signs and multiplicities too', async () => {
    const lambda = Array.from({ length: 90 }, (_, i) => Math.floor(20 - i / 3));
    await expectEigenpairs(withEigenvalues(lambda), 90, lambda);
  });

  it('takes the identity, zeros and a diagonal: matrices that are tridiagonal already', async () => {
    for (const lambda of [
      new Array<number>(80).fill(1),
      new Array<number>(80).fill(0),
      [...Array(80).keys()].toReversed(),
    ]) {
      const { values, vectors } = await topEigenpairs(Matrix.diag(lambda), 5);
      values.forEach((value, i) => expect(value).toBeCloseTo(lambda[i]!, 12));
      expect(Matrix.sub(vectors.transpose().mmul(vectors), Matrix.eye(5)).norm()).toBeLessThan(1e-10);
    }
  });

  it('takes matrices of low rank', async () => {
    await expectEigenpairs(withEigenvalues([5, 2, ...new Array<number>(298).fill(0)]), 3, [5, 2, 0]);
  });
});
