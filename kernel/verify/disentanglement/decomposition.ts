/** The parts of the KL divergence, and what the discriminator and the kernels make of them. */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import * as tf from '@tensorflow/tfjs';
import {
  BetaTCVAE,
  DiagonalGaussian,
  estimate,
  fashionMnist,
  gaussianMutualInformation,
  klParts,
  squaredMMD,
  minibatchLogWeights,
  randomStream,
} from '../../autoencoders/index';
import type { GaussianEncoder } from '../../autoencoders/index';
import type { Measured, Verification } from '../verification';
import { DensityRatio } from './densityRatio';

const row = (id: string, system: string, identity: string, measure: Verification['measure'], quick = true) => ({
  id: `disentanglement/${id}`,
  system,
  identity,
  quick,
  measure,
});

export const decomposition: Verification[] = [
  row('parts-sum', 'β-TC-VAE', 'I(z; n) + TC + dimension-wise KL = estimate of the KL, Fashion-MNIST batch', partsSum),
  row('beta-1', 'β-TC-VAE', 'with α = β = γ = 1 the loss = −bound of the same draw', betaOne),
  row('tc-gaussian', 'β-TC-VAE', 'TC of a Gaussian q(z) of covariance Σ = ½ (Σ log Σ_jj − log det Σ)', gaussian),
  row('tc-factorised', 'β-TC-VAE', 'TC of posteriors on a product grid = 0', factorised),
  row('stratified-unbiased', 'β-TC-VAE', 'stratified sampling: the mean over batches = q(z)', stratified),
  row(
    'density-ratio',
    'FactorVAE',
    'trained discriminator: E log D/(1 − D) = −½ log(1 − ρ²), ρ = .8',
    densityRatio,
    false,
  ),
  row('mmd-pairs', 'InfoVAE', 'MMD² = the sums over pairs in float64', mmdPairs),
  row('mmd-equal', 'InfoVAE', 'unbiased MMD² of equal distributions = 0 within 4 s.e.', mmdEqual),
];

async function fashionBatch() {
  const images = (await fashionMnist()).take(64);
  const model = new BetaTCVAE({ input: images.shape, hidden: [64], latent: 6, dataSize: 10_000, seed: 3 });
  const tensors = { x: images.tensor(), ...model.inputs(randomStream(4, 'noise'), images.length) };
  return { model, tensors };
}

/** Mean of log q(z|x) − log p(z) in float64, from what the encoder says and the noise. */
async function divergenceOfDraws(q: DiagonalGaussian, epsilon: tf.Tensor): Promise<number> {
  const [mu, logVar, e] = [await q.mu.data(), await q.logVar.data(), await epsilon.data()];
  const [n, k] = q.mu.shape;
  let sum = 0;
  for (let i = 0; i < n * k; i++) {
    const z = mu[i]! + Math.exp(logVar[i]! / 2) * e[i]!;
    sum += 0.5 * (z * z - e[i]! ** 2 - logVar[i]!);
  }
  return sum / n;
}

async function partsSum(): Promise<Measured> {
  const { model, tensors } = await fashionBatch();
  const terms = tf.tidy(() => model.losses(tensors));
  const parts = [terms.indexCodeMutualInformation, terms.totalCorrelation, terms.dimensionWiseKl];
  const found = parts.reduce((sum, part) => sum + part.dataSync()[0]!, 0);
  const q = model.posterior(tensors.x) as DiagonalGaussian;
  return { expected: await divergenceOfDraws(q, tensors['epsilon']!), found, tolerance: 1e-4 };
}

async function betaOne(): Promise<Measured> {
  const { model, tensors } = await fashionBatch();
  const q = model.posterior(tensors.x) as DiagonalGaussian;
  const z = q.reparameterize(tensors['epsilon']!);
  const reconstruction = -(await model.likelihood(z).logProb(tensors.x).mean().data())[0]!;
  const expected = reconstruction + (await divergenceOfDraws(q, tensors['epsilon']!));
  const terms = tf.tidy(() => model.losses(tensors));
  const weights = Object.entries(model.termWeights).map(([name, { schedule }]) => [name, Number(schedule)] as const);
  const weightOf = Object.fromEntries(weights);
  const total = Object.entries(terms).reduce((sum, [name, term]) => {
    return sum + (weightOf[name] ?? 1) * term.dataSync()[0]!;
  }, 0);
  return { expected, found: total, tolerance: 1e-3 };
}

/** A model that gives these posteriors, whatever it is asked. */
function fixedPosterior(mu: number[][], variance: number): GaussianEncoder {
  return {
    posterior: () => {
      const means = tf.tensor2d(mu);
      return new DiagonalGaussian(means, tf.fill(means.shape, Math.log(variance)));
    },
  };
}

async function gaussian(): Promise<Measured> {
  const sigma = [
    [1, 0.6, 0.2],
    [0.6, 1.2, -0.3],
    [0.2, -0.3, 0.8],
  ];
  // Means of covariance Σ − s²I and posteriors of variance s² make a q(z) of covariance Σ.
  const s2 = 0.2;
  const [n, k] = [4000, 3];
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(
    Matrix.sub(new Matrix(sigma), Matrix.eye(k).mul(s2)),
    { assumeSymmetric: true },
  );
  const root = eigenvectorMatrix.mmul(Matrix.diag(realEigenvalues.map(Math.sqrt)));
  const draws = Matrix.from1DArray(n, k, Array.from(randomStream(5, 'means').normals(n * k)));
  const means = draws.mmul(root.transpose()).center('column');
  const { totalCorrelation } = await klParts(fixedPosterior(means.to2DArray(), s2), [[0]], { draws: 1000, seed: 6 });
  // The expected value is for these means, whose covariance is not quite the one they are drawn with.
  const covariance = means.transpose().mmul(means).div(n).add(Matrix.eye(k).mul(s2));
  const eigenvalues = new EigenvalueDecomposition(covariance, { assumeSymmetric: true }).realEigenvalues;
  const logs = (values: number[]) => values.reduce((sum, value) => sum + Math.log(value), 0);
  const expected = 0.5 * (logs(covariance.diag()) - logs(eigenvalues));
  return { expected, found: totalCorrelation.value, tolerance: 4 * totalCorrelation.standardError + 0.01 };
}

async function factorised(): Promise<Measured> {
  const axis = Array.from({ length: 12 }, (_, i) => Math.sin(i) * 2);
  const grid = axis.flatMap((a) => axis.map((b) => [a, b]));
  const { totalCorrelation } = await klParts(fixedPosterior(grid, 0.2), [[0]], { draws: 100, seed: 6 });
  return { expected: 0, found: totalCorrelation.value, tolerance: 1e-10 };
}

function stratified(): Measured {
  const [n, batch] = [30, 6];
  const stream = randomStream(8, 'densities');
  const densities = Array.from(stream.uniforms(n));
  const weights = tf.tidy(() => minibatchLogWeights(batch, n, 'stratified').exp().arraySync());
  const draws = Array.from({ length: 20_000 }, () => {
    const others = stream.permutation(n - 1).subarray(0, batch - 1);
    return [0, ...Array.from(others, (one) => one + 1)].reduce(
      (sum, sample, j) => sum + weights[0]![j]! * densities[sample]!,
      0,
    );
  });
  const { value, standardError } = estimate(draws);
  const expected = densities.reduce((sum, density) => sum + density / n, 0);
  return { expected, found: value, tolerance: 4 * standardError };
}

async function densityRatio(): Promise<Measured> {
  const rho = 0.8;
  const pairs = (n: number, seed: number) => {
    const stream = randomStream(seed, 'correlated');
    return Array.from({ length: n }, () => {
      const [a = 0, b = 0] = stream.normals(2);
      return [a, rho * a + Math.sqrt(1 - rho ** 2) * b];
    });
  };
  const model = new DensityRatio(2, 9);
  const learningRate = { schedule: 'linearWarmup', steps: 900, from: 0.005, to: 0 } as const;
  await model.fit(pairs(30_000, 1), { epochs: 15, batchSize: 500, learningRate });
  const logits = tf.tidy(() => model.logit(tf.tensor2d(pairs(30_000, 2))));
  const { value, standardError } = estimate(await logits.data());
  return { expected: gaussianMutualInformation(rho), found: value, tolerance: 0.03 + 4 * standardError };
}

function draws(n: number, k: number, counter: number, mu = 0): number[][] {
  const stream = randomStream(11, 'mmd', counter);
  return Array.from({ length: n }, () => Array.from(stream.normals(k), (draw) => draw + mu));
}

function mmdPairs(): Measured {
  const [a, b] = [draws(40, 3, 1, 0.5), draws(30, 3, 2)];
  const C = 2 * 3;
  const kernel = (x: number[], y: number[]) => C / (C + x.reduce((sum, value, i) => sum + (value - y[i]!) ** 2, 0));
  const mean = (x: number[][], y: number[][], distinct: boolean) => {
    const values = x.flatMap((one, i) => y.flatMap((other, j) => (distinct && i === j ? [] : [kernel(one, other)])));
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  const expected = mean(a, a, true) + mean(b, b, true) - 2 * mean(a, b, false);
  const found = tf.tidy(() => {
    const options = { kernel: 'inverseMultiquadratic' } as const;
    return squaredMMD(tf.tensor2d(a), tf.tensor2d(b), options).dataSync()[0]!;
  });
  return { expected, found, tolerance: 1e-5 };
}

function mmdEqual(): Measured {
  const values = Array.from({ length: 200 }, (_, i) =>
    tf.tidy(() => {
      const [a, b] = [tf.tensor2d(draws(50, 4, 2 * i)), tf.tensor2d(draws(50, 4, 2 * i + 1))];
      return squaredMMD(a, b).dataSync()[0]!;
    }),
  );
  const { value, standardError } = estimate(values);
  return { expected: 0, found: value, tolerance: 4 * standardError };
}
