import { describe, expect, it } from 'vitest';
import {
  DeterministicAutoencoder,
  ConfigurationError,
  ConvolutionalVAE,
  ConvolutionalVQVAE,
  cyclical,
  VAE,
  VQVAE,
} from '../../../../kernel/autoencoders/index';
import type { ConvolutionalVAEConfig, VAEConfig } from '../../../../kernel/autoencoders/index';

const vae = (config: object) => () => new VAE({ input: 4, latent: 2, ...config } as VAEConfig);
const image = { kind: 'image', height: 28, width: 28, channels: 1 } as const;

describe('a configuration', () => {
  it('gets defaults and becomes plain JSON that makes the same model', () => {
    const model = new VAE({ input: 3, latent: 2, beta: cyclical(10), seed: 7 });
    const plain = JSON.parse(JSON.stringify(model.config)) as VAEConfig;
    expect(plain).toEqual({
      input: { kind: 'vector', features: ['x1', 'x2', 'x3'] },
      latent: 2,
      classes: null,
      missing: false,
      binarize: null,
      encoder: { name: 'mlp', hidden: [400, 200], activation: 'relu', initializer: 'default', output: 'linear' },
      decoder: { name: 'mlp', hidden: [200, 400], activation: 'relu', initializer: 'default', output: 'linear' },
      posterior: { name: 'diagonalGaussian' },
      prior: { name: 'standardNormal' },
      likelihood: { name: 'bernoulli' },
      objective: { name: 'evidenceLowerBound', beta: cyclical(10), reduction: 'sum', draws: 1, divergence: 'exact' },
      seed: 7,
      optimizer: { name: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    });
    const again = new VAE(plain);
    expect(JSON.parse(JSON.stringify(again.config))).toEqual(plain);
    expect(again.parameters['encoder.0.kernel']!.dataSync()).toEqual(model.parameters['encoder.0.kernel']!.dataSync());
    for (const one of [model, again]) one.dispose();
  });

  it.each([
    [{ latent: 0 }, 'VAE: "latent" is 0, allowed: at least 1.'],
    [{ latent: 1.5 }, 'VAE: "latent" is 1.5, expected a whole number.'],
    [{ latent: undefined }, 'VAE: "latent" is missing, expected a number.'],
    [
      { likelihood: 'poisson' },
      'VAE: "likelihood" is "poisson", there is no likelihood of this name (there are bernoulli, continuousBernoulli, ',
    ],
    [{ hidden: [400, -1] }, 'VAE: "hidden.1" is -1, allowed: at least 1.'],
    [{ hidden: 400 }, 'VAE: "hidden" is 400, expected an array.'],
    [
      { activation: 'swish' },
      'VAE: "activation" is "swish", allowed: "relu", "leaky", "elu", "gelu", "silu", "softplus", "tanh", "sigmoid", "linear".',
    ],
    [
      { initializer: 'he' },
      'VAE: "initializer" is "he", allowed: "default", "glorotUniform", "glorotNormal", "heUniform", "heNormal", ',
    ],
    [{ beta: -1 }, 'VAE: "beta" is -1, expected a number ≥ 0 or a schedule'],
    [{ beta: 'high' }, 'VAE: "beta" is "high", expected a number ≥ 0 or a schedule: linearWarmup(steps, from, to), '],
    [{ sigma: 0.1 }, 'VAE: "sigma" is 0.1, allowed only with likelihood "gaussian".'],
    [{ likelihood: 'gaussian', sigma: 0 }, 'VAE: "sigma" is 0, allowed: more than 0.'],
    [{ likelihood: 'gaussian', sigma: 'big' }, 'VAE: "sigma" is "big", allowed: a number > 0, "learned", "perPixel".'],
    [
      { latents: 3 },
      'VAE: unknown field "latents" (allowed: input, seed, optimizer, latent, hidden, activation, initializer, ',
    ],
    [
      { optimizer: 'adamm' },
      'VAE: "optimizer" is "adamm", expected one of "adam", "adamw", "adamax", "sgd", "rmsprop", "lion", ',
    ],
    [{ optimizer: { beta1: 0 } }, 'VAE: "optimizer" is {"beta1":0}, expected one of "adam", '],
    [{ optimizer: { name: 'sgd', momentum: 1 } }, 'VAE: "optimizer.momentum" is 1, allowed: less than 1.'],
    [{ optimizer: { name: 'adamw', weightDecay: '1%' } }, 'VAE: "optimizer.weightDecay" is "1%", expected a number.'],
    [{ optimizer: { name: 'adam', weightDecay: 0.1 } }, 'VAE: unknown field "optimizer.weightDecay".'],
    [{ optimizer: { name: 'rmsprop', alpha: 1 } }, 'VAE: "optimizer.alpha" is 1, allowed: less than 1.'],
    [
      { optimizer: { name: 'adam', averageWeights: { decay: 1 } } },
      'VAE: "optimizer.averageWeights.decay" is 1, allowed: less than 1.',
    ],
    [
      { optimizer: { name: 'adam', groups: [{ parameters: '*', weightDecay: 0.1 }] } },
      'VAE: "optimizer.groups.0.weightDecay" is 0.1, adam has no weight decay: give the group the optimizer "adamw" or ',
    ],
    [
      { optimizer: { name: 'adam', groups: [{ parameters: '*', optimizer: 'adagrad' }] } },
      'VAE: "optimizer.groups.0.optimizer" is "adagrad", expected one of "adam", "adamw", ',
    ],
    [
      { optimizer: { name: 'adam', groups: [{ parameters: '*', trainable: false, learningRateScale: 2 }] } },
      'VAE: "optimizer.groups.0.trainable" is false, such a group does not train: leave out optimizer, ',
    ],
    [
      { optimizer: { name: 'adam', groups: [{ parameters: '*', rate: 0.1 }] } },
      'VAE: unknown field "optimizer.groups.0.rate".',
    ],
    [{ optimizer: { name: 'adam', groups: [] } }, 'VAE: "optimizer.groups" is [], allowed: at least 1 entries.'],
    [
      { input: 0 },
      'VAE: "input" is 0, expected a number of features ≥ 1, [features], [steps, features], [height, width, channels] or the shape of a data set (data.shape).',
    ],
    [{ latent: 0, seed: 'x' }, 'VAE: "seed" is "x", expected a number; "latent" is 0, allowed: at least 1.'],
  ])('names what is wrong with %j', (config, message) => {
    expect(vae(config)).toThrow(ConfigurationError);
    expect(vae(config)).toThrow(message);
  });

  it.each([
    ['adamw', { name: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 }],
    ['adamax', { name: 'adamax', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }],
    ['sgd', { name: 'sgd', momentum: 0.9, nesterov: false }],
    ['rmsprop', { name: 'rmsprop', alpha: 0.99, epsilon: 1e-8, momentum: 0, centered: false }],
    ['lion', { name: 'lion', beta1: 0.9, beta2: 0.99, weightDecay: 0 }],
    [
      { name: 'sgd', groups: [{ parameters: 'encoder.*', optimizer: 'lion' }] },
      {
        ...{ name: 'sgd', momentum: 0.9, nesterov: false },
        groups: [
          {
            parameters: 'encoder.*',
            optimizer: { name: 'lion', beta1: 0.9, beta2: 0.99, weightDecay: 0 },
            learningRateScale: 1,
            trainable: true,
          },
        ],
      },
    ],
    [
      { name: 'sgd', nesterov: true },
      { name: 'sgd', momentum: 0.9, nesterov: true },
    ],
  ] as const)('fills up the optimizer %j', (optimizer, whole) => {
    const model = vae({ optimizer })();
    expect(model.config.optimizer).toEqual(whole);
    model.dispose();
  });

  it('is checked by every model under its own name', () => {
    expect(() => new VQVAE({ input: 4, decay: 1 })).toThrow('VQVAE: "decay" is 1, allowed: less than 1.');
    const config = { input: 4, latent: 1, beta: 2 };
    expect(() => new DeterministicAutoencoder(config)).toThrow('Autoencoder: unknown field "beta" (allowed: ');
  });

  it.each([
    [
      { input: 784 },
      '"input" is 784, expected the shape of images, found 784 features; convolutions need rows and columns',
    ],
    [{ input: { ...image, height: 3 } }, 'expected at least 4 × 4 pixels for 2 layers of stride 2.'],
    [{ channels: [8, 8, 8, 8, 8] }, 'expected at least 32 × 32 pixels for 5 layers of stride 2.'],
    [{ channels: [] }, '"channels" is [], allowed: at least 1 entries.'],
    [{ binarize: 1 }, '"binarize" is 1, allowed: less than 1.'],
    [
      { hidden: [400] },
      'unknown field "hidden" (allowed: input, seed, optimizer, latent, posterior, prior, likelihood, sigma, classes, ',
    ],
  ])('of a convolutional VAE names what is wrong with %j', (config, message) => {
    const create = () => new ConvolutionalVAE({ input: image, ...config } as ConvolutionalVAEConfig);
    expect(create).toThrow(ConfigurationError);
    expect(create).toThrow(message);
  });

  it.each([
    [{ input: { ...image, width: 3 } }, '"input" is {"kind":"image",'],
    [{ channels: 7 }, '"channels" is 7, expected an even number.'],
    [{ residualBlocks: -1 }, '"residualBlocks" is -1, allowed: at least 0.'],
    [{ positions: 8 }, 'unknown field "positions" (allowed: input, seed, optimizer, channels, residualBlocks, '],
  ])('of a convolutional VQ-VAE names what is wrong with %j', (config, message) => {
    expect(() => new ConvolutionalVQVAE({ input: image, ...config })).toThrow(`ConvolutionalVQVAE: ${message}`);
  });
});
