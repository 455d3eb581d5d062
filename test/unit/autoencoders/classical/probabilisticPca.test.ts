import * as tf from '@tensorflow/tfjs';
import { EigenvalueDecomposition, inverse, Matrix } from 'ml-matrix';
import { beforeAll, describe, expect, it } from 'vitest';
import { ProbabilisticPCA } from '../../../../kernel/autoencoders/index';
import { MultivariateGaussian } from '../../../../kernel/autoencoders/classical/multivariateGaussian';
import { lowRankSamples } from '../data';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const data = lowRankSamples(400, 8, 3, 0.4);
const rows = Array.from({ length: data.length }, (_, n) => [...data.values.subarray(8 * n, 8 * n + 8)]);

function eigenvalues(): number[] {
  const x = new Matrix(rows).center('column');
  const c = x.transpose().mmul(x).div(rows.length);
  return new EigenvalueDecomposition(c, { assumeSymmetric: true }).realEigenvalues.sort((a, b) => b - a);
}

describe('probabilistic PCA', () => {
  it('has the noise variance and the likelihood of Tipping and Bishop’s closed form', async () => {
    const [k, d] = [3, 8];
    const lambda = eigenvalues();
    const noise = lambda.slice(k).reduce((sum, value) => sum + value, 0) / (d - k);
    const model = await ProbabilisticPCA.fit(data, k);
    expect(model.noiseVariance / noise).toBeCloseTo(1, 4);
    const logs = lambda.slice(0, k).reduce((sum, value) => sum + Math.log(value), (d - k) * Math.log(noise));
    expect(model.logLikelihood(data)).toBeCloseTo(-0.5 * (d * Math.log(2 * Math.PI) + logs + d), 3);
  });

  it('gives every row the density of N(μ, WWᵀ + σ²I) by Cholesky', async () => {
    const model = await ProbabilisticPCA.fit(data, 2);
    const gaussian = new MultivariateGaussian([...model.mean], model.covariance);
    model.logProb(rows).forEach((value, n) => expect(value).toBeCloseTo(gaussian.logDensity(rows[n]!), 5));
  });

  it('is more likely than any parameters beside it', async () => {
    const model = await ProbabilisticPCA.fit(data, 2);
    const best = model.logLikelihood(rows);
    for (const scale of [0.9, 0.98, 1.02, 1.1]) {
      const covariance = model.covariance.map((row) => row.map((value) => value * scale));
      const gaussian = new MultivariateGaussian([...model.mean], covariance);
      const mean = rows.reduce((sum, row) => sum + gaussian.logDensity(row), 0) / rows.length;
      expect(mean).toBeLessThan(best);
    }
  });

  it('has the posterior of a linear Gaussian model', async () => {
    const model = await ProbabilisticPCA.fit(data, 3);
    const W = new Matrix(model.loadings.map((row) => [...row]));
    const M = W.transpose().mmul(W).add(Matrix.eye(3).mul(model.noiseVariance));
    const { mean, variance } = model.posterior(rows.slice(0, 5));
    const covariance = inverse(M).mul(model.noiseVariance);
    variance.forEach((value, j) => expect(value).toBeCloseTo(covariance.get(j, j), 6));
    const centred = new Matrix(rows.slice(0, 5)).subRowVector([...model.mean]);
    const expected = centred.mmul(W).mmul(inverse(M));
    mean.forEach((row, n) => row.forEach((value, j) => expect(value).toBeCloseTo(expected.get(n, j), 5)));
    const z = model.encode(rows.slice(0, 5));
    mean.forEach((row, n) => row.forEach((value, j) => expect(z.arraySync()[n]![j]).toBeCloseTo(value, 5)));
    z.dispose();
  });

  it('draws samples with its covariance', async () => {
    const model = await ProbabilisticPCA.fit(data, 3);
    const sample = model.sample(20_000, { seed: 1 });
    const x = new Matrix(sample.arraySync()).center('column');
    sample.dispose();
    const c = x.transpose().mmul(x).div(x.rows);
    const scale = Math.max(...model.covariance.flat());
    model.covariance.forEach((row, i) =>
      row.forEach((value, j) => expect(Math.abs(c.get(i, j) - value) / scale).toBeLessThan(0.05)),
    );
  });

  it('decodes the origin as the mean', async () => {
    const model = await ProbabilisticPCA.fit(data, 2);
    const x = model.decode([[0, 0]]);
    x.dataSync().forEach((value, i) => expect(value).toBeCloseTo(model.mean[i]!, 5));
    x.dispose();
  });

  it('says where there is no density', async () => {
    await expect(ProbabilisticPCA.fit(data, 8)).rejects.toThrow('found 8 components for 8 values; expected at most 7');
    const flat = rows.map(([a, b]) => [a!, b!, 0]);
    await expect(ProbabilisticPCA.fit(flat, 2)).rejects.toThrow(
      'σ² = 0 and there is no density; take fewer components',
    );
  });
});
