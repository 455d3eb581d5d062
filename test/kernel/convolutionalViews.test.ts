import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MIME } from '../../kernel/views/index';
import type { CodebookHistogramView, LatentScatterView, ReconstructionsView } from '../../kernel/views/index';
import { KernelUnderTest } from './kernelUnderTest';

const SETUP = `import * as latentlab from 'latentlab';
const shape = { kind: 'image', height: 8, width: 12, channels: 1 } as const;
const values = Float32Array.from({ length: 5 * 96 }, (_, i) => (i % 7) / 7);
const data = new latentlab.Dataset({ values, shape });
const vae = new latentlab.ConvolutionalVAE({ input: data.shape, channels: [4, 8] });
const vqvae = new latentlab.ConvolutionalVQVAE({ input: data.shape, channels: 8, codeDimension: 4, codebookSize: 16 });`;

let kernel: KernelUnderTest;

beforeAll(async () => {
  kernel = await KernelUnderTest.start();
  expect((await kernel.run(SETUP)).error).toBeUndefined();
});

afterAll(() => kernel.stop());

async function view<T>(source: string, mime: string): Promise<T> {
  const { displays, error } = await kernel.run(source);
  expect(error).toBeUndefined();
  return displays[0]!.bundle[mime] as T;
}

describe('convolutional models', () => {
  it('are drawn beside their input', async () => {
    const { inputs, methods } = await view<ReconstructionsView>(
      'await latentlab.reconstructions([vae, vqvae], data)',
      MIME.reconstructions,
    );
    expect(inputs!.shape).toEqual([5, 8, 12, 1]);
    const names = methods.map(({ name, samples }) => [name, samples.shape]);
    expect(names).toEqual([
      ['convolutional VAE, 2 latents', [5, 8, 12, 1]],
      ['convolutional VQ-VAE, 6 of 16 codes', [5, 8, 12, 1]],
    ]);
  });

  it('show their latent space', async () => {
    const scatter = (model: string) =>
      view<LatentScatterView>(`await latentlab.latentScatter(${model}, data, { grid: 3 })`, MIME.latentScatter);
    expect((await scatter('vae')).points.shape).toEqual([5, 2]);
    expect(await scatter('vqvae')).toMatchObject({
      points: { shape: [5, 2 * 3 * 4] },
      grid: { samples: { shape: [9, 8, 12, 1] } },
    });
  });

  it('show draws from the prior and how the codebook is used', async () => {
    const drawn = await view<ReconstructionsView>('await latentlab.samples(vae, { count: 3 })', MIME.reconstructions);
    expect(drawn.methods[0]!.samples.shape).toEqual([3, 8, 12, 1]);
    const usage = 'await latentlab.codebookHistogram(vqvae, data)';
    const { window, counts } = await view<CodebookHistogramView>(usage, MIME.codebookHistogram);
    expect([window, counts.shape]).toEqual(['5 samples × 6 codes', [16]]);
  });
});
