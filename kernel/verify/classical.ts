/** PCA, probabilistic PCA, k-means, Gaussian mixtures and fits by both divergences. */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import {
  fashionMnist,
  forwardFit,
  GaussianMixture,
  KMeans,
  lloydStep,
  meanReconstructionError,
  MultivariateGaussian,
  PCA,
  ProbabilisticPCA,
  reverseFits,
} from '../autoencoders/index';
import type { Verification } from './verification';

const FITTED_HERE =
  'fitted to the 10,000 test images that are shipped; the oracle is the whole float64 spectrum of the same images';

const principalComponents: Verification[] = [2, 10, 16, 20, 32, 64].map((k) => ({
  id: `classical/pca-error-${k}`,
  system: 'PCA',
  identity: `squared error per image with ${k} components = Σ of the discarded eigenvalues on Fashion-MNIST, ${FITTED_HERE}`,
  quick: false,
  async measure() {
    const data = await fashionMnist();
    const expected = sum((await fashionSpectrum()).slice(k));
    return { expected, found: await meanReconstructionError(await PCA.fit(data, k), data), tolerance: 1e-3 * expected };
  },
}));

const likelihoods: Verification[] = (
  [
    [10, 315.16],
    [20, 396.7],
    [32, 455.28],
  ] as const
).map(([k, published]) => ({
  id: `classical/ppca-${k}`,
  system: 'Probabilistic PCA',
  identity: `nats per image of Fashion-MNIST with ${k} components = −½[d log 2π + Σ log λ + (d − k) log σ² + d], ${FITTED_HERE} (the figure ${published} belongs to a fit to the 60,000 training images)`,
  quick: false,
  async measure() {
    const data = await fashionMnist();
    const lambda = await fashionSpectrum();
    const d = lambda.length;
    const noise = sum(lambda.slice(k)) / (d - k);
    const logDeterminant = sum(lambda.slice(0, k).map(Math.log)) + (d - k) * Math.log(noise);
    const expected = -0.5 * (d * Math.log(2 * Math.PI) + logDeterminant + d);
    return { expected, found: (await ProbabilisticPCA.fit(data, k)).logLikelihood(data), tolerance: 0.05 };
  },
}));

const density: Verification = {
  id: 'classical/ppca-density',
  system: 'Probabilistic PCA',
  identity: 'mean log p(x) of 50 images = log N(x; μ, WWᵀ + σ²I) by the Cholesky factor of the 784 × 784 covariance',
  quick: false,
  async measure() {
    const data = (await fashionMnist()).take(1000);
    const model = await ProbabilisticPCA.fit(data, 10);
    const gaussian = new MultivariateGaussian([...model.mean], model.covariance);
    const images = Array.from({ length: 50 }, (_, n) => [...data.slice(n, n + 1).values]);
    const expected = sum(images.map((image) => gaussian.logDensity(image))) / images.length;
    return { expected, found: model.logLikelihood(images), tolerance: 1e-6 * Math.abs(expected) };
  },
};

const neverFalls: Verification[] = (['diagonal', 'full'] as const).map((covariance) => ({
  id: `classical/em-never-falls-${covariance}`,
  system: 'Gaussian mixture',
  identity: `the least gain of the log-likelihood in a step of EM is not below 0 (${covariance} covariances)`,
  quick: true,
  async measure() {
    const options = { components: 4, covariance, seed: 3, tolerance: 0, iterations: 60 };
    const { history } = await GaussianMixture.fit(cloud(400), options);
    const gains = history.slice(1).map((value, step) => value - history[step]!);
    return { expected: 0, found: Math.min(...gains), tolerance: 1e-8, relation: '≥' };
  },
}));

const mixtures: Verification[] = [
  ...neverFalls,
  {
    id: 'classical/em-bound-is-tight',
    system: 'Gaussian mixture',
    identity: 'F(q, θ) = Σ log p(x)/n at q = p(k|x)',
    quick: true,
    async measure() {
      const rows = cloud(200);
      const mixture = await GaussianMixture.fit(rows, { components: 3, seed: 1, iterations: 3 });
      const found = mixture.evidenceLowerBound(rows, mixture.responsibilities(rows));
      return { expected: sum([...mixture.logProb(rows)]) / rows.length, found, tolerance: 1e-10 };
    },
  },
  {
    id: 'classical/em-is-k-means',
    system: 'Gaussian mixture',
    identity: 'as σ → 0, a step of EM with equal weights moves the means as a step of k-means does: largest difference',
    quick: true,
    measure() {
      const rows = cloud(200);
      const means = [rows[0]!, rows[1]!, rows[2]!];
      const weights = means.map(() => 1 / 3);
      const mixture = new GaussianMixture({ weights, means, covariances: means.map(() => [1e-8, 1e-8]) });
      const moved = mixture.maximize(rows, mixture.responsibilities(rows)).means.flat();
      const differences = lloydStep(rows, means)
        .centres.flat()
        .map((value, i) => Math.abs(value - moved[i]!));
      return { expected: 0, found: Math.max(...differences), tolerance: 1e-10 };
    },
  },
  {
    id: 'classical/k-means-never-rises',
    system: 'k-means',
    identity:
      'the largest rise of the mean squared distance in a step of Lloyd’s, on 500 images of Fashion-MNIST, is not above 0',
    quick: true,
    async measure() {
      const { history } = await KMeans.fit((await fashionMnist()).take(500), { clusters: 10, seed: 1, iterations: 20 });
      const rises = history.slice(1).map((value, step) => value - history[step]!);
      return { expected: 0, found: Math.max(...rises), tolerance: 1e-10, relation: '≤' };
    },
  },
];

const twoModes = new GaussianMixture({ weights: [0.5, 0.5], means: [[-3], [3]], covariances: [[1], [1]] });

/** min KL(q‖p) over a grid of μ and σ, each integral summed over x: no part of it is shared with the fit. */
function leastReverseDivergence(): number {
  const log2Pi = Math.log(2 * Math.PI);
  const logP = (x: number) =>
    Math.log(0.5 * Math.exp(-0.5 * (x + 3) ** 2) + 0.5 * Math.exp(-0.5 * (x - 3) ** 2)) - 0.5 * log2Pi;
  let least = Infinity;
  for (let mu = 2.9; mu <= 3.1; mu += 0.005) {
    for (let sigma = 0.95; sigma <= 1.1; sigma += 0.005) {
      let divergence = 0;
      for (let x = mu - 9; x <= mu + 9; x += 0.05) {
        const logQ = -0.5 * ((x - mu) / sigma) ** 2 - Math.log(sigma) - 0.5 * log2Pi;
        divergence += Math.exp(logQ) * (logQ - logP(x)) * 0.05;
      }
      least = Math.min(least, divergence);
    }
  }
  return least;
}

function fitRow(id: string, identity: string, expected: () => number, found: () => number, tolerance: number) {
  const system = 'Fits by a divergence';
  const measure = () => ({ expected: expected(), found: found(), tolerance });
  return { id: `classical/${id}`, system, identity: `${identity}, for ½N(−3, 1) + ½N(3, 1)`, quick: true, measure };
}

const reverse = () => reverseFits(twoModes, { starts: [-3, 3] });

const fits: Verification[] = [
  fitRow('forward-mean', 'argmin KL(p‖q) has μ = 0', () => 0, () => forwardFit(twoModes).mean, 1e-10),
  fitRow('forward-variance', 'argmin KL(p‖q) has σ² = 10', () => 10, () => forwardFit(twoModes).variance, 1e-10),
  fitRow('reverse-left', 'a minimum of KL(q‖p) has μ = −3 to one decimal', () => -3, () => Math.min(...reverse().map(({ mean }) => mean)), 0.05),
  fitRow('reverse-right', 'a minimum of KL(q‖p) has μ = 3 to one decimal', () => 3, () => Math.max(...reverse().map(({ mean }) => mean)), 0.05),
  fitRow('reverse-deviation', 'the minimum of KL(q‖p) has σ = 1 to one decimal', () => 1, () => Math.sqrt(reverse()[0]!.variance), 0.05),
  fitRow('reverse-divergence', 'min KL(q‖p) = 0.689 nats', () => 0.689, () => reverse()[0]!.divergence, 5e-4),
  fitRow('reverse-grid', 'min KL(q‖p) = the least value on a grid of μ and σ', leastReverseDivergence, () => reverse()[0]!.divergence, 1e-5),
]; // prettier-ignore

export const classical: Verification[] = [...principalComponents, ...likelihoods, density, ...mixtures, ...fits];

/** Draws of three Gaussians in the plane. */
function cloud(count: number): number[][] {
  const truth = new GaussianMixture({
    weights: [0.2, 0.5, 0.3],
    means: [
      [0, 0],
      [3, 1],
      [-1, 4],
    ],
    covariances: [
      [1, 0.2],
      [0.3, 2],
      [1, 1],
    ],
  });
  const sample = truth.sample(count, { seed: 5 });
  const rows = sample.arraySync();
  sample.dispose();
  return rows;
}

let spectrum: Promise<number[]> | undefined;

/** Eigenvalues of the covariance of Fashion-MNIST's test set, largest first, wholly in float64. */
function fashionSpectrum(): Promise<number[]> {
  return (spectrum ??= fashionMnist().then(({ values, length: n, width: d }) => {
    const x = Matrix.from1DArray(n, d, Float64Array.from(values)).center('column').to1DArray();
    const c = new Float64Array(d * d);
    for (let row = 0; row < x.length; row += d) {
      for (let i = 0; i < d; i++) {
        const value = x[row + i]! / n;
        for (let j = i; j < d; j++) c[i * d + j]! += value * x[row + j]!;
      }
    }
    for (let i = 0; i < d; i++) for (let j = 0; j < i; j++) c[i * d + j] = c[j * d + i]!;
    const covariance = Matrix.from1DArray(d, d, c);
    const { realEigenvalues } = new EigenvalueDecomposition(covariance, { assumeSymmetric: true });
    return realEigenvalues.sort((a, b) => b - a);
  }));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
