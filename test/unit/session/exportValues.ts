/** Values of every kind that the public functions of `latentlab` take. */
import * as tf from '@tensorflow/tfjs';
import { Matrix } from 'ml-matrix';
import * as latentlab from '../../../kernel/session/latentlab';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each is called with what it does not take
export type Anything = any;

/** The function to call (bound, where it is a method) and its arguments. */
export type Call = [callee: (...args: Anything[]) => unknown, ...args: unknown[]];

export const l = latentlab;
export const N = 12;
export const D = 4;
export const K = 2;

export const values = Float32Array.from({ length: N * D }, (_, i) => ((i * 7) % 11) / 11);
export const rows = () => Array.from({ length: N }, (_, i) => Array.from(values.subarray(i * D, (i + 1) * D)));
export const codes = () => [[0, 1, 1, 0], [1, 0, 1, 1]]; // prettier-ignore

/** Every field, as the models hand them over. */
export const VECTORS = {
  codebookSize: 4,
  codeDimension: 2,
  commitment: 0.25,
  decay: 0.9,
  epsilon: 1e-5,
  reviveBelow: 0,
  learning: 'ema',
  estimator: 'straightThrough',
  initialization: 'normal',
  similarity: 'euclidean',
  projection: null,
  stages: 1,
  entropyWeight: 0,
  temperature: 1,
  seed: 1,
};

async function makeValues() {
  const data = l.Dataset.from(rows(), { labels: Array.from({ length: N }, (_, i) => i % 2), classNames: ['a', 'b'] });
  const image = { kind: 'image', height: 8, width: 8, channels: 1 } as const;
  const pictures = new l.Dataset({ values: new Float32Array(N * 64).fill(0.5), shape: image, labels: data.labels });
  const stage = {
    input: image,
    latentChannels: 1,
    channels: [2, 2],
    blocks: 1,
    attention: false,
    probeChannels: null,
    discriminatorChannels: [2],
    seed: 1,
  };
  const small = { input: D, latent: K, hidden: [3], seed: 1 };
  const vae = new l.VAE(small);
  const averaged = new l.VAE({ ...small, optimizer: { name: 'adam', averageWeights: { decay: 0.9 } } } as Anything);
  await averaged.fit(data, { epochs: 1 });
  return {
    data,
    pictures,
    vae,
    averaged,
    image,
    small,
    autoencoder: new l.RegularizedAutoencoder(small),
    adversarial: new l.AdversarialAutoencoder(small),
    conditional: new l.ConditionalVAE({ ...small, classes: 2 }),
    denoising: new l.DenoisingAutoencoder(small),
    contractive: new l.ContractiveAutoencoder(small),
    ksparse: new l.KSparseAutoencoder({ input: D, units: 6, active: 2, seed: 1 } as Anything),
    hierarchical: new l.MHVAE({ input: D, latents: [3, 2], hidden: [3], seed: 1 } as Anything),
    vamp: new l.VampPriorVAE({ ...small, components: 3 }),
    vqvae: new l.VQVAE({ input: D, hidden: [3], positions: 2, codebookSize: 4, codeDimension: 2, seed: 1 } as Anything),
    vqvae2: new l.VQVAE2({
      input: image,
      channels: 4,
      residualChannels: 2,
      codebookSize: 4,
      codeDimension: 2,
      seed: 1,
    } as Anything),
    probe: new l.ProbeClassifier({ input: image, channels: [2], features: 2, classes: 2, seed: 1 } as Anything),
    softmax: new l.SoftmaxRegression({ input: D, classes: 2, seed: 1 } as Anything),
    tdvae: new l.TDVAE({
      input: 4 * D,
      frames: 4,
      hidden: [3],
      belief: 3,
      gates: 3,
      latent: 2,
      layers: 2,
      seed: 2,
    } as Anything),
    pixelCnn: new l.PixelCNN({
      height: 2,
      width: 2,
      codebookSize: 2,
      channels: 2,
      layers: 1,
      kernel: 3,
      firstKernel: 3,
      seed: 1,
    }),
    firstStage: new l.LatentDiffusionAutoencoder({
      ...stage,
    } as Anything),
    vqFirstStage: new l.VQLatentDiffusionAutoencoder({
      ...stage,
      codebookSize: 4,
    } as Anything),
    flow: new l.LatentFlow({ input: K, layers: 2, hidden: [3], seed: 1 } as Anything),
    pca: await l.PCA.fit(data, K),
    ppca: await l.ProbabilisticPCA.fit(data, K),
    kmeans: await l.KMeans.fit(data, { clusters: 2 }),
    mixture: new l.GaussianMixture({ weights: [0.5, 0.5], means: [[0], [1]], covariances: [[1], [1]] }),
    mixture4: new l.GaussianMixture({ weights: [1], means: [[0, 0, 0, 0]], covariances: [[1, 1, 1, 1]] }),
    mixture2: new l.GaussianMixture({ weights: [1], means: [[0, 0]], covariances: [[1, 1]] }),
    sprites: l.sprites({ size: 8, scales: 2, orientations: 2, columns: 2, rows: 2 }),
    gaussian: new l.DiagonalGaussian(tf.zeros([3, K]), tf.zeros([3, K])),
    one: new l.DiagonalGaussian(tf.zeros([1, K]), tf.zeros([1, K])),
    full: new l.FullGaussian(tf.zeros([3, K]), tf.zeros([3, K]), tf.zeros([3, K, K])),
    bernoulli: new l.Bernoulli(tf.zeros([3, K])),
    continuous: new l.ContinuousBernoulli(tf.zeros([3, K])),
    categorical: new l.Categorical(tf.zeros([3, K])),
    laplace: new l.Laplace(tf.zeros([3, K]), tf.zeros([3, K])),
    levels: new l.LevelCategorical(tf.zeros([3, 4 * K]), 4),
    logistics: new l.DiscretizedLogisticMixture(tf.zeros([3, 3 * 2 * K]), 2, 4),
    layers: tf.sequential({ layers: [tf.layers.dense({ units: K, inputShape: [D] })] }),
    normal: l.MultivariateGaussian.standard(K),
    linear: { A: [[1, 0], [0, 1]], Q: [[1, 0], [0, 1]] }, // prettier-ignore
    linearGaussian: new l.LinearGaussianModel(new Matrix([[1], [0]]), [0, 0], 1),
    vector: new l.VectorQuantizer(VECTORS as Anything),
    ema: new l.EMACodebook({
      codebookSize: 4,
      codeDimension: 2,
      decay: 0.9,
      epsilon: 1e-5,
      reviveBelow: 0,
      seed: 1,
    } as Anything),
    scalar: new l.FiniteScalarQuantizer([3, 3]),
    lookupFree: new l.LookupFreeQuantizer({
      bits: 2,
      commitment: 0.25,
      entropyWeight: 0.1,
      temperature: 0.1,
    } as Anything),
    discriminator: new l.Discriminator({ name: 'd', sizes: [K, 3], activation: 'relu', seed: 1 } as Anything),
    patches: new l.PatchDiscriminator({ name: 'p', image, channels: [2], seed: 1 }),
    history: new (l.TrainingHistory as Anything)('A training', 'nats', 1, {
      step: 0,
      epoch: 0,
      epochs: 1,
    }) as latentlab.TrainingHistory,
    represent: (x: Anything) => vae.encode(tf.tensor2d(x.values, [x.length, x.width]).slice([0, 0], [x.length, D])),
    z: () => tf.zeros([3, K]) as tf.Tensor2D,
    stream: () => l.randomStream(1, 'test'),
    space: () => ({ initial: l.MultivariateGaussian.standard(K), transition: { A: [[1, 0], [0, 1]], Q: [[1, 0], [0, 1]] }, observation: { A: [[1, 0]], Q: [[1]] } }), // prettier-ignore
  };
}

export type Values = Awaited<ReturnType<typeof makeValues>>;
export const createValues = makeValues;
