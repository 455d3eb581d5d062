/** Every class of models that the library exports, as ONNX, run by onnxruntime-node on its own. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as library from '../../../../../kernel/autoencoders/index';
import { Model } from '../../../../../kernel/autoencoders/models/model';
import { randomStream } from '../../../../../kernel/autoencoders/random';

const TOLERANCE = 1e-4;
const image = { kind: 'image', height: 8, width: 8, channels: 1 } as const;
const small = { input: image, seed: 3 };
const dense = { ...small, hidden: [16] };
const convolutional = { ...small, channels: 8, residualChannels: 4, codebookSize: 16, codeDimension: 3 };
const stage = { ...small, channels: [8, 8], blocks: 1, discriminatorChannels: [4] };
const codes = { height: 2, width: 2, codebookSize: 5, channels: 4, layers: 1, seed: 1 };

/** What of a model the test needs, whatever its configuration. */
interface Saved {
  save(path: string, options: { format: 'onnx' }): Promise<void>;
  dispose(): void;
}

/** Class → a few small models of it. */
const MODELS: Record<string, Record<string, () => Saved>> = {
  DeterministicAutoencoder: { '': () => new library.DeterministicAutoencoder({ ...dense, latent: 3 }) },
  DenoisingAutoencoder: { '': () => new library.DenoisingAutoencoder({ ...dense, latent: 3 }) },
  SparseAutoencoder: { '': () => new library.SparseAutoencoder({ ...dense, latent: 3 }) },
  KSparseAutoencoder: { '': () => new library.KSparseAutoencoder({ ...small, units: 12, active: 3 }) },
  ContractiveAutoencoder: { '': () => new library.ContractiveAutoencoder({ ...small, latent: 3 }) },
  RegularizedAutoencoder: { '': () => new library.RegularizedAutoencoder({ ...dense, latent: 3 }) },
  AdversarialAutoencoder: { '': () => new library.AdversarialAutoencoder({ ...dense, latent: 3 }) },
  VAE: {
    Bernoulli: () => new library.VAE({ ...dense, latent: 2 }),
    'continuous Bernoulli': () => new library.VAE({ ...dense, latent: 2, likelihood: 'continuousBernoulli' }),
    'learned σ': () => new library.VAE({ ...dense, latent: 2, likelihood: 'gaussian' }),
    'σ of its own': () => new library.VAE({ ...dense, latent: 2, likelihood: 'gaussian', sigma: 0.3 }),
    'σ per pixel': () => new library.VAE({ ...dense, latent: 2, likelihood: 'gaussian', sigma: 'perPixel' }),
    'full posterior': () => new library.VAE({ ...dense, latent: 3, posterior: 'full' }),
    'full posterior of one latent': () => new library.VAE({ ...dense, latent: 1, posterior: 'full' }),
  },
  IWAE: { '': () => new library.IWAE({ ...dense, latent: 2 }) },
  BetaTCVAE: { '': () => new library.BetaTCVAE({ ...dense, latent: 2, dataSize: 100 }) },
  FactorVAE: { '': () => new library.FactorVAE({ ...dense, latent: 2 }) },
  InfoVAE: { '': () => new library.InfoVAE({ ...dense, latent: 2 }) },
  VampPriorVAE: { '': () => new library.VampPriorVAE({ ...dense, latent: 2, components: 5 }) },
  ConvolutionalVAE: { '': () => new library.ConvolutionalVAE({ ...small, channels: [4, 6] }) },
  ConditionalVAE: { '': () => new library.ConditionalVAE({ ...dense, latent: 2, classes: 3 }) },
  HierarchicalVAE: {
    'top down': () => new library.HierarchicalVAE({ ...dense, latents: [3, 2], inference: 'topDown' }),
  },
  MHVAE: { '': () => new library.MHVAE({ ...dense, latents: [3, 2] }) },
  LadderVAE: { '': () => new library.LadderVAE({ ...dense, latents: [3, 2] }) },
  VQVAE: { '': () => new library.VQVAE({ ...dense, positions: 4, codebookSize: 16, codeDimension: 3 }) },
  ConvolutionalVQVAE: { '': () => new library.ConvolutionalVQVAE(convolutional) },
  GridVQVAE: { '': () => new library.GridVQVAE({ ...convolutional, grid: [8, 8] }) },
  VQVAE2: { '': () => new library.VQVAE2(convolutional) },
  LatentDiffusionAutoencoder: { '': () => new library.LatentDiffusionAutoencoder({ ...stage, latentChannels: 2 }) },
  VQLatentDiffusionAutoencoder: {
    '': () => new library.VQLatentDiffusionAutoencoder({ ...stage, latentChannels: 2, codebookSize: 8 }),
  },
  TDVAE: {
    '': () =>
      new library.TDVAE({
        input: 12,
        frames: 3,
        jumps: [1, 2],
        belief: 5,
        latent: 2,
        layers: 2,
        hidden: [6],
        gates: 6,
        seed: 1,
      }),
  },
  LatentFlow: { '': () => new library.LatentFlow({ input: 4, layers: 3, hidden: [8], seed: 1 }) },
  SoftmaxRegression: { '': () => new library.SoftmaxRegression({ ...small, classes: 3 }) },
  ProbeClassifier: { '': () => new library.ProbeClassifier({ ...small, classes: 3, channels: [4, 4], features: 5 }) },
  PixelCNN: { '': () => new library.PixelCNN({ ...codes, firstKernel: 3 }) },
  PixelSNAIL: {
    '': () => new library.PixelSNAIL({ ...codes, residualLayers: 1, heads: 2, keyChannels: 3, valueChannels: 2 }),
  },
};

/** Those that are refused. */
const REFUSED = ['PixelCNN', 'PixelSNAIL'];

let folder: string;
beforeAll(async () => {
  await tf.setBackend('cpu');
  folder = await mkdtemp(path.join(tmpdir(), 'latentlab-onnx-models-'));
});
afterAll(() => rm(folder, { recursive: true }));

const ROWS = 5;
const numbers = (name: string, width: number) => randomStream(1, name).uniforms(ROWS * width);
const rows = (name: string, width: number) => tf.tensor2d(numbers(name, width), [ROWS, width]);

type Feeds = Readonly<Record<string, tf.Tensor>>;

/** The outputs of a file by name. */
async function run(file: string, feeds: Feeds): Promise<Record<string, Tensor>> {
  const session = await InferenceSession.create(path.join(folder, file));
  const given = Object.entries(feeds).map(async ([name, tensor]) => {
    return [name, new Tensor(Float32Array.from(await tensor.data()), tensor.shape)] as const;
  });
  const found = (await session.run(Object.fromEntries(await Promise.all(given)))) as Record<string, Tensor>;
  await session.release();
  return found;
}

async function expectClose(found: Tensor | undefined, expected: tf.Tensor): Promise<void> {
  expect(found?.dims).toEqual(expected.shape);
  const values = Array.from(await expected.data());
  const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-30);
  const difference = values.reduce((most, value, i) => Math.max(most, Math.abs(value - Number(found!.data[i]))), 0);
  expect(difference / scale).toBeLessThan(TOLERANCE);
}

/** What each class gives by its own functions: files → feeds, and outputs that are known. */
type Cases = [file: string, feeds: Feeds, outputs: Record<string, tf.Tensor>][];

function casesOf(model: unknown): Cases {
  if (model instanceof library.ConditionalVAE) {
    const labels = [0, 1, 2, 1, 0];
    const [x, z, y] = [rows('x', 64), rows('z', 2), tf.oneHot(labels, 3).cast('float32')];
    const mu = model.encode(x, { labels });
    return [
      ['encoder', { x, y }, { z: mu }],
      ['decoder', { z, y }, { xHat: model.decode(z, { labels }) }],
      ['model', { x, y }, { z: mu, xHat: model.reconstruct(x, { labels }) }],
    ];
  }
  if (model instanceof library.LatentFlow) {
    const z = rows('z', 4);
    return [
      ['density', { z }, { logProb: model.logProb(z) }],
      ['inverse', { u: z }, { z: model.inverse(z) }],
    ];
  }
  if (model instanceof library.TDVAE) {
    const [x, z] = [rows('x', 12), rows('z', 4)];
    return [
      ['belief', { x }, { b: model.beliefs(x) }],
      ['decoder', { z }, { xHat: model.likelihood(z).mean() }],
    ];
  }
  if (model instanceof library.SoftmaxRegression || model instanceof library.ProbeClassifier) {
    const x = rows('x', 64);
    const outputs: Record<string, tf.Tensor> = { logits: model.logits(x) };
    if (model instanceof library.ProbeClassifier) outputs['features'] = model.features(x);
    return [['classifier', { x }, outputs]];
  }
  const coder = model as library.DeterministicAutoencoder;
  const x = rows('x', 64);
  const z = coder.encode(x);
  return [
    ['encoder', { x }, { z }],
    ['decoder', { z }, { xHat: coder.decode(z) }],
    ['model', { x }, { z, xHat: coder.reconstruct(x) }],
  ];
}

const all = Object.entries(MODELS).flatMap(([kind, models]) =>
  Object.entries(models).map(([which, create]) => [which ? `${kind}, ${which}` : kind, kind, create] as const),
);

describe('ONNX of every model', () => {
  it('is tested for every class that is trained', () => {
    const trained = Object.entries(library)
      .filter(([, value]) => typeof value === 'function' && isTrained(value.prototype))
      .filter(([name]) => name !== 'Autoencoder')
      .map(([name]) => name);
    expect(Object.keys(MODELS).sort()).toEqual(trained.sort());
  });

  it.each(all.filter(([, kind]) => !REFUSED.includes(kind)))(
    '%s gives what the model does',
    async (name, _, create) => {
      const model = create();
      await model.save(path.join(folder, name), { format: 'onnx' });
      for (const [file, feeds, outputs] of casesOf(model)) {
        const found = await run(path.join(name, `${file}.onnx`), feeds);
        for (const [output, expected] of Object.entries(outputs)) await expectClose(found[output], expected);
      }
      expect(await readdir(path.join(folder, name))).not.toContain('checkpoint.json');
      model.dispose();
    },
  );

  it.each(all.filter(([, kind]) => REFUSED.includes(kind)))('%s is refused by name', async (name, kind, create) => {
    const model = create();
    const refused = model.save(path.join(folder, name), { format: 'onnx' });
    await expect(refused).rejects.toThrow(`"format" is "onnx", a ${kind} is saved as "checkpoint" alone`);
    expect(await readdir(folder)).not.toContain(name);
    model.dispose();
  });
});

/** −½ Σ (log 2π + v + (x − m)² / eᵛ) in float64. */
function gaussian(
  x: ArrayLike<number>,
  m: ArrayLike<number>,
  v: ArrayLike<number>,
  from: number,
  width: number,
): number {
  let sum = 0;
  for (let i = from; i < from + width; i++) {
    sum -= (Math.log(2 * Math.PI) + v[i]! + (x[i]! - m[i]!) ** 2 / Math.exp(v[i]!)) / 2;
  }
  return sum;
}

describe('the files of a variational model', () => {
  const bound = [
    ['learned σ', () => new library.VAE({ ...dense, latent: 2, likelihood: 'gaussian' })],
    ['σ per pixel', () => new library.VAE({ ...dense, latent: 2, likelihood: 'gaussian', sigma: 'perPixel' })],
    ['VampPrior', () => new library.VampPriorVAE({ ...dense, latent: 2, components: 5, likelihood: 'gaussian' })],
  ] as const;

  it.each(bound)('hold all that its bound needs: %s', async (name, create) => {
    const model = create();
    await model.save(path.join(folder, `bound ${name}`), { format: 'onnx' });
    const x = rows('x', 64);
    const epsilon = randomStream(2, 'ε').normals(ROWS * 2);
    const { z: mu, logVar } = await run(path.join(`bound ${name}`, 'encoder.onnx'), { x });
    const [m, v] = [mu!.data as Float32Array, logVar!.data as Float32Array];
    const drawn = Float32Array.from(m, (value, i) => value + Math.exp(v[i]! / 2) * epsilon[i]!);
    const decoded = await run(path.join(`bound ${name}`, 'decoder.onnx'), { z: tf.tensor2d(drawn, [ROWS, 2]) });
    const [values, mean, noise] = [await x.data(), decoded['xHat']!.data, decoded['xLogVar']!.data];
    const found = Array.from({ length: ROWS }, (_, i) => {
      const likelihood = gaussian(values, mean as Float32Array, noise as Float32Array, 64 * i, 64);
      return likelihood + Number(decoded['logPrior']!.data[i]) - gaussian(drawn, m, v, 2 * i, 2);
    });
    const own = model.logWeights({
      x,
      posterior: model.posteriorRows(x),
      epsilon: tf.tensor2d(epsilon, [ROWS, 2]),
    });
    const expected = await own.data();
    found.forEach((value, i) => expect(value / expected[i]!).toBeCloseTo(1, 4));
    model.dispose();
  });

  it('hold L of a full posterior', async () => {
    const model = new library.VAE({ ...dense, latent: 3, posterior: 'full' });
    await model.save(path.join(folder, 'full'), { format: 'onnx' });
    const x = rows('x', 64);
    const { L } = await run(path.join('full', 'encoder.onnx'), { x });
    await expectClose(L, (model.posterior(x) as library.FullGaussian).scale);
    model.dispose();
  });

  it('hold the priors and the inference of a hierarchy', async () => {
    for (const create of [library.MHVAE, library.LadderVAE]) {
      const model = new create({ ...dense, latents: [3, 2] });
      await model.save(path.join(folder, model.kind), { format: 'onnx' });
      const [x, above, epsilon] = [rows('x', 64), rows('above', 2), rows('ε', 5)];
      const prior = model.prior(1, above);
      const found = await run(path.join(model.kind, 'prior1.onnx'), { z: above });
      await expectClose(found['mu'], prior.mu);
      await expectClose(found['logVar'], prior.logVar);
      const { z1, z2, mu1, mu2, logVar1, logVar2 } = await run(path.join(model.kind, 'inference.onnx'), { x, epsilon });
      // Each draw is what its own density makes of its noise, which is that of z_1 first.
      const noise = await epsilon.data();
      for (const [z, m, v, from, k] of [
        [z1, mu1, logVar1, 0, 3],
        [z2, mu2, logVar2, 3, 2],
      ] as const) {
        for (let i = 0; i < ROWS * k; i++) {
          const e = noise[5 * Math.floor(i / k) + from + (i % k)]!;
          expect(Number(z!.data[i])).toBeCloseTo(Number(m!.data[i]) + Math.exp(Number(v!.data[i]) / 2) * e, 4);
        }
      }
      model.dispose();
    }
  });

  it('hold the transitions of a TD-VAE', async () => {
    const model = MODELS['TDVAE']!['']!() as unknown as library.TDVAE;
    await model.save(path.join(folder, 'steps'), { format: 'onnx' });
    const x = rows('x', 12);
    // The rollout of the library draws its noise itself: with none, all states are means.
    const b = model.beliefs(x).slice([0, 1], [-1, 1]).reshape([ROWS, 5]);
    const epsilon = tf.zeros([ROWS, 4]);
    const { z } = await run('steps/filter.onnx', { b, epsilon });
    const state = tf.tensor2d(z!.data as Float32Array, [ROWS, 4]);
    const next = await run('steps/transition.onnx', { z1: state, epsilon });
    for (const one of [next])
      expect([...(one['z']!.data as Float32Array)]).toEqual([...(one['mu']!.data as Float32Array)]);
    model.dispose();
  });
});

function isTrained(prototype: unknown): boolean {
  return prototype instanceof Model;
}
