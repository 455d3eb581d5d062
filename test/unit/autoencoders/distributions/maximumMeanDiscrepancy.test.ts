import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { estimate, squaredMMD, randomStream } from '../../../../kernel/autoencoders/index';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

function draws(n: number, k: number, seed: number, mu = 0): number[][] {
  const stream = randomStream(seed, 'mmd');
  return Array.from({ length: n }, () => [...stream.normals(k)].map((draw) => draw + mu));
}

/** Sums over pairs, in float64. */
function byPairs(a: number[][], b: number[][], kernel: 'rbf' | 'inverseMultiquadratic', biased: boolean, s = 1) {
  const C = 2 * s ** 2 * a[0]!.length;
  const k = (x: number[], y: number[]) => {
    const distance = x.reduce((sum, value, i) => sum + (value - y[i]!) ** 2, 0);
    return kernel === 'rbf' ? Math.exp(-distance / C) : C / (C + distance);
  };
  const average = (x: number[][], y: number[][], keep: (i: number, j: number) => boolean) => {
    const values = x.flatMap((xi, i) => y.flatMap((yj, j) => (keep(i, j) ? [k(xi, yj)] : [])));
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  const within = (i: number, j: number) => biased || i !== j;
  return average(a, a, within) + average(b, b, within) - 2 * average(a, b, () => true);
}

const mmd = (...given: Parameters<typeof squaredMMD>) => squaredMMD(...given).dataSync()[0]!;

describe('the maximum mean discrepancy', () => {
  it.each([
    { kernel: 'rbf', estimator: 'unbiased', scale: 1 },
    { kernel: 'rbf', estimator: 'biased', scale: 0.4 },
    { kernel: 'inverseMultiquadratic', estimator: 'unbiased', scale: 2 },
    { kernel: 'inverseMultiquadratic', estimator: 'biased', scale: 1 },
  ] as const)('is the sum over pairs: %j', ({ kernel, estimator, scale }) => {
    const [a, b] = [draws(7, 3, 1, 0.5), draws(5, 3, 2)];
    const found = mmd(tf.tensor2d(a), tf.tensor2d(b), { kernel, estimator, scale });
    expect(found).toBeCloseTo(byPairs(a, b, kernel, estimator === 'biased', scale), 5);
  });

  it('of equal distributions is 0 in the mean when unbiased, and positive when biased', () => {
    const repeated = (estimator: 'unbiased' | 'biased') =>
      estimate(
        Array.from({ length: 200 }, (_, i) =>
          mmd(tf.tensor2d(draws(20, 2, 2 * i)), tf.tensor2d(draws(20, 2, 2 * i + 1)), { estimator }),
        ),
      );
    const unbiased = repeated('unbiased');
    expect(Math.abs(unbiased.value)).toBeLessThan(4 * unbiased.standardError);
    const biased = repeated('biased');
    expect(biased.value).toBeGreaterThan(4 * biased.standardError);
  });

  it('has the expectation of the closed form for Gaussians that differ in mean', () => {
    // E exp(−(x − y)²/C) for x − y ~ N(m, 2) is √(C/(C + 4)) exp(−m²/(C + 4)), with C = 2 in one dimension.
    const m = 1.2;
    const expected = 2 * Math.sqrt(2 / 6) * (1 - Math.exp(-(m ** 2) / 6));
    const found = estimate(
      Array.from({ length: 200 }, (_, i) =>
        mmd(tf.tensor2d(draws(30, 1, 2 * i, m)), tf.tensor2d(draws(30, 1, 2 * i + 1))),
      ),
    );
    expect(Math.abs(found.value - expected)).toBeLessThan(4 * found.standardError);
  });
});
