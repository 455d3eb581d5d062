import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { bernoulliDivergence, SparseAutoencoder } from '../../../../../kernel/autoencoders/index';
import { binarySamples, mean } from '../../data';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

function divergence(rho: number, rhoHat: number): number {
  return rho * Math.log(rho / rhoHat) + (1 - rho) * Math.log((1 - rho) / (1 - rhoHat));
}

function sigmoid(a: number): number {
  return 1 / (1 + Math.exp(-a));
}

describe('the divergence of a sparse autoencoder', () => {
  it('is 0.4946 nats from 0.05 to 0.5', () => {
    expect(bernoulliDivergence(0.05, tf.scalar(0.5)).dataSync()[0]).toBeCloseTo(0.4946, 4);
  });

  it('is 0 at ρ̂ = ρ, with gradient 0, and positive elsewhere', () => {
    const gradient = tf.grad((rhoHat) => bernoulliDivergence(0.05, rhoHat).sum());
    const rhoHat = tf.tensor1d([0.05, 0.01, 0.2, 0.9]);
    const values = bernoulliDivergence(0.05, rhoHat).dataSync();
    const slopes = gradient(rhoHat).dataSync();
    expect(Math.abs(values[0]!)).toBeLessThan(1e-7);
    expect(Math.abs(slopes[0]!)).toBeLessThan(1e-5);
    [0.01, 0.2, 0.9].forEach((at, i) => {
      expect(values[i + 1]).toBeCloseTo(divergence(0.05, at), 5);
      expect(slopes[i + 1]! / (-0.05 / at + 0.95 / (1 - at))).toBeCloseTo(1, 4);
    });
  });

  it('is finite for units that are always or never active', () => {
    for (const value of bernoulliDivergence(0.05, tf.tensor1d([0, 1])).dataSync()) expect(value).toBeLessThan(20);
  });

  it('calls back a unit that is almost never active, with the gradient −ρ by what its sigmoid is given', () => {
    const gradient = tf.grad((a) => bernoulliDivergence(0.05, a.sigmoid()).sum());
    for (const slope of gradient(tf.tensor1d([-15, -25, -60])).dataSync()) expect(slope).toBeCloseTo(-0.05, 5);
  });
});

describe('a sparse autoencoder', () => {
  it('sums the divergence over the units of every hidden layer, at their means over the batch', async () => {
    const model = new SparseAutoencoder({ input: 6, hidden: [5], latent: 3, sparsity: 0.1, beta: 2, seed: 4 });
    const { values } = binarySamples(7, 6);
    let h = Array.from({ length: 7 }, (_, n) => [...values.subarray(6 * n, 6 * n + 6)]);
    let expected = 0;
    for (const layer of ['encoder.0', 'encoder.1', 'decoder.0']) {
      const kernel = model.parameters[`${layer}.kernel`]!.arraySync() as number[][];
      h = h.map((row) => kernel[0]!.map((_, j) => sigmoid(row.reduce((sum, x, i) => sum + x * kernel[i]![j]!, 0))));
      h[0]!.forEach((_, j) => (expected += divergence(0.1, mean(h.map((row) => row[j]!)))));
    }
    const score = await model.score(binarySamples(7, 6));
    expect(score['sparsity']).toBeCloseTo(expected, 4);
    expect(score['total']).toBeCloseTo(score['reconstruction']! + 2 * expected, 4);
    model.dispose();
  });

  it('is trained to be as active as you ask', async () => {
    const data = binarySamples(64, 8);
    const model = new SparseAutoencoder({ input: 8, latent: 12, sparsity: 0.05, beta: 30, seed: 1 });
    const activity = () => mean(model.encode(data).dataSync());
    expect(activity()).toBeGreaterThan(0.3);
    await model.fit(data, { epochs: 60, batchSize: 64, learningRate: 0.1 });
    expect(Math.abs(activity() - 0.05)).toBeLessThan(0.02);
    model.dispose();
  });

  it('takes no other activation, and a sparsity between 0 and 1', () => {
    const config = { input: 2, latent: 2 };
    expect(() => new SparseAutoencoder({ ...config, sparsity: 0 })).toThrow('"sparsity" is 0, allowed: more than 0');
    const wrong = { ...config, activation: 'relu' };
    expect(() => new SparseAutoencoder(wrong)).toThrow('"activation" is "relu", allowed: "sigmoid"');
  });
});
