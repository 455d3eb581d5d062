import { describe, expect, it } from 'vitest';
import { MultivariateGaussian, randomStream } from '../../../../kernel/autoencoders/index';
import { mean, standardError } from '../data';

const p = new MultivariateGaussian([0.5, -1], [[1, 0.6], [0.6, 0.8]]); // prettier-ignore
const q = new MultivariateGaussian([0, 0.2], [[1.5, -0.3], [-0.3, 0.9]]); // prettier-ignore
const forward = { A: [[1, 2]], Q: [[0.5]], b: [0.7] };

/** ∫ f over the plane, by a sum over a grid that reaches 8 standard deviations out. */
function integral(f: (z: [number, number]) => number): number {
  const step = 0.1;
  let sum = 0;
  for (let i = -100; i <= 100; i++) for (let j = -100; j <= 100; j++) sum += f([i * step, j * step]) * step * step;
  return sum;
}

describe('a Gaussian with a full covariance', () => {
  it('has a density that integrates to 1, with its mean and its covariance', () => {
    const density = (z: number[]) => Math.exp(p.logDensity(z));
    expect(integral(density)).toBeCloseTo(1, 10);
    expect(integral((z) => density(z) * z[1])).toBeCloseTo(-1, 10);
    expect(integral((z) => density(z) * (z[0] - 0.5) * (z[1] + 1))).toBeCloseTo(0.6, 10);
  });

  it('has the divergence that an integral gives', () => {
    const integrand = (z: number[]) => Math.exp(p.logDensity(z)) * (p.logDensity(z) - q.logDensity(z));
    expect(p.kl(q)).toBeCloseTo(integral(integrand), 9);
    expect(p.kl(p)).toBeCloseTo(0, 12);
  });

  it('meets the rule of Bayes: prior and likelihood are posterior and evidence', () => {
    const y = [2.5];
    for (const z of [
      [0, 0],
      [1, -2],
      [-0.4, 0.9],
    ]) {
      // prettier-ignore
      const noise = new MultivariateGaussian([z[0]! + 2 * z[1]! + 0.7], [[0.5]]);
      const left = p.logDensity(z) + noise.logDensity(y);
      expect(p.given(forward, y).logDensity(z) + p.pushedThrough(forward).logDensity(y)).toBeCloseTo(left, 12);
    }
  });

  it('is drawn from with its mean and covariance', () => {
    const stream = randomStream(3, 'draws');
    const draws = Array.from({ length: 20_000 }, () => p.draw(stream.normals(2)));
    const products = draws.map(([a, b]) => (a! - 0.5) * (b! + 1));
    expect(Math.abs(mean(products) - 0.6)).toBeLessThan(4 * standardError(products));
    const second = draws.map((z) => z[1]!);
    expect(Math.abs(mean(second) + 1)).toBeLessThan(4 * standardError(second));
  });

  it('refuses what is no covariance', () => {
    expect(() => new MultivariateGaussian([0, 0], [[1]])).toThrow('a mean of 2 values needs a 2 × 2 covariance; found 1 rows of 1'); // prettier-ignore
    const message = 'not symmetric and positive definite';
    expect(() => new MultivariateGaussian([0, 0], [[1, 2], [2, 1]])).toThrow(message); // prettier-ignore
    expect(() => new MultivariateGaussian([0, 0], [[1, 0.5], [0.2, 1]])).toThrow(message); // prettier-ignore
  });
});
