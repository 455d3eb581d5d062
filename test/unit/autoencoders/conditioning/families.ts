/** A small model of every family that may take classes and missing values. */
import type * as tf from '@tensorflow/tfjs';
import * as library from '../../../../kernel/autoencoders/index';
import type { Autoencoder, Dataset } from '../../../../kernel/autoencoders/index';
import { randomStream } from '../../../../kernel/autoencoders/random';
import { widthOf } from '../../../../kernel/autoencoders/samples';

export interface Conditions {
  classes?: number;
  missing?: boolean;
}

type Options = Conditions & { seed?: number; optimizer?: library.OptimizerOptions };

/** Autoencoders: those encode and decode. */
export type Family = Autoencoder<object, library.Given>;

export const CLASSES = 3;
const rows = { input: 12, hidden: [8] };
const dense = { ...rows, latent: 3 };
const image = { kind: 'image', height: 8, width: 8, channels: 1 } as const;
const grid = { channels: 4, residualBlocks: 1, residualChannels: 2, codebookSize: 4, codeDimension: 3 };
const codes = { positions: 2, codebookSize: 4, codeDimension: 3 };
const maps = () => library.convolutional({ channels: [2] });

export const AUTOENCODERS: Record<string, (options: Options) => Family> = {
  VAE: (o) => new library.VAE({ ...dense, ...o }),
  'VAE, logistic mixture': (o) =>
    new library.VAE({ ...dense, ...o, likelihood: library.logisticMixture({ components: 2, levels: 8 }) }),
  IWAE: (o) => new library.IWAE({ ...dense, ...o, draws: 2, likelihood: 'gaussian' }),
  'VampPrior VAE': (o) => new library.VampPriorVAE({ ...dense, ...o, components: 3 }),
  FactorVAE: (o) => new library.FactorVAE({ ...dense, ...o, discriminator: { hidden: [4] } }),
  'convolutional VAE': (o) => new library.ConvolutionalVAE({ input: image, channels: [2], ...o }),
  autoencoder: (o) => new library.DeterministicAutoencoder({ ...dense, ...o }),
  'tied autoencoder': (o) =>
    new library.DeterministicAutoencoder({ ...dense, ...o, activation: 'tanh', code: 'tanh', tied: true }),
  'convolutional autoencoder': (o) =>
    new library.DeterministicAutoencoder({ input: image, latent: 3, encoder: maps(), decoder: maps(), ...o }),
  'denoising autoencoder': (o) =>
    new library.DenoisingAutoencoder({ ...dense, ...o, corruption: 'gaussian', likelihood: 'gaussian' }),
  'cross-entropy autoencoder': (o) =>
    new library.DenoisingAutoencoder({ ...dense, ...o, corruption: 'saltAndPepper', loss: 'crossEntropy' }),
  'sparse autoencoder': (o) => new library.SparseAutoencoder({ input: 12, latent: 3, hidden: [5], ...o }),
  'contractive autoencoder': (o) => new library.ContractiveAutoencoder({ input: 12, latent: 3, hidden: [5], ...o }),
  'regularised autoencoder': (o) => new library.RegularizedAutoencoder({ ...dense, ...o }),
  'k-sparse autoencoder': (o) =>
    new library.KSparseAutoencoder({ input: 12, units: 8, active: 2, auxiliary: { deadAfter: 1 }, ...o }),
  'adversarial autoencoder': (o) => new library.AdversarialAutoencoder({ ...dense, discriminatorHidden: [4], ...o }),
  'VQ-VAE': (o) => new library.VQVAE({ ...rows, ...codes, ...o }),
  'convolutional VQ-VAE': (o) => new library.ConvolutionalVQVAE({ input: image, ...grid, ...o }),
  'VQ-VAE of a grid': (o) => new library.GridVQVAE({ input: 16, grid: [8], features: 2, ...grid, ...o }),
  'VQ-VAE-2': (o) => new library.VQVAE2({ input: image, ...grid, ...o }),
  MHVAE: (o) => new library.MHVAE({ ...rows, latents: [3, 2], ...o }),
  'ladder VAE': (o) => new library.LadderVAE({ ...rows, latents: [3, 2], likelihood: 'gaussian', ...o }),
};

/** `[name, conditions, a model of the family so]` of each family. */
export const CONDITIONS: [string, Conditions][] = [
  ['classes', { classes: CLASSES }],
  ['missing', { missing: true }],
  ['both', { classes: CLASSES, missing: true }],
];

export function tdVae(options: Options): library.TDVAE {
  const widths = { belief: 5, latent: 2, layers: 2, hidden: [6], gates: 6 };
  return new library.TDVAE({ input: 12, frames: 3, jumps: [1, 2], conditionOnJump: true, ...widths, ...options });
}

/** Values in [0, 1), every fifth missing where some may be. */
export function valuesOf(count: number, width: number, missing = false, seed = 1): number[][] {
  const values = randomStream(seed, 'values').uniforms(count * width);
  return Array.from({ length: count }, (_, i) =>
    Array.from(values.subarray(i * width, (i + 1) * width), (value, j) => (missing && (i + j) % 5 === 0 ? NaN : value)),
  );
}

/** Labels −1, 0, 1, 2 in turns. */
export function dataOf(count: number, { inputShape }: Pick<Family, 'inputShape'>, missing = false): Dataset {
  const width = widthOf(inputShape);
  const labels = Int32Array.from({ length: count }, (_, i) => (i % (CLASSES + 1)) - 1);
  const values = Float32Array.from(valuesOf(count, width, missing).flat());
  return new library.Dataset({ name: 'rows', values, shape: inputShape, labels });
}

/** The numbers of a tensor, which is freed. */
export function numbersOf(tensor: tf.Tensor): number[] {
  const values = Array.from(tensor.dataSync());
  tensor.dispose();
  return values;
}
