import { describe, expect, it } from 'vitest';
import {
  DeterministicAutoencoder,
  ConvolutionalVAE,
  ConvolutionalVQVAE,
  linearWarmup,
  VAE,
  VQVAE,
} from '../../../kernel/autoencoders/index';
import { ACTIVATIONS } from '../../../kernel/autoencoders/networks/layers/activations';
import { describeTracedSteps, trained } from './tracedIsEager';
import type { Create } from './tracedIsEager';

const image = { kind: 'image', height: 8, width: 8, channels: 1 } as const;
const odd = { kind: 'image', height: 7, width: 9, channels: 3 } as const;

const MODELS: Record<string, Create> = {
  autoencoder: (common) => new DeterministicAutoencoder({ ...common, input: image, hidden: [16], latent: 3 }),
  'autoencoder, cross-entropy, tanh': (common) =>
    new DeterministicAutoencoder({
      ...common,
      input: image,
      hidden: [16, 8],
      latent: 3,
      loss: 'crossEntropy',
      activation: 'tanh',
    }),
  ...Object.fromEntries(
    ACTIVATIONS.map((activation): [string, Create] => [
      `autoencoder, ${activation}`,
      (common) => new DeterministicAutoencoder({ ...common, input: image, hidden: [16, 8], latent: 3, activation }),
    ]),
  ),
  VAE: (common) => new VAE({ ...common, input: image, hidden: [16], latent: 4 }),
  'VAE, learned σ, three draws, sigmoid': (common) =>
    new VAE({
      ...common,
      input: image,
      hidden: [16],
      latent: 4,
      likelihood: 'gaussian',
      draws: 3,
      activation: 'sigmoid',
    }),
  'VAE, fixed σ, β scheduled': (common) =>
    new VAE({
      ...common,
      input: image,
      hidden: [16],
      latent: 4,
      likelihood: 'gaussian',
      sigma: 0.3,
      beta: linearWarmup(3, 0, 4),
    }),
  'VQ-VAE': (common) =>
    new VQVAE({ ...common, input: image, hidden: [16], positions: 4, codebookSize: 16, codeDimension: 3 }),
  'VQ-VAE without revival': (common) =>
    new VQVAE({
      ...common,
      input: image,
      hidden: [16],
      positions: 2,
      codebookSize: 8,
      codeDimension: 4,
      reviveBelow: 0,
    }),
  'convolutional VAE': (common) => new ConvolutionalVAE({ ...common, input: image, channels: [4, 6], binarize: 0.5 }),
  'convolutional VAE, odd colour images, grey values': (common) =>
    new ConvolutionalVAE({ ...common, input: odd, channels: [4, 6], latent: 3, likelihood: 'gaussian' }),
  // Channels of whole blocks, as ONNX Runtime convolves them.
  'convolutional VAE of 32 channels': (common) =>
    new ConvolutionalVAE({ ...common, input: image, channels: [32, 32], latent: 3 }),
  'convolutional VQ-VAE': (common) =>
    new ConvolutionalVQVAE({
      ...common,
      input: image,
      channels: 8,
      residualChannels: 4,
      codebookSize: 16,
      codeDimension: 3,
    }),
};

describeTracedSteps(MODELS);

describe('a traced step', () => {
  it('is the same to the last bit when it is computed again', async () => {
    const one = await trained(MODELS['convolutional VQ-VAE']!, 'cpu', 6, { name: 'adam' });
    const other = await trained(MODELS['convolutional VQ-VAE']!, 'cpu', 6, { name: 'adam' });
    expect(other).toEqual(one);
  });
});
