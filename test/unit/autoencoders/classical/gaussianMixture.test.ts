import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { GaussianMixture, lloydStep, randomStream } from '../../../../kernel/autoencoders/index';
import { MultivariateGaussian } from '../../../../kernel/autoencoders/classical/multivariateGaussian';
import { countTurns } from './turns';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const truth = new GaussianMixture({
  weights: [0.3, 0.7],
  means: [
    [-2, 0],
    [2, 1],
  ],
  covariances: [
    [
      [1, 0.6],
      [0.6, 0.5],
    ],
    [
      [0.3, 0],
      [0, 2],
    ],
  ],
});

function draws(count: number, seed = 1): number[][] {
  const sample = truth.sample(count, { seed });
  const rows = sample.arraySync();
  sample.dispose();
  return rows;
}

describe('a Gaussian mixture', () => {
  it('has the density that its components have by Cholesky, weighted', () => {
    const gaussians = truth.means.map((mean, k) => new MultivariateGaussian(mean, truth.covariances[k] as number[][]));
    const rows = draws(20);
    truth.logProb(rows).forEach((value, n) => {
      const density = gaussians.reduce(
        (sum, one, k) => sum + truth.weights[k]! * Math.exp(one.logDensity(rows[n]!)),
        0,
      );
      expect(value).toBeCloseTo(Math.log(density), 10);
    });
  });

  it.each(['diagonal', 'full'] as const)('fitted by EM never loses likelihood: %s', async (covariance) => {
    const rows = draws(300);
    const { history } = await GaussianMixture.fit(rows, { components: 3, covariance, seed: 3, tolerance: 0 });
    expect(history.length).toBeGreaterThan(10);
    history.slice(1).forEach((value, step) => expect(value).toBeGreaterThanOrEqual(history[step]! - 1e-8));
  });

  it('finds the mixture that drew the data', async () => {
    const fitted = await GaussianMixture.fit(draws(4000), { components: 2, seed: 2 });
    const order = fitted.means[0]![0]! < 0 ? [0, 1] : [1, 0];
    order.forEach((from, k) => {
      expect(fitted.weights[from]).toBeCloseTo(truth.weights[k]!, 1);
      fitted.means[from]!.forEach((value, i) => expect(Math.abs(value - truth.means[k]![i]!)).toBeLessThan(0.1));
      (fitted.covariances[from] as number[][]).flat().forEach((value, i) => {
        expect(Math.abs(value - (truth.covariances[k] as number[][]).flat()[i]!)).toBeLessThan(0.15);
      });
    });
  });

  it('has a bound F(q, θ) that is log p(x) at the posterior alone, and the M-step raises it', () => {
    const rows = draws(50);
    const q = truth.responsibilities(rows);
    expect(truth.evidenceLowerBound(rows, q)).toBeCloseTo(truth.logLikelihood(rows), 10);
    const other = q.map(() => [0.5, 0.5]);
    expect(truth.evidenceLowerBound(rows, other)).toBeLessThan(truth.logLikelihood(rows));
    const moved = truth.maximize(rows, other);
    expect(moved.evidenceLowerBound(rows, other)).toBeGreaterThan(truth.evidenceLowerBound(rows, other));
    for (const scale of [0.98, 1.02]) {
      const beside = new GaussianMixture({ ...moved, means: moved.means.map((mean) => mean.map((mu) => mu * scale)) });
      expect(beside.evidenceLowerBound(rows, other)).toBeLessThan(moved.evidenceLowerBound(rows, other));
    }
  });

  it('takes a step of k-means as its variances go to 0', () => {
    const rows = draws(100);
    const means = [
      [-1, 0],
      [0, 0.5],
      [3, 1],
    ];
    const small = means.map(() => [1e-6, 1e-6]);
    const mixture = new GaussianMixture({ weights: [1 / 3, 1 / 3, 1 / 3], means, covariances: small });
    const { means: moved } = mixture.maximize(rows, mixture.responsibilities(rows));
    lloydStep(rows, means).centres.forEach((centre, k) =>
      centre.forEach((value, i) => expect(moved[k]![i]).toBeCloseTo(value, 10)),
    );
  });

  it('keeps singular covariances at its floor, where the likelihood is still the largest', async () => {
    const rows = draws(60).map(([a]) => [a!, 2 * a!]);
    const fitted = await GaussianMixture.fit(rows, {
      components: 2,
      floor: 1e-4,
      seed: 1,
      tolerance: 0,
      iterations: 30,
    });
    for (const [[a, b], [c, d]] of fitted.covariances as [[number, number], [number, number]][]) {
      expect(a * d - b * c).toBeCloseTo(1e-4 * (a + d - 1e-4), 8);
    }
    fitted.history
      .slice(1)
      .forEach((value, step) => expect(value).toBeGreaterThanOrEqual(fitted.history[step]! - 1e-8));
    const same = await GaussianMixture.fit([[1], [1], [2]], { components: 2, floor: 1e-3 });
    expect(same.covariances.flat(2).every((variance) => variance >= 1e-3 - 1e-12)).toBe(true);
  });

  it('lets other work of the process go on beside it', async () => {
    const [turns, stop] = countTurns();
    const { history } = await GaussianMixture.fit(draws(200), { components: 2, seed: 1, iterations: 5, tolerance: 0 });
    stop();
    expect(history.length).toBe(6);
    expect(turns()).toBeGreaterThanOrEqual(5);
  });

  it('draws samples with its own moments, the same for the same seed', () => {
    const rows = draws(20_000);
    const mean = [0, 1].map((i) => rows.reduce((sum, row) => sum + row[i]!, 0) / rows.length);
    expect(mean[0]).toBeCloseTo(0.3 * -2 + 0.7 * 2, 1);
    expect(mean[1]).toBeCloseTo(0.7, 1);
    expect(draws(3)).toEqual(draws(3));
    expect(draws(3)).not.toEqual(draws(3, 2));
  });

  it('counts its parameters, and its criterion prefers the number of components that drew the data', async () => {
    const rows = draws(1000);
    expect(truth.freeParameters).toBe(1 + 4 + 6);
    const criteria = [];
    for (const components of [1, 2, 4]) {
      criteria.push((await GaussianMixture.fit(rows, { components, seed: 1 })).bic(rows));
    }
    expect(criteria.indexOf(Math.min(...criteria))).toBe(1);
    const one = await GaussianMixture.fit(rows, { components: 1, covariance: 'diagonal' });
    expect(one.bic(rows)).toBeCloseTo(-2 * rows.length * one.logLikelihood(rows) + 4 * Math.log(rows.length), 6);
  });

  it('takes random rows in more dimensions and gives responsibilities that sum to 1', async () => {
    const rows = tf.tensor2d(randomStream(1, 'test').normals(200 * 5), [200, 5]);
    const fitted = await GaussianMixture.fit(rows, { components: 3, covariance: 'diagonal', iterations: 5 });
    fitted.responsibilities(rows).forEach((row) => expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 12));
    rows.dispose();
  });

  it('says what is wrong with options, data and parameters', async () => {
    await expect(GaussianMixture.fit([[1], [2]], { components: 3 })).rejects.toThrow(
      'GaussianMixture.fit: found 3 components for 2 samples; take at most 2, or more data.',
    );
    await expect(GaussianMixture.fit([[1], [1], [2]], { components: 3 })).rejects.toThrow(
      'only 2 of the 3 samples differ; take at most 2',
    );
    await expect(GaussianMixture.fit([[1], [NaN]], { components: 1 })).rejects.toThrow('row 1, column 0');
    await expect(GaussianMixture.fit([[1], [2]], { components: 0 })).rejects.toThrow(
      'GaussianMixture.fit: "components" is 0, allowed: at least 1.',
    );
    expect(() => new GaussianMixture({ weights: [0.5], means: [[0]], covariances: [[1]] })).toThrow('sum to 1');
    expect(() => new GaussianMixture({ weights: [1], means: [[0]], covariances: [[-1]] })).toThrow('found -1');
    expect(() => truth.logProb([[1]])).toThrow('GaussianMixture: logProb expects rows of 2 values');
  });
});
