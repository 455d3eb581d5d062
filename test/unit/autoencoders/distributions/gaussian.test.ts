import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { DiagonalGaussian } from '../../../../kernel/autoencoders/index';
import { alive, useWasm } from '../../engine/backends';
import { mean, standardError } from '../data';

beforeAll(useWasm);

const mu = [
  [0.3, -1.2, 2],
  [0, 0.5, -0.25],
];
const logVar = [
  [0.2, -1, 0.7],
  [-2, 0, 1.5],
];
const gaussian = () => new DiagonalGaussian(tf.tensor2d(mu), tf.tensor2d(logVar));

/** Σ log N(z; μ, e^{logVar}) in float64. */
function logDensity(z: number[], means: number[], logVars: number[]): number {
  return z.reduce((sum, value, i) => {
    const variance = Math.exp(logVars[i]!);
    return sum - 0.5 * (Math.log(2 * Math.PI * variance) + (value - means[i]!) ** 2 / variance);
  }, 0);
}

function expectAll(found: ArrayLike<number>, expected: number[], digits = 5): void {
  expect(found.length).toBe(expected.length);
  expected.forEach((value, i) => expect(found[i]).toBeCloseTo(value, digits));
}

describe('a diagonal Gaussian', () => {
  it('has the log density of float64, summed over dimensions, constants included', async () => {
    const z = [
      [1, 1, 1],
      [-3, 0.1, 2],
    ];
    const expected = z.map((row, i) => logDensity(row, mu[i]!, logVar[i]!));
    expectAll(await gaussian().logProb(tf.tensor2d(z)).data(), expected);
  });

  it('takes one log variance for all dimensions', async () => {
    const shared = new DiagonalGaussian(tf.tensor2d(mu), tf.scalar(-0.4));
    const zeros = mu.map((row) => row.map(() => 0));
    const expected = mu.map((row) => logDensity([0, 0, 0], row, [-0.4, -0.4, -0.4]));
    expectAll(await shared.logProb(tf.tensor2d(zeros)).data(), expected);
  });

  it('is N(0, I) exactly when its divergence from it is 0', async () => {
    const standard = new DiagonalGaussian(tf.zeros([1, 3]), tf.zeros([1, 3]));
    expectAll(await standard.kl().data(), [0]);
    for (const kl of await gaussian().kl().data()) expect(kl).toBeGreaterThan(0);
  });

  it('has a divergence that is the mean of the log ratio over 350,000 draws', async () => {
    const m = mu[0]!;
    const many = new DiagonalGaussian(
      tf.tensor2d([m]).tile([350_000, 1]) as tf.Tensor2D,
      tf.tensor2d([logVar[0]!]).tile([350_000, 1]),
    );
    const z = (await many.sample({ seed: 4 }).data()) as Float32Array;
    const ratios = Array.from({ length: 350_000 }, (_, i) => {
      const row = [z[3 * i]!, z[3 * i + 1]!, z[3 * i + 2]!];
      return logDensity(row, m, logVar[0]!) - logDensity(row, [0, 0, 0], [0, 0, 0]);
    });
    const [kl] = await gaussian().kl().data();
    expect(Math.abs(mean(ratios) - kl!)).toBeLessThan(4 * standardError(ratios));
  });

  it('has the closed-form divergence from another Gaussian', async () => {
    const prior = new DiagonalGaussian(tf.tensor2d([[1, 0, -1]]), tf.tensor2d([[0.5, -0.5, 1]]));
    const expected = mu.map((row, n) =>
      row.reduce((sum, value, i) => {
        const [v, w] = [Math.exp(logVar[n]![i]!), Math.exp([0.5, -0.5, 1][i]!)];
        return sum + 0.5 * (Math.log(w / v) + (v + (value - [1, 0, -1][i]!) ** 2) / w - 1);
      }, 0),
    );
    expectAll(await gaussian().kl(prior).data(), expected);
  });

  it('adds up its divergence over dimensions', async () => {
    const q = gaussian();
    expectAll(await q.klPerDimension().sum(1).data(), [...(await q.kl().data())]);
  });

  it('reparameterizes as μ + σε', async () => {
    const epsilon = [
      [1, 0, -1],
      [2, -0.5, 0.25],
    ];
    const expected = mu.flatMap((row, n) =>
      row.map((value, i) => value + Math.exp(logVar[n]![i]! / 2) * epsilon[n]![i]!),
    );
    expectAll(await gaussian().reparameterize(tf.tensor2d(epsilon)).data(), expected);
  });

  it('samples the same for the same seed, and its mode is its mean', async () => {
    const q = gaussian();
    expect(await q.sample({ seed: 1 }).data()).toEqual(await q.sample({ seed: 1 }).data());
    expect(await q.sample({ seed: 1 }).data()).not.toEqual(await q.sample({ seed: 2 }).data());
    expectAll(await q.mode().data(), mu.flat());
    expectAll(await q.mean().data(), mu.flat());
  });

  it('keeps no tensors but its results', () => {
    const before = alive();
    const q = gaussian();
    tf.dispose([q.sample(), q.mode(), q.kl(), q.logProb(q.mu)]);
    q.dispose();
    expect(alive()).toEqual(before);
  });
});
