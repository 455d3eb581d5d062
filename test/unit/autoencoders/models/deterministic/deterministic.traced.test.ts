import * as tf from '@tensorflow/tfjs';
import {
  ContractiveAutoencoder,
  convolutional,
  DenoisingAutoencoder,
  DeterministicAutoencoder,
  mlp,
  squaredCodes,
  KSparseAutoencoder,
  RegularizedAutoencoder,
  SparseAutoencoder,
} from '../../../../../kernel/autoencoders/index';
import { randomStream } from '../../../../../kernel/autoencoders/random';
import { describeTracedSteps } from '../../../engine/tracedIsEager';

const input = 12;
const image = { kind: 'image', height: 8, width: 8, channels: 1 } as const;
const images = {
  input: image,
  encoder: convolutional({ channels: [4] }),
  decoder: convolutional({ channels: [4] }),
};
const maps = { ...images, latent: 3 };

describeTracedSteps({
  'denoising autoencoder, masking': (common) =>
    new DenoisingAutoencoder({ ...common, input, hidden: [8], latent: 3, loss: 'crossEntropy' }),
  'denoising autoencoder, Gaussian': (common) =>
    new DenoisingAutoencoder({ ...common, input, hidden: [8], latent: 3, corruption: { corruption: 'gaussian' } }),
  'denoising autoencoder, salt and pepper': (common) =>
    new DenoisingAutoencoder({ ...common, input, hidden: [], latent: 3, corruption: { corruption: 'saltAndPepper' } }),
  'sparse autoencoder': (common) => new SparseAutoencoder({ ...common, input, hidden: [8], latent: 5 }),
  'k-sparse autoencoder': (common) => new KSparseAutoencoder({ ...common, input, units: 20, active: 3 }),
  'k-sparse autoencoder with an auxiliary loss': (common) =>
    new KSparseAutoencoder({ ...common, input, units: 20, active: 3, auxiliary: { active: 4, deadAfter: 1 } }),
  'contractive autoencoder': (common) => new ContractiveAutoencoder({ ...common, input, latent: 5 }),
  'contractive autoencoder of three layers': (common) =>
    new ContractiveAutoencoder({ ...common, input, hidden: [8, 6], latent: 3, activation: 'tanh', tied: false }),
  'contractive autoencoder with rectifiers': (common) =>
    new ContractiveAutoencoder({ ...common, input, hidden: [8], latent: 3, activation: 'relu' }),
  'regularised autoencoder': (common) => new RegularizedAutoencoder({ ...common, input, hidden: [8], latent: 3 }),
});

/** Small values keep steps of plain gradient descent through convolutions from growing what float32 rounds off. */
const faint = (batch: number, width: number, step: number) =>
  tf.tensor2d(
    randomStream(1, 'pixels', step)
      .uniforms(batch * width)
      .map((value) => value / 10),
    [batch, width],
  );

describeTracedSteps(
  {
    'convolutional denoising autoencoder': (common) => new DenoisingAutoencoder({ ...common, ...maps }),
    'convolutional sparse autoencoder': (common) => new SparseAutoencoder({ ...common, ...maps }),
    'convolutional regularised autoencoder': (common) => new RegularizedAutoencoder({ ...common, ...maps }),
    'convolutional k-sparse autoencoder': (common) =>
      new KSparseAutoencoder({ ...common, ...images, units: 20, active: 3 }),
    'contractive autoencoder with an encoder of its own': (common) =>
      new ContractiveAutoencoder({ ...common, input, latent: 3, encoder: mlp([6], { activation: 'tanh' }) }),
    'autoencoder with a likelihood, a corruption and a penalty': (common) =>
      new DeterministicAutoencoder({
        ...common,
        ...maps,
        likelihood: 'gaussian',
        corruption: 'gaussian',
        penalties: [squaredCodes()],
      }),
  },
  faint,
);
