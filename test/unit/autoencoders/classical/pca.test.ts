import * as tf from '@tensorflow/tfjs';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { beforeAll, describe, expect, it } from 'vitest';
import { PCA } from '../../../../kernel/autoencoders/classical/index';
import { Dataset, fashionMnist } from '../../../../kernel/autoencoders/data/index';
import { randomStream } from '../../../../kernel/autoencoders/random';
import { chooseDevice } from '../../../../kernel/engine/devices';
import { countTurns } from './turns';

beforeAll(async () => {
  await chooseDevice('wasm');
});

const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);

/** Rows of N(μ, diag(σ²)) turned by 30° in the first two dimensions. */
function turnedGaussian(count: number): Dataset {
  const z = randomStream(5, 'test').normals(3 * count);
  const [cos, sin] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)];
  return Dataset.from(
    Array.from({ length: count }, (_, i) => {
      const [a, b, c] = [3 * z[3 * i]!, z[3 * i + 1]!, 0.1 * z[3 * i + 2]!];
      return [10 + cos * a - sin * b, sin * a + cos * b, c];
    }),
  );
}

/** Eigenvalues of the covariance, largest first, wholly in float64. */
function covarianceEigenvalues({ values, length, width }: Dataset): number[] {
  const x = Matrix.from1DArray(length, width, Float64Array.from(values)).center('column');
  const covariance = x.transpose().mmul(x).div(length);
  return new EigenvalueDecomposition(covariance, { assumeSymmetric: true }).realEigenvalues.sort((a, b) => b - a);
}

async function squaredError(pca: PCA, data: Dataset): Promise<number> {
  const mean = tf.tidy(() => tf.mean(tf.sum(tf.squaredDifference(data.tensor(), pca.reconstruct(data)), 1)));
  const [value] = await mean.data();
  mean.dispose();
  return value!;
}

describe('PCA', () => {
  it('finds the directions of a turned Gaussian', async () => {
    const pca = await PCA.fit(turnedGaussian(20_000), 2);
    expect([...pca.components.subarray(0, 3)].map((w) => w.toFixed(1))).toEqual(['0.9', '0.5', '-0.0'].map((w) => w.replace('-', '')));
    expect(pca.explainedVariance[0]).toBeCloseTo(9, 0);
    expect(pca.explainedVariance[1]).toBeCloseTo(1, 1);
    expect(pca.totalVariance).toBeCloseTo(10.01, 0);
  }); // prettier-ignore

  it('has the covariance’s eigenvalues, and leaves the discarded ones as squared error', async () => {
    const data = turnedGaussian(500);
    const eigenvalues = covarianceEigenvalues(data);
    for (const k of [1, 2, 3]) {
      const pca = await PCA.fit(data, k);
      pca.explainedVariance.forEach((value, i) => expect(value).toBeCloseTo(eigenvalues[i]!, 4));
      expect(await squaredError(pca, data)).toBeCloseTo(sum(eigenvalues.slice(k)), 4);
    }
    expect(sum((await PCA.fit(data, 3)).explainedVarianceRatio)).toBeCloseTo(1, 6);
  });

  it('says what it is', async () => {
    const data = (await fashionMnist()).take(50);
    const pca = await PCA.fit(data, 2);
    expect([pca.name, pca.latentDimensions, pca.inputShape]).toEqual(['PCA, 2 components', 2, data.shape]);
    expect((await PCA.fit(data, 1)).name).toBe('PCA, 1 component');
  });

  it('encodes the mean as 0 and decodes 0 as the mean', async () => {
    const pca = await PCA.fit(turnedGaussian(100), 2);
    const z = pca.encode([[...pca.mean]]);
    const x = pca.decode([[0, 0]]);
    expect([z.shape, x.shape]).toEqual([[1, 2], [1, 3]]);
    for (const value of await z.data()) expect(value).toBeCloseTo(0, 5);
    (await x.data()).forEach((value, i) => expect(value).toBeCloseTo(pca.mean[i]!, 5));
    tf.dispose([z, x]);
  }); // prettier-ignore

  it('takes tensors and rows, and frees what it made', async () => {
    const rows = tf.tensor2d([[1, 2], [3, 5], [4, 1], [0, 0]]); // prettier-ignore
    const before = tf.memory().numTensors;
    const pca = await PCA.fit(rows, 1);
    pca.reconstruct(rows).dispose();
    expect(tf.memory().numTensors).toBe(before);
    rows.dispose();
    expect(pca.mean).toEqual(Float32Array.of(2, 2));
  });

  it('works with fewer samples than values', async () => {
    const numbers = randomStream(6, 'test').normals(20 * 50);
    const data = Dataset.from({ values: numbers.map((z, i) => z * (1 + (i % 50))), shape: [20, 50] });
    const pca = await PCA.fit(data, 5);
    const eigenvalues = covarianceEigenvalues(data);
    pca.explainedVariance.forEach((value, i) => expect(value / eigenvalues[i]!).toBeCloseTo(1, 5));
    const error = sum(eigenvalues.slice(5));
    expect((await squaredError(pca, data)) / error).toBeCloseTo(1, 5);
  });

  it('reaches the least squared error per image on Fashion-MNIST’s test set, to 1e-3', async () => {
    const data = await fashionMnist();
    // Sums of the discarded eigenvalues of the whole covariance, in float64. Fitted to the 60,000 training images
    // instead, the errors on these are 36.14 and 19.09.
    for (const [k, least] of [[2, 36.1292], [10, 19.0558]] as const) {
      const error = await squaredError(await PCA.fit(data, k), data);
      expect(Math.abs(error / least - 1)).toBeLessThan(1e-3);
    }
  }); // prettier-ignore

  it.each([
    ['more samples than values', 3000, 4],
    ['more values than samples', 4, 3000],
  ])('lets other work of the process go on beside it, with %s', async (_, n, d) => {
    const values = randomStream(1, 'rows').normals(n * d);
    const rows = Array.from({ length: n }, (_, i) => [...values.subarray(i * d, (i + 1) * d)]);
    const [turns, stop] = countTurns();
    await PCA.fit(rows, 2);
    stop();
    // One for each of three chunks, at least.
    expect(turns()).toBeGreaterThanOrEqual(3);
  });

  it('refuses numbers of components, rows and values that make no sense', async () => {
    const data = turnedGaussian(10);
    for (const k of [0, 4, 1.5, NaN]) await expect(PCA.fit(data, k)).rejects.toThrow(/a whole number from 1/);
    await expect(PCA.fit(data.take(2), 2)).rejects.toThrow('from 1 to 1 for 2 samples of 3 values');
    await expect(PCA.fit([[1, 2], [NaN, 3], [1, 1]], 1)).rejects.toThrow('row 1, column 0'); // prettier-ignore
    const pca = await PCA.fit(data, 2);
    expect(() => pca.encode([[1, 2]])).toThrow('PCA, 2 components: encode expects rows of 3 values');
    expect(() => pca.decode([[1]])).toThrow('PCA, 2 components: decode expects rows of 2 components');
  });
});
