import { describe, expect, it } from 'vitest';
import {
  forwardDivergence,
  forwardFit,
  GaussianMixture,
  reverseDivergence,
  reverseFits,
} from '../../../../kernel/autoencoders/index';

const mixture = new GaussianMixture({ weights: [0.5, 0.5], means: [[-3], [3]], covariances: [[1], [1]] });
const single = new GaussianMixture({ weights: [1], means: [[1]], covariances: [[[4]]] });

/** KL(N(a, s)‖N(b, t)) of variances s and t. */
function gaussianKl(a: number, s: number, b: number, t: number): number {
  return 0.5 * (Math.log(t / s) + (s + (a - b) ** 2) / t - 1);
}

describe('fits of a Gaussian to a mixture', () => {
  it('have the divergences of two Gaussians where the mixture is one', () => {
    expect(forwardDivergence(single, -2, 3)).toBeCloseTo(gaussianKl(1, 4, -2, 3), 10);
    expect(reverseDivergence(single, -2, 3)).toBeCloseTo(gaussianKl(-2, 3, 1, 4), 10);
    for (const { mean, variance, divergence } of [forwardFit(single), ...reverseFits(single, { starts: [0, 5] })]) {
      expect(mean).toBeCloseTo(1, 5);
      expect(variance).toBeCloseTo(4, 5);
      expect(divergence).toBeCloseTo(0, 9);
    }
  });

  it('cover both modes by the forward divergence: mean 0, variance 10', () => {
    const { mean, variance, divergence } = forwardFit(mixture);
    expect([mean, variance]).toEqual([0, 10]);
    for (const [m, v] of [[0.2, 10], [0, 9.5], [0, 10.5]] as const) {
      expect(forwardDivergence(mixture, m, v)).toBeGreaterThan(divergence);
    }
  }); // prettier-ignore

  it('seek one mode by the reverse divergence: mean ±3, variance 1, 0.689 nats', () => {
    const fits = reverseFits(mixture, { starts: [-3, 3] });
    expect(fits.map(({ mean }) => Math.sign(mean)).sort()).toEqual([-1, 1]);
    for (const { mean, variance, divergence } of fits) {
      expect(Math.abs(mean)).toBeCloseTo(3, 1);
      expect(Math.sqrt(variance)).toBeCloseTo(1, 1);
      expect(divergence).toBeCloseTo(0.689, 3);
      for (const [m, s] of [[0.01, 1], [-0.01, 1], [0, 1.02], [0, 0.98]] as const) {
        expect(reverseDivergence(mixture, mean + m, variance * s)).toBeGreaterThan(divergence);
      }
    }
  }); // prettier-ignore

  it('give the best minimum first', () => {
    const uneven = new GaussianMixture({ weights: [0.2, 0.8], means: [[-4], [4]], covariances: [[1], [1]] });
    const [best, other] = reverseFits(uneven);
    expect(best!.mean).toBeGreaterThan(0);
    expect(best!.divergence).toBeCloseTo(-Math.log(0.8), 2);
    expect(other!.divergence).toBeCloseTo(-Math.log(0.2), 2);
  });

  it('are of one dimension', () => {
    const plane = new GaussianMixture({ weights: [1], means: [[0, 0]], covariances: [[1, 1]] });
    expect(() => forwardFit(plane)).toThrow('found a mixture of 2');
  });
});
