/** Adversarial and latent-diffusion autoencoders that are trained for real. */
import * as tf from '@tensorflow/tfjs';
import {
  AdversarialAutoencoder,
  fashionMnist,
  gradientEnergy,
  LatentDiffusionAutoencoder,
  linearProbe,
  ProbeClassifier,
  VAE,
} from '../../autoencoders/index';
import type { Dataset, SampleInput } from '../../autoencoders/index';
import { once } from '../once';
import type { Verification } from '../verification';

const images = once(async () => {
  const [train, heldOut] = (await fashionMnist()).split(2000, { seed: 1 });
  return { train, heldOut };
});

/** λ = 30 for a squared error of about 30 per image; momentum of ½ and falling steps, so that the players settle. */
const adversarialRun = once(async () => {
  const { train, heldOut } = await images();
  const model = new AdversarialAutoencoder({
    input: train.shape,
    latent: 2,
    hidden: [128],
    discriminatorHidden: [64, 64],
    lambda: 30,
    optimizer: { name: 'adam', beta1: 0.5 },
    seed: 1,
  });
  const [epochs, batchSize] = [16, 128];
  const steps = epochs * Math.ceil(train.length / batchSize);
  await model.fit(train, { epochs, batchSize, learningRate: { schedule: 'linearWarmup', steps, from: 1e-3, to: 0 } });
  const score = await model.score(heldOut);
  const codes = model.encode(heldOut);
  const moments = tf.tidy(() => {
    const { mean, variance } = tf.moments(codes, 0);
    return tf.stack([mean.abs().max(), variance.sub(1).abs().max()]);
  });
  const [mean, variance] = (await moments.data()) as unknown as [number, number];
  tf.dispose([codes, moments]);
  model.dispose();
  return { accuracy: score['discriminatorAccuracy']!, loss: score['discriminator']!, mean, variance };
});

const probed = once(async () => {
  const { train, heldOut } = await images();
  const fewer = train.take(4096);
  const probe = new ProbeClassifier({ input: train.shape, classes: 10, channels: [8, 16, 16], features: 32, seed: 1 });
  await probe.fit(fewer, { epochs: 4, batchSize: 64, learningRate: 2e-3 });
  return { probe, accuracy: await probe.accuracy(heldOut), fewer, heldOut };
});

const LATENTS = 49;

const firstStageRun = once(async () => {
  const { probe, fewer, heldOut } = await probed();
  const train = fewer.take(2048);
  const vae = new VAE({ input: train.shape, latent: LATENTS, hidden: [256], seed: 1 });
  await vae.fit(train, { epochs: 15, batchSize: 64 });
  const model = new LatentDiffusionAutoencoder(
    {
      input: train.shape,
      channels: [4, 16, 16],
      latentChannels: 1,
      attention: false,
      // The probe's features have equal weights. Their distances are several times those of trained weights.
      perceptualWeight: 0.1,
      discriminatorChannels: [8, 16],
      discriminatorStart: 192,
      optimizer: { name: 'adam', beta1: 0.5 },
      seed: 1,
    },
    probe,
  );
  const learningRate = { schedule: 'linearWarmup', steps: 12 * 32, from: 3e-3, to: 0 } as const;
  await model.fit(train.take(1024), { epochs: 12, batchSize: 32, learningRate });
  const energy = (reconstructed: SampleInput) => gradientEnergy(reconstructed, train.shape);
  const few = heldOut.take(1000);
  const results = {
    data: await energy(few),
    vae: await energyOf(vae, few, energy),
    firstStage: await energyOf(model, few, energy),
    factor: await model.scaleFactor(few),
    totalVariance: await totalVarianceOf(model, few),
    count: few.length * model.latentDimensions,
    latentDimensions: model.latentDimensions,
  };
  vae.dispose();
  model.dispose();
  return results;
});

async function energyOf(
  model: { reconstruct(x: SampleInput): tf.Tensor2D },
  data: Dataset,
  energy: (images: SampleInput) => Promise<number>,
): Promise<number> {
  const reconstructed = model.reconstruct(data);
  const value = await energy(reconstructed);
  reconstructed.dispose();
  return value;
}

/** Variance of all values of all latents by the law of total variance: Var(μ) + E[σ²], in float64. */
async function totalVarianceOf(model: LatentDiffusionAutoencoder, data: Dataset): Promise<number> {
  const q = model.posterior(data);
  const [mu, logVar] = [await q.mu.data(), await q.logVar.data()];
  q.dispose();
  const mean = (values: ArrayLike<number>, f: (value: number) => number) => {
    return Array.from(values).reduce((sum, value) => sum + f(value), 0) / values.length;
  };
  const centre = mean(mu, (value) => value);
  return mean(mu, (value) => (value - centre) ** 2) + mean(logVar, Math.exp);
}

export const training: Verification[] = [
  {
    id: 'adversarial/chance',
    system: 'Adversarial AE',
    identity: 'D’s accuracy on held-out codes and draws of the prior, at the end of a healthy run (Fashion-MNIST)',
    quick: false,
    async measure() {
      return { expected: 0.5, found: (await adversarialRun()).accuracy, tolerance: 0.1 };
    },
  },
  {
    id: 'adversarial/chance-loss',
    system: 'Adversarial AE',
    identity: 'and D’s held-out loss, in nats: log 4 at chance',
    quick: false,
    async measure() {
      return { expected: Math.log(4), found: (await adversarialRun()).loss, tolerance: 0.1 };
    },
  },
  {
    id: 'adversarial/posterior-mean',
    system: 'Adversarial AE',
    identity: 'aggregated posterior of held-out images: greatest |mean| of a latent, 0 of the prior',
    quick: false,
    async measure() {
      return { expected: 0, found: (await adversarialRun()).mean, tolerance: 0.3 };
    },
  },
  {
    id: 'adversarial/posterior-variance',
    system: 'Adversarial AE',
    identity: 'and greatest |variance − 1|',
    quick: false,
    async measure() {
      return { expected: 0, found: (await adversarialRun()).variance, tolerance: 0.4 };
    },
  },
  {
    id: 'adversarial/probe',
    system: 'Probe network',
    identity: 'held-out accuracy is above that of a linear classifier of the pixels, same 4,096 images (Fashion-MNIST)',
    quick: false,
    async measure() {
      const { accuracy, fewer, heldOut } = await probed();
      const pixels = (x: SampleInput) => (x as Dataset).tensor();
      const linear = await linearProbe(pixels, { train: fewer, heldOut }, { epochs: 10, weightDecay: 1e-3 });
      return { expected: linear.accuracy, found: accuracy, tolerance: 0, relation: '≥' };
    },
  },
  {
    id: 'adversarial/sharper',
    system: 'Latent-diffusion AE',
    identity: `gradient energy of reconstructions is nearer to the data’s than the VAE’s, ${LATENTS} latents each: distances`,
    quick: false,
    async measure() {
      const { data, vae, firstStage } = await firstStageRun();
      return { expected: Math.abs(vae - data), found: Math.abs(firstStage - data), tolerance: 0, relation: '≤' };
    },
  },
  {
    id: 'adversarial/scale-factor',
    system: 'Latent-diffusion AE',
    identity: 'scale factor of held-out latents, squared and times Var(μ) + E[σ²], the law of total variance',
    quick: false,
    async measure() {
      const { factor, totalVariance, count } = await firstStageRun();
      // A variance of so many draws: 4 standard errors of a Gaussian's.
      return { expected: 1, found: factor ** 2 * totalVariance, tolerance: 4 * Math.sqrt(2 / count) };
    },
  },
];
