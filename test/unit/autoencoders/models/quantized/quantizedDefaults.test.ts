import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  ConvolutionalVQVAE,
  GridVQVAE,
  VAE,
  VQLatentDiffusionAutoencoder,
  VQVAE,
  VQVAE2,
} from '../../../../../kernel/autoencoders/index';
import { useWasm } from '../../../engine/backends';
import { binarySamples, lowRankSamples } from '../../data';

beforeAll(useWasm);

const CODEBOOK = { codebookSize: 8, codeDimension: 4 };
const COMMON = { input: 6, hidden: [12], positions: 3, seed: 4 };
const data = lowRankSamples(60, 6, 2);

describe('the commitment that a model has by default', () => {
  const image = { kind: 'image', height: 28, width: 28, channels: 1 } as const;
  const code = { codebookSize: 16, codeDimension: 16 };
  const small = { channels: 4, residualChannels: 2 };
  const weightOf = (model: { termWeights: Readonly<Record<string, { schedule: unknown }>> }, term = 'commitment') =>
    model.termWeights[term]!.schedule;

  it.each([
    ['of perceptrons', () => new VQVAE({ input: image, ...code }), 12.25],
    ['with a projection', () => new VQVAE({ input: image, ...code, quantizer: { kind: 'vector', projection: 4 } }), 49],
    ['with cosine codes', () => new VQVAE({ input: image, ...code, quantizer: { kind: 'vector', similarity: 'cosine' } }), 12.25], // prettier-ignore
    ['in stages', () => new VQVAE({ input: image, ...code, quantizer: { kind: 'vector', stages: 3 } }), 12.25],
    ['of signs', () => new VQVAE({ input: image, quantizer: { kind: 'lookupFree', bits: 8 } }), 24.5],
    ['of images', () => new ConvolutionalVQVAE({ input: image, ...small, ...code }), 12.25],
    ['of sequences', () => new GridVQVAE({ input: 64, grid: [32], features: 2, ...small, ...code }), 1],
    ['of clips', () => new GridVQVAE({ input: 512, grid: [8, 8, 8], ...small, ...code }), 8],
  ])('%s is .25 times d/D by default, and as given otherwise', (_, create, expected) => {
    const model = create();
    expect(weightOf(model)).toBe(expected);
    expect(model.config.commitment).toBe(expected);
    expect(model.explain().effectiveCommitment).toBeCloseTo(0.25, 12);
    model.dispose();
  });

  it('holds of two levels and of the first stage of latent diffusion', () => {
    const levels = new VQVAE2({ input: image, ...small, ...code });
    expect([weightOf(levels, 'topCommitment'), weightOf(levels, 'bottomCommitment')]).toEqual([12.25, 12.25]);
    const stage = new VQLatentDiffusionAutoencoder({ input: image, channels: [4, 4], latentChannels: 4 });
    expect(weightOf(stage)).toBe(49);
    for (const model of [levels, stage]) {
      expect(model.explain().effectiveCommitment).toBeCloseTo(0.25, 12);
      model.dispose();
    }
  });

  it('makes the gradient that means over sample and code make, times d', async () => {
    const model = new VQVAE({ ...COMMON, ...CODEBOOK });
    const { reconstruction, commitment, total } = (await model.score(data)) as Record<string, number>;
    const [d, D] = [6, CODEBOOK.codeDimension];
    expect(total! / d).toBeCloseTo(reconstruction! / d + (0.25 * commitment!) / D, 5);
    model.dispose();
  });

  it('is reported with its convention', () => {
    const told = new VQVAE({ input: image, ...code, commitment: 2 }).explain();
    expect(told.terms.find(({ name }) => name === 'commitment')!.weight).toBe(2);
    expect(told.effectiveCommitment).toBeCloseTo((2 * 16) / 784, 12);
    expect(String(told)).toContain('sums, over the d = 784 values of a sample and the D = 16 of a code.');
    expect(String(told)).toContain('the weight is β·D/d: 0.04082.');
    expect(String(new VAE({ input: 4, latent: 1 }).explain())).not.toContain('β·D/d');
    const none = new VQVAE({ input: image, quantizer: { kind: 'finiteScalar', levels: [4, 4] } }).explain();
    expect([none.effectiveCommitment, String(none).includes('β·D/d')]).toEqual([null, false]);
  });
});

describe('a start by k-means of other models', () => {
  // The wasm backend lacks the gradient of a convolution by its kernel.
  beforeAll(() => tf.setBackend('cpu'));

  const image = { kind: 'image', height: 8, width: 8, channels: 1 } as const;
  const images = { ...binarySamples(40, 64), shape: image };
  const small = { input: image, codebookSize: 8, seed: 1 };

  type Initialization = 'auto' | 'normal';
  const create = {
    'VQ-VAE-2': (initialization: Initialization) =>
      new VQVAE2({ ...small, channels: 4, codeDimension: 3, residualChannels: 2, initialization }),
    'latent diffusion': (initialization: Initialization) =>
      new VQLatentDiffusionAutoencoder({ ...small, channels: [4, 4], latentChannels: 3, initialization }),
  };

  it.each(['VQ-VAE-2', 'latent diffusion'] as const)(
    '%s: codes begin near the vectors that they stand for',
    async (kind) => {
      const [started, drawn] = [create[kind]('auto'), create[kind]('normal')];
      // As `fit` does before its first step.
      for (const model of [started, drawn]) await model.prepare(images as never);
      const error = async (model: typeof started) => {
        const score = (await model.score(images)) as Record<string, number>;
        return Object.entries(score).reduce((sum, [name, value]) => sum + (/commitment$/i.test(name) ? value : 0), 0);
      };
      // Means of the vectors lie nearer to them than draws of N(0, I) do.
      expect(await error(started)).toBeLessThan(0.25 * (await error(drawn)));
      for (const model of [started, drawn]) model.dispose();
    },
  );
});
