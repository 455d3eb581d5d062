import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  AdversarialAutoencoder,
  convolutional,
  FactorVAE,
  mlp,
  residual,
  VAE,
} from '../../../../../kernel/autoencoders/index';
import { Convolution, Dense, TransposedConvolution } from '../../../../../kernel/autoencoders/networks/layers/layers';
import type { Affine, Activation, Initializer } from '../../../../../kernel/autoencoders/networks/layers/layers';
import { randomStream } from '../../../../../kernel/autoencoders/random';
import { useWasm } from '../../../engine/backends';
import { mean } from '../../data';

beforeAll(useWasm);

const NAMED = ['glorotUniform', 'glorotNormal', 'heUniform', 'heNormal', 'lecunNormal'] as const;

const kernelOf = ({ parameters }: Affine) => parameters['f.kernel']!;

const dense = (initializer: Initializer | undefined, activation: Activation = 'linear', seed = 1) =>
  kernelOf(new Dense({ name: 'f', in: 300, out: 100, activation, initializer, seed }));

/** 2 / (in + out) and so on. */
const variance = (name: (typeof NAMED)[number], fanIn: number, fanOut: number) =>
  ({
    glorotUniform: 2 / (fanIn + fanOut),
    glorotNormal: 2 / (fanIn + fanOut),
    heUniform: 2 / fanIn,
    heNormal: 2 / fanIn,
    lecunNormal: 1 / fanIn,
  })[name];

describe('an initialiser', () => {
  it.each(NAMED)('%s has its variance, and mean 0', (name) => {
    const values = dense(name).dataSync();
    // 30,000 draws: the standard error of a variance is below 1 %.
    expect(mean(values.map((value) => value ** 2)) / variance(name, 300, 100)).toBeCloseTo(1, 1);
    expect(Math.abs(mean(values))).toBeLessThan(4 * Math.sqrt(variance(name, 300, 100) / values.length));
  });

  it.each(['glorotUniform', 'heUniform'] as const)('%s stays within √3 deviations, and comes near', (name) => {
    const bound = Math.sqrt(3 * variance(name, 300, 100));
    const largest = dense(name).abs().max().dataSync()[0]!;
    expect(largest).toBeLessThanOrEqual(bound * (1 + 1e-6));
    expect(largest).toBeGreaterThan(0.999 * bound);
  });

  it('keeps the variance of what comes in: LeCun with a linear layer, He with a rectifier in between', () => {
    const x = tf.tensor2d(randomStream(3, 'x').normals(500 * 300), [500, 300]);
    const spread = (y: tf.Tensor) => tf.moments(y).variance.dataSync()[0]!;
    expect(spread(x.matMul(dense('lecunNormal') as tf.Tensor as tf.Tensor2D))).toBeCloseTo(1, 1);
    // E relu(h)² = ½ E h².
    const h = x.matMul(dense('heNormal') as tf.Tensor as tf.Tensor2D).relu();
    expect(h.square().mean().dataSync()[0]).toBeCloseTo(1, 1);
  });

  it('counts the pixels of kernels of convolutions', () => {
    const shared = { name: 'f', in: 32, out: 64, size: 5, stride: 2, activation: 'linear', seed: 1 } as const;
    const square = (layer: Affine) =>
      mean(
        kernelOf(layer)
          .dataSync()
          .map((value) => value ** 2),
      );
    const convolution = new Convolution({ ...shared, initializer: 'heNormal' });
    expect(square(convolution) * 25 * 32).toBeCloseTo(2, 1);
    const transposed = new TransposedConvolution({
      ...shared,
      initializer: 'lecunNormal',
      to: { height: 8, width: 8 },
    });
    expect(square(transposed) * 25 * 32).toBeCloseTo(4, 1);
  });

  it.each([
    [60, 40],
    [40, 60],
    [50, 50],
  ])('orthogonal has orthonormal columns or rows: %i × %i', (rows, columns) => {
    const options = { name: 'f', activation: 'linear', initializer: 'orthogonal', seed: 4 } as const;
    const kernel = kernelOf(new Dense({ ...options, in: rows, out: columns })) as tf.Tensor as tf.Tensor2D;
    const gram = tf.matMul(kernel, kernel, rows >= columns, rows < columns);
    const off = gram
      .sub(tf.eye(Math.min(rows, columns)))
      .abs()
      .max()
      .dataSync()[0]!;
    expect(off).toBeLessThan(1e-6);
  });

  it('orthogonal takes a convolution as a matrix of its taps by its channels', () => {
    const options = { name: 'f', activation: 'relu', initializer: 'orthogonal', seed: 4 } as const;
    const kernel = kernelOf(new Convolution({ ...options, in: 3, out: 8, size: 3 })).reshape<tf.Tensor2D>([27, 8]);
    expect(tf.matMul(kernel, kernel, true).sub(tf.eye(8)).abs().max().dataSync()[0]).toBeLessThan(1e-6);
  });

  it('zeros are zeros', () => {
    expect(dense('zeros').abs().max().dataSync()[0]).toBe(0);
  });

  it.each(['relu', 'leaky', 'elu', 'gelu', 'silu'] as const)('default is He before %s', (activation) => {
    expect([...dense('default', activation).dataSync()]).toEqual([...dense('heNormal').dataSync()]);
    expect([...dense(undefined, activation).dataSync()]).toEqual([...dense('heNormal').dataSync()]);
  });

  it.each(['tanh', 'sigmoid', 'softplus', 'linear'] as const)('default is Glorot before %s', (activation) => {
    expect([...dense(undefined, activation).dataSync()]).toEqual([...dense('glorotNormal').dataSync()]);
  });

  it.each(['default', 'orthogonal', 'heUniform'] as const)('%s depends on the seed alone', (name) => {
    const draw = (seed: number) => [...dense(name, 'relu', seed).dataSync()];
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });

  it('is a field of models of perceptrons, and one that is not known is an error', () => {
    const model = new VAE({ input: 6, latent: 2, hidden: [5], initializer: 'zeros' });
    for (const [name, variable] of Object.entries(model.parameters)) {
      if (name.endsWith('.kernel')) expect(variable.abs().max().dataSync()[0], name).toBe(0);
    }
    expect(() => new VAE({ input: 6, latent: 2, initializer: 'he' as 'heNormal' })).toThrow(/initializer/);
    const parts = { encoder: mlp([4]), decoder: mlp([4]) };
    expect(() => new VAE({ input: 6, latent: 2, initializer: 'zeros', ...parts })).toThrow('"initializer"');
  });

  it('is an option of networks', () => {
    const encoder = convolutional({ channels: [4, 6], initializer: 'zeros' });
    const model = new VAE({ input: [8, 8, 2], latent: 2, encoder, decoder: mlp([4], { initializer: 'orthogonal' }) });
    const largest = (name: string) => model.parameters[name]!.abs().max().dataSync()[0]!;
    for (const i of [0, 1, 2]) expect(largest(`encoder.${i}.kernel`)).toBe(0);
    // Rows of 4 units, of 2 latents.
    const first = model.parameters['decoder.0.kernel'] as tf.Tensor as tf.Tensor2D;
    expect(tf.matMul(first, first, false, true).sub(tf.eye(2)).abs().max().dataSync()[0]).toBeLessThan(1e-6);
  });
});

describe('initializers of networks and of adversaries', () => {
  const kernels = (model: { parameters: Readonly<Record<string, tf.Variable>> }, prefix: string) =>
    Object.entries(model.parameters).filter(([name]) => name.startsWith(prefix) && name.endsWith('.kernel'));
  const zero = ([, kernel]: [string, tf.Variable]) => kernel.dataSync().every((value) => value === 0);

  it.each([6, [8, 8, 1]])('are those of residual networks of %j, all layers', (input) => {
    const part = residual({ initializer: 'zeros', channels: [2], width: 4 });
    const model = new VAE({ input, latent: 2, encoder: part, decoder: residual({ channels: [2], width: 4 }) });
    expect(kernels(model, 'encoder').length).toBeGreaterThan(4);
    expect(kernels(model, 'encoder').every(zero)).toBe(true);
    expect(kernels(model, 'decoder').some(zero)).toBe(false);
    expect(() => residual({ initializer: 'he' as 'heNormal' })).toThrow('residual: "initializer" is "he"');
    model.dispose();
  });

  it('are those of the discriminators of FactorVAE and of adversarial autoencoders', () => {
    const factor = new FactorVAE({ input: 6, latent: 2, hidden: [4], discriminator: { initializer: 'zeros' } });
    const adversarial = new AdversarialAutoencoder({ input: 6, latent: 2, hidden: [4], initializer: 'zeros' });
    for (const model of [factor, adversarial]) {
      expect(kernels(model, 'discriminator')).toHaveLength(3);
      expect(kernels(model, 'discriminator').every(zero)).toBe(true);
    }
    expect(kernels(factor, 'encoder').some(zero)).toBe(false);
    for (const model of [factor, adversarial]) model.dispose();
  });
});
