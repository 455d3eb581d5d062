import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  Autoencoder,
  ConvolutionalVAE,
  ConvolutionalVQVAE,
  linearWarmup,
  VAE,
  VQVAE,
} from '../../../kernel/autoencoders/index';
import { randomStream } from '../../../kernel/autoencoders/random';
import type { OptimizerOptions, StepReport } from '../../../kernel/engine/index';
import { setRuntime, type Runtime } from '../../../kernel/engine/runtime';

/** Of losses, and of new weights in norm: float32, summed in another order. */
const TOLERANCE = 1e-5;
const STEPS = 3;

const image = { kind: 'image', height: 8, width: 8, channels: 1 } as const;
const odd = { kind: 'image', height: 7, width: 9, channels: 3 } as const;

type AnyModel = Autoencoder | VAE | VQVAE | ConvolutionalVAE | ConvolutionalVQVAE;
interface Common {
  seed: number;
  optimizer: OptimizerOptions;
}

const MODELS: Record<string, (common: Common) => AnyModel> = {
  autoencoder: (common) => new Autoencoder({ ...common, input: image, hidden: [16], latent: 3 }),
  'autoencoder, cross-entropy, tanh': (common) =>
    new Autoencoder({ ...common, input: image, hidden: [16, 8], latent: 3, loss: 'crossEntropy', activation: 'tanh' }),
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
  'convolutional VAE': (common) => new ConvolutionalVAE({ ...common, input: image, channels: [4, 6] }),
  'convolutional VAE, odd colour images, grey values': (common) =>
    new ConvolutionalVAE({ ...common, input: odd, channels: [4, 6], latent: 3, binarize: null }),
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

beforeAll(async () => {
  await tf.setBackend('cpu');
});

afterEach(() => setRuntime('eager'));

/** Reports and final variables of a few steps of a model, each batch from (seed, step). */
async function trained(
  create: (common: Common) => AnyModel,
  runtime: Runtime,
  batch: number,
  optimizer: OptimizerOptions,
) {
  setRuntime(runtime);
  const model = create({ seed: 5, optimizer });
  const width = model.expected('test').width;
  const reports: StepReport[] = [];
  for (let step = 0; step < STEPS; step++) {
    const x = tf.tensor2d(randomStream(1, 'pixels', step).uniforms(batch * width), [batch, width]);
    const tensors = { x, ...model.noise(randomStream(1, 'noise', step), batch) };
    const weights = Object.fromEntries(Object.keys(model.termWeights).map((term) => [term, 0.3 + step]));
    reports.push(await model.step.run({ tensors, weights, learningRate: 0.01 }));
    tf.dispose(tensors);
  }
  expect(model.step.eagerBecause).toBeUndefined();
  const variables: Record<string, Float32Array> = {};
  for (const [name, variable] of Object.entries({ ...model.parameters, ...model.state })) {
    variables[name] = (await variable.data()) as Float32Array;
  }
  model.dispose();
  return { reports, variables };
}

function norm(values: Iterable<number>): number {
  return Math.hypot(...values);
}

describe.each(Object.entries(MODELS))('a traced step of the %s', (_, create) => {
  it.each([
    [16, { name: 'sgd', momentum: 0.5 }],
    [5, { name: 'adam' }],
    [1, { name: 'adam' }],
  ] as const)('is the eager one, in losses and new weights: batch %i', async (batch, optimizer) => {
    const eager = await trained(create, 'eager', batch, optimizer);
    const traced = await trained(create, 'cpu', batch, optimizer);
    eager.reports.forEach(({ losses, gradientNorm }, step) => {
      const found = traced.reports[step]!;
      expect(Object.keys(found.losses)).toEqual(Object.keys(losses));
      for (const [term, value] of Object.entries(losses)) {
        expect(Math.abs(found.losses[term]! - value)).toBeLessThanOrEqual(TOLERANCE * Math.max(1, Math.abs(value)));
      }
      expect(Math.abs(found.gradientNorm - gradientNorm)).toBeLessThanOrEqual(TOLERANCE * gradientNorm);
    });
    for (const [name, expected] of Object.entries(eager.variables)) {
      const off = norm(traced.variables[name]!.map((value, i) => value - expected[i]!));
      expect(off, name).toBeLessThanOrEqual(TOLERANCE * Math.max(1, norm(expected)));
    }
  });
});

describe('a traced step', () => {
  it('is the same to the last bit when it is computed again', async () => {
    const one = await trained(MODELS['convolutional VQ-VAE']!, 'cpu', 6, { name: 'adam' });
    const other = await trained(MODELS['convolutional VQ-VAE']!, 'cpu', 6, { name: 'adam' });
    expect(other).toEqual(one);
  });
});
