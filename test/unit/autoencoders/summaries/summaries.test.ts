import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as library from '../../../../kernel/autoencoders/index';

const rows = Array.from({ length: 40 }, (_, i) => [Math.sin(i), Math.cos(3 * i), Math.sin(7 * i)]);
const image = { kind: 'image', height: 8, width: 8, channels: 1 } as const;
const dense = { input: 12, hidden: [8], seed: 1 };
const vae = () => new library.VAE({ ...dense, latent: 2 });
const vqvae2 = () =>
  new library.VQVAE2({ input: image, channels: 4, residualChannels: 2, codebookSize: 5, codeDimension: 2, seed: 1 });
const history = async () => {
  const model = new library.VAE({ input: 3, hidden: [4], latent: 2, likelihood: 'gaussian', seed: 1 });
  return model.fit(library.Dataset.from(rows), { epochs: 2, batchSize: 20 });
};
const code = { codebookSize: 5, codeDimension: 2, seed: 1 };

/** One of each class that the library exports, and words that its print has to hold. */
const ONE_OF_EACH: Record<string, [make: () => object | Promise<object>, ...words: string[]]> = {
  AdversarialAutoencoder: [
    () => new library.AdversarialAutoencoder({ ...dense, latent: 2 }),
    '12 → 8 → 2 · squared error',
    'not trained, seed 1',
  ],
  AnomalyDetector: [
    async () => library.AnomalyDetector.fit(await library.PCA.fit(rows, 2), rows),
    'score reconstruction · threshold ',
  ],
  DeterministicAutoencoder: [
    () => new library.DeterministicAutoencoder({ ...dense, latent: 2 }),
    '12 → 8 → 2 · squared error · 254 parameters',
  ],
  Bernoulli: [() => new library.Bernoulli(tf.zeros([16, 784])), '[16, 784]'],
  BetaTCVAE: [
    () => new library.BetaTCVAE({ ...dense, latent: 2, dataSize: 40, beta: 4 }),
    '12 → 8 → 2 · Bernoulli',
    'β = 4',
  ],
  Categorical: [() => new library.Categorical(tf.zeros([4, 3])), '4 rows, 3 classes'],
  ConditionalVAE: [() => new library.ConditionalVAE({ ...dense, latent: 2, classes: 3 }), '12 → 8 → 2', '3 classes'],
  ContinuousBernoulli: [() => new library.ContinuousBernoulli(tf.zeros([2, 3])), '[2, 3]'],
  ContractiveAutoencoder: [() => new library.ContractiveAutoencoder({ input: 12, latent: 5 }), '12 → 5'],
  ConvolutionalVAE: [
    () => new library.ConvolutionalVAE({ input: image, channels: [4, 6] }),
    '8 × 8 × 1 → 4 → 6 → 2 · Bernoulli',
  ],
  ConvolutionalVQVAE: [
    () => new library.ConvolutionalVQVAE({ input: image, channels: 8, residualChannels: 4, codebookSize: 16 }),
    '16 codes',
  ],
  Dataset: [() => library.Dataset.from(rows), '40 samples of 3 features · float32, 480 B'],
  DenoisingAutoencoder: [() => new library.DenoisingAutoencoder({ ...dense, latent: 2 }), '12 → 8 → 2'],
  DiagonalGaussian: [() => new library.DiagonalGaussian(tf.zeros([2, 3]), tf.zeros([2, 3])), '[2, 3]'],
  DiscretizedLogisticMixture: [
    () => new library.DiscretizedLogisticMixture(tf.zeros([2, 36]), 4),
    '[2, 3] · 4 components · 256 levels',
  ],
  Discriminator: [
    () => new library.Discriminator({ name: 'D', sizes: [2, 4], activation: 'relu', seed: 1 }),
    '17 parameters',
  ],
  EMACodebook: [
    () => new library.EMACodebook({ ...code, decay: 0.9, epsilon: 1e-5, reviveBelow: 0 }),
    '5 codes of 2 dimensions',
  ],
  Explanation: [() => vae().explain(), 'minimises', 'terms reconstruction, kl'],
  FactorVAE: [() => new library.FactorVAE({ ...dense, latent: 2 }), '12 → 8 → 2'],
  FiniteScalarQuantizer: [() => new library.FiniteScalarQuantizer([8, 5]), 'levels 8 × 5 · 40 codes of 2 dimensions'],
  FullGaussian: [() => library.FullGaussian.fromRows(tf.zeros([4, 5]), 2), '[4, 2]'],
  GaussianMixture: [
    () => library.GaussianMixture.fit(rows, { components: 2, seed: 1 }),
    '2 components of 3 dimensions · full covariance · 19 parameters · mean log-likelihood ',
  ],
  GridVQVAE: [
    () => new library.GridVQVAE({ input: 64, grid: [32], features: 2, channels: 4, residualChannels: 2 }),
    '64 → 4 → ',
  ],
  IWAE: [() => new library.IWAE({ ...dense, latent: 2 }), '12 → 8 → 2'],
  InfoVAE: [() => new library.InfoVAE({ ...dense, latent: 2 }), '12 → 8 → 2', 'λ = 1000'],
  KMeans: [() => library.KMeans.fit(rows, { clusters: 3, seed: 1 }), '3 centres of 3 dimensions', 'converged'],
  KSparseAutoencoder: [() => new library.KSparseAutoencoder({ input: 12, units: 20, active: 3 }), '12 → 20'],
  HierarchicalVAE: [() => new library.HierarchicalVAE({ ...dense, latents: [4, 3] }), '12 → 8 → 4 + 3'],
  LadderVAE: [() => new library.LadderVAE({ ...dense, latents: [4, 3] }), '12 → 8 → 4 + 3'],
  Laplace: [() => new library.Laplace(tf.zeros([2, 3]), tf.scalar(0)), '[2, 3]'],
  LatentDiffusionAutoencoder: [
    () => new library.LatentDiffusionAutoencoder({ input: image, channels: [4, 4], perceptualWeight: 0 }),
    '8 × 8 × 1 → 4 → 4',
  ],
  LatentFlow: [() => new library.LatentFlow({ input: 2, layers: 4, hidden: [8], seed: 1 }), '2 → 8, 4 layers'],
  LatentSampler: [
    async () => library.LatentSampler.mixture(vae(), library.Dataset.from(rows.map((r) => [...r, ...r, ...r, ...r])), { components: 2 }), // prettier-ignore
    'VAE, 2 latents',
    'draws of 12 values',
  ],
  LevelCategorical: [() => new library.LevelCategorical(tf.zeros([2, 12]), 4), '[2, 3] · 4 levels'],
  LinearGaussianModel: [
    () => {
      const linear = new library.VAE({ input: 3, hidden: [], latent: 2, likelihood: 'gaussian', sigma: 0.5 });
      return library.LinearGaussianModel.of(linear as never);
    },
    '2 latents → 3 values',
    'σ = 0.5',
  ],
  LookupFreeQuantizer: [
    () => new library.LookupFreeQuantizer({ bits: 3, commitment: 0.25, entropyWeight: 0.1, temperature: 1 }),
    '8 codes of 3 dimensions',
  ],
  MHVAE: [() => new library.MHVAE({ ...dense, latents: [4, 3] }), '12 → 8 → 4 + 3'],
  MultivariateGaussian: [() => library.MultivariateGaussian.standard(2), '2 dimensions · mean [0, 0]'],
  PCA: [() => library.PCA.fit(rows, 3), '3 → 3 · 100 % of the variance'],
  PatchDiscriminator: [
    () => new library.PatchDiscriminator({ name: 'D', image, channels: [3, 4], seed: 1 }),
    '22 × 22 pixels',
  ],
  PixelCNN: [
    () => new library.PixelCNN({ height: 2, width: 3, codebookSize: 5, channels: 2, layers: 1 }),
    '6 codes of 5',
  ],
  PixelSNAIL: [
    () => new library.PixelSNAIL({ height: 2, width: 3, codebookSize: 5, channels: 4, classes: 2, heads: 2 }),
    '6 codes of 5 · 2 classes',
  ],
  ProbabilisticPCA: [() => library.ProbabilisticPCA.fit(rows, 2), '3 → 2 · noise variance '],
  ProbeClassifier: [
    () => new library.ProbeClassifier({ input: image, classes: 2, channels: [3, 4] }),
    '8 × 8 × 1 → 3 → 4',
    '2 classes',
  ],
  RegularizedAutoencoder: [() => new library.RegularizedAutoencoder({ ...dense, latent: 2 }), '12 → 8 → 2'],
  SoftmaxRegression: [() => new library.SoftmaxRegression({ input: 2, classes: 3, seed: 1 }), '2', '3 classes'],
  SparseAutoencoder: [() => new library.SparseAutoencoder({ input: 12, latent: 20 }), '12 → 20', 'β = 3'],
  Sprites: [() => library.sprites(), 'factors shape, scale, orientation, x, y'],
  TDVAE: [
    () => new library.TDVAE({ input: 20, frames: 5, latent: 2, belief: 4, hidden: [6], gates: 4 }),
    '5 frames, 20 → 6 → 2',
  ],
  TrainingHistory: [history, '2 epochs, 4 steps · total '],
  VAE: [vae, '12 → 8 → 2 · Bernoulli · 272 parameters · not trained, seed 1'],
  VQLatentDiffusionAutoencoder: [
    () =>
      new library.VQLatentDiffusionAutoencoder({
        input: image,
        channels: [4, 4],
        codebookSize: 8,
        perceptualWeight: 0,
      }),
    '8 codes',
  ],
  VQVAE: [() => new library.VQVAE({ ...dense, positions: 2, codebookSize: 8, codeDimension: 3 }), '8 codes'],
  VQVAE2: [vqvae2, '8 × 8 × 1 → 4'],
  VQVAE2Prior: [() => new library.VQVAE2Prior(vqvae2()), 'top: PixelSNAIL, ', 'bottom: PixelCNN, '],
  VampPriorVAE: [() => new library.VampPriorVAE({ ...dense, latent: 2, components: 5 }), '12 → 8 → 2'],
  VectorQuantizer: [
    () =>
      new library.VectorQuantizer({
        ...{ kind: 'vector', learning: 'ema', estimator: 'straight-through', initialization: 'normal' },
        ...{ similarity: 'euclidean', stages: 2, projection: null, decay: 0.9, epsilon: 1e-5, reviveBelow: 0 },
        ...{ commitment: 0.25, entropyWeight: 0, temperature: 1, ...code },
      } as never),
    '2 × 5 codes of 2 dimensions',
  ],
};

beforeAll(() => tf.setBackend('cpu'));

describe('what the library exports', () => {
  it('has no class whose print is not looked at here', () => {
    // Bases to extend have no instances.
    const bases = ['Autoencoder', 'Model'];
    const classes = Object.entries(library).filter(([name, value]) => {
      const isClass = typeof value === 'function' && Function.prototype.toString.call(value).startsWith('class');
      return isClass && !bases.includes(name) && !(value.prototype instanceof Error); // errors print as errors do
    });
    expect(Object.keys(ONE_OF_EACH).toSorted()).toEqual(classes.map(([name]) => name).toSorted());
  });

  it.each(Object.entries(ONE_OF_EACH))(
    'prints as a line, alone and inside others: %s',
    async (name, [make, ...words]) => {
      const value = await make();
      const line = inspect(value);
      expect(line).toMatch(new RegExp(`^${name === 'TrainingHistory' ? 'History' : name}(  | of )`));
      for (const word of words) expect(line).toContain(word);
      expect(line).not.toContain('\n');
      expect(line).not.toMatch(/undefined|NaN|\[object/);
      expect(line.length).toBeLessThan(400);
      expect(inspect({ value }, { breakLength: Infinity })).toBe(`{ value: ${line} }`);
      expect(inspect([[value]], { depth: 0 })).toBe('[ [Array] ]');
      expect(inspect([value], { depth: -1 })).toMatch(/^\[/);
    },
  );
});

describe('a print', () => {
  it('says how far a model is trained', async () => {
    const model = new library.VAE({ input: 3, hidden: [4], latent: 2, likelihood: 'gaussian', seed: 7 });
    await model.fit(library.Dataset.from(rows), { epochs: 3, batchSize: 20 });
    expect(inspect(model)).toContain('3 → 4 → 2 · Gaussian · ');
    expect(inspect(model)).toMatch(/trained 6 steps \(3 epochs\), seed 7$/);
    model.dispose();
    expect(inspect(model)).toContain('parameters, disposed');
  });

  it('says how a weight changes', () => {
    const beta = library.linearWarmup(500, 0, 2);
    expect(inspect(new library.VAE({ ...dense, latent: 2, beta }))).toContain('β = 0 (from 0 to 2 over 500 steps)');
  });

  it('has the classes of data, cut where they are many, and samples of none', () => {
    const shape = { kind: 'image', height: 28, width: 28, channels: 1 } as const;
    const classNames = ['T-shirt/top', 'Trouser', 'Pullover', 'Dress', 'Coat', 'Sandal', 'Shirt', 'Sneaker', 'Bag'];
    const labels = Int32Array.from({ length: 1500 }, (_, i) => (i < 3 ? -1 : i % 9));
    const data = new library.Dataset({ name: 'clothes', values: new Float32Array(1500 * 784), shape, labels, classNames }); // prettier-ignore
    expect(inspect(data)).toBe(
      'Dataset  clothes · 1,500 samples of 28 × 28 × 1 · ' +
        '9 classes (T-shirt/top, Trouser, Pullover, Dress, Coat, Sandal, Shirt, …) · 3 of no class · float32, 4.7 MB',
    );
    expect(inspect(library.Dataset.from([{ height: 1, weight: 2 }]))).toContain(
      '1 sample of 2 features (height, weight)',
    );
  });

  it('leaves a prototype, and all fields for those who ask, to Node', () => {
    expect(() => inspect(library.VAE.prototype)).not.toThrow();
    const data = library.Dataset.from(rows);
    expect(inspect(data, { showHidden: true })).toContain('values: Float32Array(120)');
    expect(inspect(data, { customInspect: false })).toContain('values: Float32Array(120)');
  });
});

describe('a stream', () => {
  const folder = mkdtempSync(join(tmpdir(), 'summaries-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('prints as what it gives', async () => {
    const file = join(folder, 'flowers.csv');
    writeFileSync(file, 'length,width,kind\n1,2,rose\n3,4,lily\n5,6,rose\n');
    const stream = await library.streamData(file, { label: 'kind' });
    expect(inspect(stream)).toMatch(
      /^stream {2}.*flowers\.csv · 3 samples of 2 features \(length, width\) · 2 classes \(lily, rose\) · read in chunks$/,
    );
    expect(Object.getOwnPropertySymbols({ ...stream })).toEqual([]);
  });
});
