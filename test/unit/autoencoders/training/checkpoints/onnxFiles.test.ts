import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  DeterministicAutoencoder,
  ConvolutionalVAE,
  ConvolutionalVQVAE,
  VAE,
  VQVAE,
} from '../../../../../kernel/autoencoders/index';
import { randomStream } from '../../../../../kernel/autoencoders/random';
import { useWasm } from '../../../engine/backends';

const TOLERANCE = 1e-5;
const image = { kind: 'image', height: 8, width: 8, channels: 1 } as const;
const small = { input: image, seed: 3 };
const dense = { ...small, hidden: [16] };

const MODELS = {
  autoencoder: () => new DeterministicAutoencoder({ ...dense, latent: 3 }),
  'Bernoulli VAE': () => new VAE({ ...dense, latent: 2 }),
  'Gaussian VAE': () => new VAE({ ...dense, latent: 2, likelihood: 'gaussian' }),
  'VQ-VAE': () => new VQVAE({ ...dense, positions: 4, codebookSize: 16, codeDimension: 3 }),
  'convolutional VAE': () => new ConvolutionalVAE({ ...small, channels: [4, 6] }),
  'convolutional VQ-VAE': () =>
    new ConvolutionalVQVAE({ ...small, channels: 8, residualChannels: 4, codebookSize: 16, codeDimension: 3 }),
};

let folder: string;

beforeAll(async () => {
  await useWasm();
  folder = await mkdtemp(path.join(tmpdir(), 'latentlab-onnx-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** What a file computes, by onnxruntime's own interface. */
async function run(file: string, feeds: Record<string, { values: Float32Array; shape: number[] }>) {
  const session = await InferenceSession.create(path.join(folder, file));
  const tensors = Object.entries(feeds).map(([name, { values, shape }]) => [name, new Tensor(values, shape)]);
  const results = await session.run(Object.fromEntries(tensors));
  await session.release();
  return results;
}

async function expectClose(found: Tensor, expected: tf.Tensor): Promise<void> {
  expect(found.dims).toEqual(expected.shape);
  const values = await expected.data();
  const scale = Math.max(...values.map(Math.abs));
  (found.data as Float32Array).forEach((value, i) => {
    if (Math.abs(value - values[i]!) > TOLERANCE * scale) expect(value).toBeCloseTo(values[i]!, 6);
  });
}

describe.each(Object.entries(MODELS))('%s, as ONNX,', (at, create) => {
  it.each([1, 7])('encodes, decodes and reconstructs %i rows as the model does', async (n) => {
    const model = create();
    await model.save(path.join(folder, at), { format: 'onnx' });
    const values = randomStream(1, 'pixels').uniforms(n * 64);
    const x = tf.tensor2d(values, [n, 64]);
    const z = model.encode(x);

    const encoded = await run(`${at}/encoder.onnx`, { x: { values, shape: [n, 64] } });
    await expectClose(encoded['z'] as Tensor, z);
    if ('codes' in model) {
      const codes = model.codes(x);
      expect([...(encoded['codes']!.data as Int32Array)]).toEqual([...(await codes.data())]);
      codes.dispose();
    }
    const decoded = await run(`${at}/decoder.onnx`, {
      z: { values: Float32Array.from(await z.data()), shape: z.shape },
    });
    await expectClose(decoded['xHat'] as Tensor, model.decode(z));
    const whole = await run(`${at}/model.onnx`, { x: { values, shape: [n, 64] } });
    await expectClose(whole['xHat'] as Tensor, model.reconstruct(x));
    tf.dispose([x, z]);
    model.dispose();
  });
});

describe('saving as ONNX', () => {
  let model: DeterministicAutoencoder;
  beforeAll(() => void (model = MODELS.autoencoder()));
  afterAll(() => model.dispose());

  it('replaces its own files and leaves nothing else behind', async () => {
    const target = path.join(folder, 'twice');
    await model.save(target, { format: 'onnx' });
    await model.save(target, { format: 'onnx' });
    expect((await readdir(target)).sort()).toEqual(['decoder.onnx', 'encoder.onnx', 'model.onnx']);
  });

  it('refuses a folder with something else in it, and a checkpoint', async () => {
    const target = path.join(folder, 'checkpoint');
    await model.save(target);
    await expect(model.save(target, { format: 'onnx' })).rejects.toThrow(/holds .*, so it is no folder of ONNX files/);
    await writeFile(path.join(folder, 'file'), '');
    await expect(model.save(path.join(folder, 'file'), { format: 'onnx' })).rejects.toThrow(/is a file/);
  });

  it('refuses a format that there is not', async () => {
    const format = 'pickle' as 'onnx';
    await expect(model.save(path.join(folder, 'new'), { format })).rejects.toThrow(
      'save: "format" is "pickle", allowed: "checkpoint", "onnx".',
    );
  });
});
