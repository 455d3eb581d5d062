import { ConvolutionalVQVAE } from '../../../../../kernel/autoencoders/models/quantized/convolutionalVqvae';
import { GridVQVAE } from '../../../../../kernel/autoencoders/models/quantized/gridVqvae';
import { VQVAE } from '../../../../../kernel/autoencoders/models/quantized/vqvae';
import type { QuantizerConfig } from '../../../../../kernel/autoencoders/quantizers/index';
import { describeTracedSteps } from '../../../engine/tracedIsEager';
import { ownSigns, ownVectors } from './ownQuantizers';
import type { Common } from '../../../engine/tracedIsEager';

const image = { kind: 'image', height: 8, width: 8, channels: 1 } as const;
const small = { channels: 4, residualBlocks: 1, residualChannels: 2, codebookSize: 6, codeDimension: 3 };

const vectors = (quantizer: Partial<QuantizerConfig>) => (common: Common) =>
  new VQVAE({
    ...common,
    input: 10,
    hidden: [12],
    positions: 3,
    codebookSize: 8,
    codeDimension: 4,
    quantizer: { kind: 'vector', ...quantizer } as QuantizerConfig,
  });

describeTracedSteps({
  'VQ-VAE with vectors of your own': (common) =>
    new VQVAE({ ...common, input: 10, hidden: [12], positions: 2, quantizer: ownVectors() }),
  'VQ-VAE with signs of your own, state and noise': (common) =>
    new VQVAE({ ...common, input: 10, hidden: [12], positions: 2, quantizer: ownSigns({ bits: 2, jitter: 0.1 }) }),
  'VQ-VAE with a codebook by gradient': vectors({ learning: 'gradient' }),
  'VQ-VAE with the rotation trick': vectors({ estimator: 'rotation' }),
  'VQ-VAE with cosine codes': vectors({ similarity: 'cosine' }),
  'VQ-VAE with cosine codes by gradient': vectors({ similarity: 'cosine', learning: 'gradient' }),
  'VQ-VAE with projected codes': vectors({ projection: 2 }),
  'VQ-VAE with an entropy term': vectors({ entropyWeight: 0.1 }),
  'residual VQ-VAE': vectors({ stages: 3 }),
  'residual VQ-VAE by gradient, with every trick': vectors({
    stages: 2,
    learning: 'gradient',
    estimator: 'rotation',
    projection: 3,
    entropyWeight: 0.1,
  }),
  'VQ-VAE of finite scalars': (common) =>
    new VQVAE({
      ...common,
      input: 10,
      hidden: [12],
      positions: 2,
      quantizer: { kind: 'finiteScalar', levels: [5, 4, 2] },
    }),
  'VQ-VAE without look-up': (common) =>
    new VQVAE({ ...common, input: 10, hidden: [12], positions: 2, quantizer: { kind: 'lookupFree', bits: 4 } }),
  'convolutional VQ-VAE with the rotation trick': (common) =>
    new ConvolutionalVQVAE({ ...common, ...small, input: image, quantizer: { kind: 'vector', estimator: 'rotation' } }),
  'VQ-VAE of sequences': (common) => new GridVQVAE({ ...common, ...small, input: 26, grid: [13], features: 2 }),
  'VQ-VAE of maps': (common) => new GridVQVAE({ ...common, ...small, input: 60, grid: [5, 6], features: 2 }),
  'VQ-VAE of clips': (common) => new GridVQVAE({ ...common, ...small, input: 120, grid: [4, 5, 6] }),
});
