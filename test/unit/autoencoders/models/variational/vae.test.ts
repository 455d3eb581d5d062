import { EigenvalueDecomposition, inverse, Matrix } from 'ml-matrix';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { linearWarmup, randomStream, VAE } from '../../../../../kernel/autoencoders/index';
import type { VAEConfig } from '../../../../../kernel/autoencoders/index';
import { alive, useWasm } from '../../../engine/backends';
import { binarySamples, lowRankSamples, mean, samplesOf, standardError } from '../../data';
import { expectFiniteDifferences } from '../../gradients';

beforeAll(useWasm);

const LOG_2_PI = Math.log(2 * Math.PI);
const sum = (values: number[]) => values.reduce((all, value) => all + value, 0);

function matrixOf(tensor: tf.Tensor): Matrix {
  const [rows, columns] = tensor.shape as [number, number];
  return Matrix.from1DArray(rows, columns, [...tensor.dataSync()]);
}

/** Everything about a VAE without hidden layers and with a Gaussian likelihood, in closed form and float64. */
function linearGaussian(model: VAE, x: number[], sigma: number) {
  const { parameters } = model;
  const k = model.latentDimensions;
  const d = x.length;
  const row = Matrix.rowVector(x);
  const heads = row.mmul(matrixOf(parameters['encoder.0.kernel']!)).to1DArray();
  const bias = [...parameters['encoder.0.bias']!.dataSync()];
  const mu = heads.slice(0, k).map((value, i) => value + bias[i]!);
  const variance = heads.slice(k).map((value, i) => Math.exp(value + bias[k + i]!));
  const W = matrixOf(parameters['decoder.0.kernel']!).transpose();
  const residual = row.transpose().sub(Matrix.columnVector([...parameters['decoder.0.bias']!.dataSync()]));

  // log p(x) for x ~ N(b, W Wᵀ + σ² I)
  const evidence = W.mmul(W.transpose()).add(Matrix.eye(d).mul(sigma ** 2));
  const { realEigenvalues } = new EigenvalueDecomposition(evidence, { assumeSymmetric: true });
  const mahalanobis = residual.transpose().mmul(inverse(evidence)).mmul(residual).get(0, 0);
  const logEvidence = -0.5 * (d * LOG_2_PI + sum(realEigenvalues.map(Math.log)) + mahalanobis);

  // E_q[log p(x|z)] and KL(q ‖ p(z))
  const error = residual.clone().sub(W.mmul(Matrix.columnVector(mu)));
  const spread = W.mmul(Matrix.diag(variance)).mmul(W.transpose()).trace();
  const squared = error.transpose().mmul(error).get(0, 0) + spread;
  const reconstruction = 0.5 * (d * (LOG_2_PI + 2 * Math.log(sigma)) + squared / sigma ** 2);
  const kl = 0.5 * sum(mu.map((m, i) => m ** 2 + variance[i]! - Math.log(variance[i]!) - 1));

  // KL(q ‖ p(z|x)), with p(z|x) = N(m, S)
  const precision = W.transpose()
    .mmul(W)
    .div(sigma ** 2)
    .add(Matrix.eye(k));
  const m = inverse(precision)
    .mmul(W.transpose())
    .mmul(residual)
    .div(sigma ** 2);
  const apart = m.sub(Matrix.columnVector(mu));
  const logDet = sum(new EigenvalueDecomposition(precision, { assumeSymmetric: true }).realEigenvalues.map(Math.log));
  const distance = apart.transpose().mmul(precision).mmul(apart).get(0, 0);
  const gap =
    0.5 * (precision.mmul(Matrix.diag(variance)).trace() + distance - k - sum(variance.map(Math.log)) - logDet);
  return { logEvidence, reconstruction, kl, gap };
}

/** The objective at fixed noise, as a function of nothing but the weights. */
function objective(model: VAE, x: tf.Tensor2D, beta = 1): () => tf.Scalar {
  const noise = model.inputs(randomStream(9, 'noise'), x.shape[0]);
  return () => {
    const { reconstruction, kl } = model.losses({ x, ...noise });
    return reconstruction.add(kl.mul(beta)).asScalar();
  };
}

describe('the bound of a linear Gaussian VAE', () => {
  const x = [0.4, -1.1, 0.8, 0.2];
  const sigma = 0.6;
  const config: VAEConfig = { input: 4, latent: 2, hidden: [], likelihood: 'gaussian', sigma, draws: 2000, seed: 5 };

  it('is the log evidence less the divergence from the true posterior', async () => {
    const model = new VAE(config);
    const exact = linearGaussian(model, x, sigma);
    const elbo = -exact.reconstruction - exact.kl;
    expect(elbo + exact.gap).toBeCloseTo(exact.logEvidence, 10);

    const scores = [];
    for (let seed = 0; seed < 20; seed++) scores.push(await model.score([x], { seed }));
    const elbos = scores.map((score) => score.elbo);
    expect(Math.abs(mean(elbos) - elbo)).toBeLessThan(4 * standardError(elbos));
    expect(mean(elbos)).toBeLessThan(exact.logEvidence);
    for (const score of scores) expect(score.kl).toBeCloseTo(exact.kl, 5);
    model.dispose();
  });

  it('reaches the log evidence when it is trained', async () => {
    const data = lowRankSamples(400, 4, 2, 0.5);
    const model = new VAE({ ...config, draws: 1 });
    await model.fit(data, { epochs: 200, batchSize: 100, learningRate: linearWarmup(800, 0.05, 0) });
    const rows = Array.from({ length: 400 }, (_, i) => [...data.values.subarray(4 * i, 4 * i + 4)]);
    const exact = rows.map((row) => linearGaussian(model, row, sigma));
    expect(mean(exact.map(({ gap }) => gap))).toBeLessThan(0.01);
    expect(Math.min(...exact.map(({ gap }) => gap))).toBeGreaterThan(0);
    model.dispose();
  });

  it('with a learned σ reaches the likelihood and the σ of probabilistic PCA', async () => {
    const [n, d, k] = [1000, 6, 2];
    const data = lowRankSamples(n, d, k, 0.25);
    const centred = Matrix.from1DArray(n, d, Array.from(data.values)).center('column');
    const covariance = centred.transpose().mmul(centred).div(n);
    const eigenvalues = new EigenvalueDecomposition(covariance, { assumeSymmetric: true }).realEigenvalues;
    const [kept, discarded] = [eigenvalues.slice(d - k), eigenvalues.slice(0, d - k)];
    // Tipping and Bishop 1999, equations 8 and 10, at the maximum.
    const variance = mean(discarded);
    const likelihood = -0.5 * (d * LOG_2_PI + sum(kept.map(Math.log)) + (d - k) * Math.log(variance) + d);

    const model = new VAE({ ...config, input: d, draws: 1, sigma: 'learned' });
    expect(await model.sigma()).toBe(1);
    await model.fit(data, { epochs: 80, batchSize: 100, learningRate: linearWarmup(800, 0.05, 0) });
    const learned = (await model.sigma())!;
    expect(learned).toBeCloseTo(Math.sqrt(variance), 2);
    const rows = Array.from({ length: n }, (_, i) => [...data.values.subarray(d * i, d * i + d)]);
    const evidence = mean(rows.map((row) => linearGaussian(model, row, learned).logEvidence));
    expect(evidence).toBeLessThan(likelihood);
    expect(evidence).toBeGreaterThan(likelihood - 0.05);
    expect((await model.score(data)).elbo).toBeGreaterThan(likelihood - 0.1);
    model.dispose();
  });
});

describe('the terms of a VAE', () => {
  const data = binarySamples(6, 5);

  it('are those of float64 with a Bernoulli likelihood: summed over pixels and latents, averaged over the batch', () => {
    const model = new VAE({ input: 5, latent: 2, hidden: [4], seed: 3 });
    const x = tf.tensor2d(data.values, [6, 5]);
    const noise = model.inputs(randomStream(1, 'noise'), 6);
    const found = model.losses({ x, ...noise });
    const q = model.posterior(data);
    const p = model.decode(q.reparameterize(noise.epsilon)).dataSync();
    const crossEntropies = Array.from(data.values).map((value, i) => -Math.log(value === 1 ? p[i]! : 1 - p[i]!));
    const [mu, logVar] = [q.mu.dataSync(), q.logVar.dataSync()];
    const kls = Array.from(mu).map((m, i) => 0.5 * (m ** 2 + Math.exp(logVar[i]!) - logVar[i]! - 1));
    expect(found.reconstruction.dataSync()[0]).toBeCloseTo(sum(crossEntropies) / 6, 4);
    expect(found.kl.dataSync()[0]).toBeCloseTo(sum(kls) / 6, 5);
    model.dispose();
  });

  it.each([
    { likelihood: 'bernoulli', draws: 1 },
    { likelihood: 'gaussian', sigma: 'learned', draws: 2 },
    { likelihood: 'gaussian', sigma: 0.5, draws: 1 },
  ] as const)('have the gradient of finite differences with %j', (config) => {
    const model = new VAE({ input: 5, latent: 2, hidden: [4], activation: 'tanh', seed: 3, ...config });
    const loss = objective(model, tf.tensor2d(data.values, [6, 5]), 0.7);
    expectFiniteDifferences(model.parameters, loss, 2e-3);
    model.dispose();
  });

  it('average over draws: many draws come near the mean of single ones', async () => {
    const base: VAEConfig = { input: 5, latent: 2, hidden: [4], seed: 3 };
    const [one, many] = [new VAE(base), new VAE({ ...base, draws: 500 })];
    const single = [];
    for (let seed = 0; seed < 200; seed++) single.push((await one.score(data, { seed })).reconstruction);
    const { reconstruction } = await many.score(data, { seed: 1 });
    const spread = standardError(single) * Math.sqrt(1 + 200 / 500);
    expect(Math.abs(reconstruction - mean(single))).toBeLessThan(4 * spread);
    for (const model of [one, many]) model.dispose();
  });

  it('are weighted by β of the present step in the total, and unweighted in the bound', async () => {
    const model = new VAE({ input: 5, latent: 2, hidden: [4], beta: linearWarmup(8, 0, 4), seed: 3 });
    const before = await model.score(data);
    expect(before.total).toBeCloseTo(before.reconstruction, 6);
    await model.fit(data, { epochs: 4, batchSize: 6 });
    const after = await model.score(data);
    expect(after.total).toBeCloseTo(after.reconstruction + 2 * after.kl, 5);
    expect(after.elbo).toBeCloseTo(-after.reconstruction - after.kl, 5);
    model.dispose();
  });

  it('with β = 1 train like a VAE that was given no β, bit for bit', async () => {
    const models = [undefined, 1, linearWarmup(1, 1, 1)].map(
      (beta) => new VAE({ input: 5, latent: 2, hidden: [4], beta, seed: 3 }),
    );
    const weights = [];
    for (const model of models) {
      await model.fit(data, { epochs: 3, batchSize: 4 });
      weights.push(model.parameters['encoder.0.kernel']!.dataSync());
      model.dispose();
    }
    expect(weights[1]).toEqual(weights[0]);
    expect(weights[2]).toEqual(weights[0]);
  });
});

describe('a trained VAE', () => {
  it('encodes to the posterior mean, decodes to means, and samples by seed', () => {
    const model = new VAE({ input: 5, latent: 2, hidden: [4], seed: 3 });
    const data = binarySamples(7, 5);
    const q = model.posterior(data);
    expect(model.encode(data).dataSync()).toEqual(q.mode().dataSync());
    expect(q.sample().shape).toEqual([7, 2]);
    const samples = model.sample(3, { seed: 8 });
    expect(samples.shape).toEqual([3, 5]);
    expect(samples.dataSync().every((value) => value > 0 && value < 1)).toBe(true);
    expect(model.sample(3, { seed: 8 }).dataSync()).toEqual(samples.dataSync());
    expect(model.sample(3, { seed: 9 }).dataSync()).not.toEqual(samples.dataSync());
    model.dispose();
  });

  it('keeps no tensors but its results', async () => {
    const model = new VAE({ input: 5, latent: 2, hidden: [4], likelihood: 'gaussian', sigma: 0.3 });
    const data = binarySamples(7, 5);
    const before = alive();
    const q = model.posterior(data);
    tf.dispose([model.encode(data), model.decode([[0, 0]]), model.sample(2), q.sample()]);
    q.dispose();
    await model.score(data);
    expect(alive()).toEqual(before);
    model.dispose();
  });

  it('gives everything back when it is disposed', async () => {
    const before = alive();
    const model = new VAE({ input: 5, latent: 2, hidden: [4], likelihood: 'gaussian' });
    await model.fit(binarySamples(7, 5), { epochs: 1 });
    model.dispose();
    expect(alive()).toEqual(before);
  });

  it('has a name, a unit and a support for what is drawn and checked', () => {
    const image = { kind: 'image', height: 2, width: 2, channels: 3 } as const;
    const model = new VAE({ input: image, latent: 16, hidden: [] });
    expect([model.name, model.unit, model.latentDimensions]).toEqual(['VAE, 16 latents', 'nats per image', 16]);
    expect(() => model.encode(samplesOf([[1, 2]], 'pairs'))).toThrow(
      'VAE, 16 latents: encode expects rows of 12 values (2 × 2 RGB image); found pairs with 2 values (2 features).',
    );
    expect(() => model.posterior(7 as never)).toThrow('found a value of type number');
    model.dispose();
  });
});
