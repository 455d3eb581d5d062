import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  DiagonalGaussian,
  klDecomposition,
  logUniformMixture,
  minibatchLogWeights,
  randomStream,
} from '../../../../kernel/autoencoders/index';
import { mean, standardError } from '../data';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const density = (z: number, mu: number, variance: number) =>
  Math.exp(-((z - mu) ** 2) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);

function gaussians(n: number, k: number, seed = 3) {
  const stream = randomStream(seed, 'posteriors');
  const rows = (scale: number) => Array.from({ length: n }, () => [...stream.normals(k)].map((draw) => scale * draw));
  return { mu: rows(1.5), logVar: rows(0.5), z: rows(1) };
}

/** The three parts of float64, from the definition with these weights. */
function byDefinition({ mu, logVar, z }: ReturnType<typeof gaussians>, weight: (i: number, j: number) => number) {
  const k = z[0]!.length;
  const parts = z.map((zi, i) => {
    const each = (j: number) => zi.map((value, l) => density(value, mu[j]![l]!, Math.exp(logVar[j]![l]!)));
    const product = (values: number[]) => values.reduce((all, value) => all * value, 1);
    const all = mu.map((_, j) => each(j));
    const qz = all.reduce((sum, densities, j) => sum + weight(i, j) * product(densities), 0);
    const marginals = Array.from({ length: k }, (_, l) =>
      all.reduce((sum, densities, j) => sum + weight(i, j) * densities[l]!, 0),
    );
    const prior = product(zi.map((value) => density(value, 0, 1)));
    return [
      Math.log(product(all[i]!) / qz),
      Math.log(qz / product(marginals)),
      Math.log(product(marginals) / prior),
    ] as const;
  });
  return [0, 1, 2].map((part) => mean(parts.map((values) => values[part]!)));
}

it('the parts of a divergence keep no tensors but themselves', () => {
  const { mu, logVar, z } = gaussians(4, 2);
  const q = new DiagonalGaussian(tf.tensor2d(mu), tf.tensor2d(logVar));
  const at = tf.tensor2d(z);
  const before = tf.memory().numTensors;
  tf.dispose(klDecomposition(q, at, { dataSize: 9, estimator: 'stratified' }));
  expect(tf.memory().numTensors).toBe(before);
});

function measured(given: ReturnType<typeof gaussians>, dataSize: number, estimator: 'stratified' | 'weighted') {
  const q = new DiagonalGaussian(tf.tensor2d(given.mu), tf.tensor2d(given.logVar));
  const z = tf.tensor2d(given.z);
  const { indexCodeMutualInformation, totalCorrelation, dimensionWiseKl } = klDecomposition(q, z, {
    dataSize,
    estimator,
  });
  const kl = q
    .logProb(z)
    .sub(new DiagonalGaussian(tf.zerosLike(z), tf.scalar(0)).logProb(z))
    .mean();
  const read = (tensor: tf.Tensor) => tensor.dataSync()[0]!;
  return { parts: [indexCodeMutualInformation, totalCorrelation, dimensionWiseKl].map(read), kl: read(kl) };
}

describe('the parts of the KL divergence', () => {
  const given = gaussians(6, 3);

  it('are those of float64 with minibatch-weighted sampling', () => {
    const expected = byDefinition(given, () => 1 / (40 * 6));
    measured(given, 40, 'weighted').parts.forEach((part, i) => expect(part).toBeCloseTo(expected[i]!, 4));
  });

  it('are those of float64 with stratified sampling', () => {
    const expected = byDefinition(given, (i, j) => (i === j ? 1 / 40 : 39 / (40 * 5)));
    measured(given, 40, 'stratified').parts.forEach((part, i) => expect(part).toBeCloseTo(expected[i]!, 4));
  });

  it('are exact when the batch is the data set', () => {
    const expected = byDefinition(given, () => 1 / 6);
    measured(given, 6, 'stratified').parts.forEach((part, i) => expect(part).toBeCloseTo(expected[i]!, 4));
  });

  it.each(['stratified', 'weighted'] as const)('sum to the estimate of the divergence: %s', (estimator) => {
    const { parts, kl } = measured(given, 1000, estimator);
    expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(kl, 4);
  });

  it('weigh a batch of one sample, or one larger than the data set, without dividing by zero', () => {
    expect(minibatchLogWeights(1, 9, 'stratified').dataSync()[0]).toBeCloseTo(-Math.log(9), 6);
    const weights = minibatchLogWeights(4, 2, 'stratified').exp().dataSync();
    for (const weight of weights) expect(weight).toBeCloseTo(1 / 4, 6);
  });
});

describe('weights of a batch', () => {
  const n = 12;
  const batch = 4;
  const { mu, z } = gaussians(n, 1);
  const q = (j: number) => density(z[0]![0]!, mu[j]![0]!, 0.5);

  it('of stratified sampling estimate q(z) without bias, as the data set of all batches shows', () => {
    const exact = mean(Array.from({ length: n }, (_, j) => q(j)));
    const weights = minibatchLogWeights(batch, n, 'stratified').exp().arraySync();
    const estimates = Array.from({ length: 4000 }, (_, i) => {
      const others = randomStream(i, 'batch').permutation(n - 1);
      const rows = [0, ...Array.from(others.subarray(0, batch - 1), (row) => row + 1)];
      return rows.reduce((sum, row, j) => sum + weights[0]![j]! * q(row), 0);
    });
    expect(Math.abs(mean(estimates) - exact)).toBeLessThan(4 * standardError(estimates));
  });

  it('sum to 1 with stratified sampling and to 1/N with weighted sampling', () => {
    const rowSums = (estimator: 'stratified' | 'weighted') =>
      minibatchLogWeights(batch, n, estimator).exp().sum(1).dataSync();
    for (const sum of rowSums('stratified')) expect(sum).toBeCloseTo(1, 6);
    for (const sum of rowSums('weighted')) expect(sum).toBeCloseTo(1 / n, 6);
  });
});

it('the log density of a uniform mixture is that of float64', () => {
  const { mu, logVar, z } = gaussians(5, 2);
  const found = logUniformMixture(tf.tensor2d(z), new DiagonalGaussian(tf.tensor2d(mu), tf.tensor2d(logVar)));
  z.forEach((row, i) => {
    const densities = mu.map((m, j) =>
      row.reduce((product, value, l) => product * density(value, m[l]!, Math.exp(logVar[j]![l]!)), 1),
    );
    expect(found.dataSync()[i]).toBeCloseTo(Math.log(mean(densities)), 4);
  });
});
