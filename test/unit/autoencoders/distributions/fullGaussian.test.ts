import * as tf from '@tensorflow/tfjs';
import { Matrix } from 'ml-matrix';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  DiagonalGaussian,
  FullGaussian,
  MultivariateGaussian,
  randomStream,
} from '../../../../kernel/autoencoders/index';
import { alive } from '../../engine/backends';
import { mean, standardError } from '../data';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const k = 3;
/** Two rows: μ, log Lᵢᵢ, L₂₁, L₃₁, L₃₂. */
const rows = [
  [0.4, -1, 2, -0.5, 0.3, 0.1, 0.7, -1.2, 0.4],
  [0, 0.3, -0.6, 0.2, -0.9, 0, -0.3, 0.8, 1.5],
];
const full = () => FullGaussian.fromRows(tf.tensor2d(rows), k);

/** The same in float64. */
const exact = rows.map(([m1, m2, m3, d1, d2, d3, l21, l31, l32]) => {
  const L = new Matrix([
    [Math.exp(d1!), 0, 0],
    [l21!, Math.exp(d2!), 0],
    [l31!, l32!, Math.exp(d3!)],
  ]);
  return new MultivariateGaussian([m1!, m2!, m3!], L.mmul(L.transpose()).to2DArray());
});

describe('a Gaussian of full covariance', () => {
  const z = [
    [1, 0.2, -0.4],
    [-0.3, 2, 0.5],
  ];

  it('has the log density of N(μ, L Lᵀ) in float64', () => {
    const found = full().logProb(tf.tensor2d(z)).dataSync();
    exact.forEach((gaussian, i) => expect(found[i]).toBeCloseTo(gaussian.logDensity(z[i]!), 4));
  });

  it('has the log density of its own draws by the change of variables', () => {
    const q = full();
    const epsilon = tf.tensor2d(randomStream(1, 'noise').normals(2 * k), [2, k]);
    const drawn = q.reparameterize(epsilon);
    const [byNoise, points] = [q.logProbOfNoise(epsilon).dataSync(), drawn.arraySync()];
    exact.forEach((gaussian, i) => expect(byNoise[i]).toBeCloseTo(gaussian.logDensity(points[i]!), 4));
    expect(q.noiseOf(drawn).sub(epsilon).abs().max().dataSync()[0]).toBeLessThan(1e-5);
  });

  it('draws with its own mean and covariance', () => {
    const n = 20_000;
    const q = FullGaussian.fromRows(tf.tensor2d(rows.slice(0, 1)).tile([n, 1]), k);
    const draws = q.sample({ seed: 3 }).arraySync();
    for (let i = 0; i < k; i++) {
      const values = draws.map((draw) => draw[i]!);
      expect(Math.abs(mean(values) - exact[0]!.mean[i]!)).toBeLessThan(4 * standardError(values));
      for (let j = 0; j <= i; j++) {
        const products = draws.map((draw) => (draw[i]! - exact[0]!.mean[i]!) * (draw[j]! - exact[0]!.mean[j]!));
        expect(Math.abs(mean(products) - exact[0]!.covariance[i]![j]!)).toBeLessThan(4 * standardError(products));
      }
    }
  });

  it('has the divergence of float64 from N(0, I) and from a diagonal Gaussian', () => {
    const [m, variances] = [
      [1, 0, -1],
      [0.5, 2, 1.5],
    ];
    const prior = new DiagonalGaussian(tf.tensor2d([m!]), tf.tensor2d([variances!.map(Math.log)]));
    const other = new MultivariateGaussian(m!, Matrix.diag(variances!).to2DArray());
    const [standard, diagonal] = [full().kl().dataSync(), full().kl(prior).dataSync()];
    exact.forEach((gaussian, i) => {
      expect(standard[i]).toBeCloseTo(gaussian.kl(MultivariateGaussian.standard(k)), 4);
      expect(diagonal[i]).toBeCloseTo(gaussian.kl(other), 4);
    });
  });

  it('splits its divergence by the chain rule: each dimension given those before it', () => {
    const epsilon = randomStream(2, 'noise').normals(30_000 * k);
    const L = full().scale.arraySync()[1]!;
    const [, m2, , , d2] = rows[1]!;
    // q(z₂|z₁) = N(μ₂ + L₂₁ ε₁, L₂₂²)
    const given = Array.from({ length: 30_000 }, (_, n) => m2! + L[1]![0]! * epsilon[n]!);
    const divergences = given.map((at) => 0.5 * (at ** 2 + Math.exp(2 * d2!) - 1) - d2!);
    const found = full().klPerDimension().arraySync()[1]![1]!;
    expect(Math.abs(found - mean(divergences))).toBeLessThan(4 * standardError(divergences));
  });

  it('without entries below the diagonal is the diagonal Gaussian', () => {
    const diagonal = new DiagonalGaussian(tf.tensor2d([[0.5]]), tf.tensor2d([[-0.6]]));
    const q = FullGaussian.fromRows(tf.tensor2d([[0.5, -0.3]]), 1);
    const z = tf.tensor2d([[1.3]]);
    expect(q.logProb(z).dataSync()[0]).toBeCloseTo(diagonal.logProb(z).dataSync()[0]!, 5);
    expect(q.kl().dataSync()[0]).toBeCloseTo(diagonal.kl().dataSync()[0]!, 5);
    expect(q.logVar.dataSync()[0]).toBeCloseTo(-0.6, 5);
  });

  it('gives its tensors back', () => {
    const given = tf.tensor2d(rows);
    const before = alive();
    const q = FullGaussian.fromRows(given, k);
    tf.dispose([q.sample(), q.kl(), q.logProb(q.mu)]);
    q.dispose();
    expect(alive()).toEqual(before);
  });
});
