/** Closed forms of log densities and divergences, against draws, quadrature and float64. */
import * as tf from '@tensorflow/tfjs';
import { Matrix } from 'ml-matrix';
import {
  bitsPerDimension,
  Categorical,
  ContinuousBernoulli,
  DiagonalGaussian,
  FullGaussian,
  monteCarloDivergence,
  MultivariateGaussian,
  randomStream,
} from '../../autoencoders/index';
import type { GaussianPosterior } from '../../autoencoders/index';
import type { Measured, Verification } from '../verification';

const DRAWS = 1_000_000;
const LOGITS = [-30, -5, -1.01, -0.99, -0.1, -1e-4, 0, 1e-3, 0.5, 1, 1.02, 4, 25];

const diagonal = () => new DiagonalGaussian(tf.tensor2d([[0.7, -1.1, 0.2]]), tf.tensor2d([[-0.8, 0.4, -1.5]]));
const MU = [0.7, -1.1, 0.2];
const L = [
  [0.7, 0, 0],
  [0.6, 1.2, 0],
  [-0.5, 0.9, 0.5],
];
/** μ, log Lᵢᵢ, and L below its diagonal, as an encoder gives them. */
const ROW = [...MU, ...L.map((row, i) => Math.log(row[i]!)), ...L.flatMap((row, i) => row.slice(0, i))];
const full = () => FullGaussian.fromRows(tf.tensor2d([ROW]), 3);
const prior = () => new DiagonalGaussian(tf.tensor2d([[0.3, 0, -0.5]]), tf.tensor2d([[0.2, -0.3, 0.6]]));
const standard = () => new DiagonalGaussian(tf.zeros([1, 3]), tf.zeros([1, 3]));

export const densities: Verification[] = [
  divergence('kl-diagonal', 'diagonal Gaussian ‖ N(0, I)', diagonal, standard),
  divergence('kl-diagonal-prior', 'diagonal Gaussian ‖ another', diagonal, prior),
  divergence('kl-full', 'Gaussian of full covariance ‖ N(0, I)', full, standard),
  divergence('kl-full-prior', 'Gaussian of full covariance ‖ a diagonal one', full, prior),
  {
    id: 'estimators/change-of-variables',
    system: 'Estimators',
    identity: 'log q(z|x) of z = μ + σε is Σ log N(ε; 0, 1) − log σ: largest error over 1000 draws',
    quick: true,
    measure: () => changeOfVariables(diagonal()),
  },
  {
    id: 'estimators/change-of-variables-full',
    system: 'Estimators',
    identity: 'log q(z|x) of z = μ + Lε is Σ log N(ε; 0, 1) − log Lᵢᵢ: largest error to float64 over 1000 draws',
    quick: true,
    measure: changeOfVariablesInFull,
  },
  {
    id: 'estimators/categorical-kl',
    system: 'Estimators',
    identity: 'KL(p ‖ q) of categorical distributions is Σ p log p/q in float64',
    quick: true,
    measure: () => ({ expected: float64Kl(P, Q), found: categoricalKl(P, Q), tolerance: 1e-5 }),
  },
  {
    id: 'estimators/categorical-kl-asymmetric',
    system: 'Estimators',
    identity: 'KL(p ‖ q) and KL(q ‖ p) differ, for p = (.5, .3, .2) and q = (.1, .1, .8) by .019',
    quick: true,
    measure: () => {
      const found = categoricalKl(P, Q) - categoricalKl(Q, P);
      return { expected: float64Kl(P, Q) - float64Kl(Q, P), found, tolerance: 1e-5 };
    },
  },
  {
    id: 'estimators/categorical-kl-positive',
    system: 'Estimators',
    identity: 'a categorical KL is never negative: the least of 10,000 random pairs of 5 classes',
    quick: true,
    measure: () => {
      const [p, q] = ['p', 'q'].map((name) => randomCategorical(name));
      const least = p!.kl(q!).min().dataSync()[0]!;
      return { expected: 0, found: least, tolerance: 0, relation: '≥' };
    },
  },
  {
    id: 'estimators/categorical-kl-zero',
    system: 'Estimators',
    identity: 'a categorical KL is 0 at equality: the largest of 10,000',
    quick: true,
    measure: () => {
      const p = randomCategorical('p');
      return { expected: 0, found: p.kl(p).abs().max().dataSync()[0]!, tolerance: 1e-6 };
    },
  },
  {
    id: 'estimators/continuous-bernoulli',
    system: 'Estimators',
    identity: 'the continuous Bernoulli density integrates to 1 (Simpson), also around λ = ½: largest error',
    quick: true,
    measure: () => ({
      expected: 0,
      found: Math.max(...LOGITS.map((l) => Math.abs(moment(l, 0) - 1))),
      tolerance: 1e-5,
    }),
  },
  {
    id: 'estimators/continuous-bernoulli-mean',
    system: 'Estimators',
    identity: 'the mean of a continuous Bernoulli is that of quadrature, also around λ = ½: largest error',
    quick: true,
    measure: () => {
      const means = new ContinuousBernoulli(tf.tensor2d([LOGITS])).mean().dataSync();
      const errors = LOGITS.map((l, i) => Math.abs(means[i]! - moment(l, 1)));
      return { expected: 0, found: Math.max(...errors), tolerance: 1e-5 };
    },
  },
  {
    id: 'estimators/bits-per-dimension',
    system: 'Estimators',
    identity: 'd fair coins, d log 2 nats, are 1 bit per dimension',
    quick: true,
    measure: () => ({ expected: 1, found: bitsPerDimension(784 * Math.LN2, 784), tolerance: 1e-12 }),
  },
  {
    id: 'estimators/bits-per-dimension-levels',
    system: 'Estimators',
    identity: 'a uniform density on [0, 1]ᵈ, 0 nats, costs 8 bits per dimension of 8-bit data',
    quick: true,
    measure: () => ({ expected: 8, found: bitsPerDimension(0, 784, { levels: 256 }), tolerance: 1e-12 }),
  },
];

/** The closed form against a million draws. */
function divergence(
  name: string,
  between: string,
  q: () => GaussianPosterior,
  p: () => DiagonalGaussian,
): Verification {
  return {
    id: `estimators/${name}`,
    system: 'Estimators',
    identity: `KL in closed form is the mean of log q − log p over 10⁶ draws (4 standard errors): ${between}`,
    quick: true,
    async measure() {
      const { value, standardError } = await monteCarloDivergence(q(), p(), { draws: DRAWS, seed: 1 });
      const found = q().kl(p()).dataSync()[0]!;
      return { expected: value, found, tolerance: 4 * standardError };
    },
  };
}

function changeOfVariables(q: GaussianPosterior): Measured {
  const k = q.mu.shape[1];
  const epsilon = tf.tensor2d(randomStream(1, 'noise').normals(1000 * k), [1000, k]);
  const errors = q.logProb(q.reparameterize(epsilon)).sub(q.logProbOfNoise(epsilon)).abs();
  return { expected: 0, found: errors.max().dataSync()[0]!, tolerance: 1e-4 };
}

function changeOfVariablesInFull(): Measured {
  const q = full();
  const scale = new Matrix(L);
  const exact = new MultivariateGaussian(MU, scale.mmul(scale.transpose()).to2DArray());
  const epsilon = tf.tensor2d(randomStream(1, 'noise').normals(3000), [1000, 3]);
  const found = q.logProbOfNoise(epsilon).dataSync();
  const errors = q
    .reparameterize(epsilon)
    .arraySync()
    .map((z, i) => Math.abs(found[i]! - exact.logDensity(z)));
  return { expected: 0, found: Math.max(...errors), tolerance: 1e-4 };
}

const P = [0.5, 0.3, 0.2];
const Q = [0.1, 0.1, 0.8];

function categoricalKl(p: number[], q: number[]): number {
  const [a, b] = [p, q].map((values) => new Categorical(tf.tensor2d([values.map(Math.log)])));
  return a!.kl(b!).dataSync()[0]!;
}

function float64Kl(p: number[], q: number[]): number {
  return p.reduce((sum, value, i) => sum + value * Math.log(value / q[i]!), 0);
}

function randomCategorical(name: string): Categorical {
  return new Categorical(tf.tensor2d(randomStream(1, `categorical ${name}`).normals(50_000), [10_000, 5]));
}

/** ∫₀¹ xᵖ p(x) dx of the library's density, by Simpson's rule. */
function moment(logit: number, power: number): number {
  const n = 4000;
  const x = tf.tensor2d(
    Array.from({ length: n + 1 }, (_, i) => i / n),
    [n + 1, 1],
  );
  const logs = new ContinuousBernoulli(tf.fill([n + 1, 1], logit)).logProb(x).dataSync();
  const values = Array.from(logs, (log, i) => (i / n) ** power * Math.exp(log));
  const inner = values.slice(1, -1).reduce((sum, value, i) => sum + (i % 2 === 0 ? 4 : 2) * value, 0);
  return (values[0]! + inner + values[n]!) / (3 * n);
}
