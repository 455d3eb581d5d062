/** Ways through latent space, and samplers that are fitted to latents. */
import * as tf from '@tensorflow/tfjs';
import {
  fashionMnist,
  GaussianMixture,
  LatentFlow,
  LatentSampler,
  slerp,
  twoMoons,
  VAE,
} from '../../autoencoders/index';
import { randomStream } from '../../autoencoders/random';
import { once } from '../once';
import type { Measured, Verification } from '../verification';

/** Largest deviation of lengths on the way between draws of N(0, I) in 64 dimensions. */
function slerpKeepsLengths(): Measured {
  const stream = randomStream(1, 'slerp');
  const off = Array.from({ length: 20 }, () => {
    const [a, b] = [[...stream.normals(64)], [...stream.normals(64)]];
    const t = stream.uniform();
    const length = (1 - t) * Math.hypot(...a) + t * Math.hypot(...b);
    return Math.abs(Math.hypot(...slerp(a, b, t)) - length);
  });
  return { expected: 0, found: Math.max(...off), tolerance: 1e-12 };
}

/** A flow away from the identity. */
function disturbedFlow(): LatentFlow {
  const flow = new LatentFlow({ input: 2, layers: 4, hidden: [8], activation: 'tanh', seed: 3 });
  for (const [i, variable] of Object.values(flow.parameters).entries()) {
    const noise = randomStream(i, 'disturbance').normals(variable.size);
    tf.tidy(() => variable.assign(variable.add(tf.tensor(noise, variable.shape).mul(0.1))));
  }
  return flow;
}

async function flowIntegrates(): Promise<Measured> {
  const flow = disturbedFlow();
  const [half, steps] = [20, 400];
  const at = Array.from({ length: steps }, (_, i) => -half + ((i + 0.5) * 2 * half) / steps);
  const logDensity = tf.tidy(() => flow.logProb(tf.tensor2d(at.flatMap((y) => at.map((x) => [x, y])))));
  const densities = (await logDensity.data()) as Float32Array;
  logDensity.dispose();
  flow.dispose();
  const mass = densities.reduce((sum, value) => sum + Math.exp(value), 0) * ((2 * half) / steps) ** 2;
  return { expected: 1, found: mass, tolerance: 1e-2 };
}

async function flowLearnsMoons(): Promise<Measured> {
  const [train, heldOut] = twoMoons({ count: 2000, noise: 0.05, seed: 1 }).split(500, { seed: 1 });
  const flow = new LatentFlow({ input: 2, layers: 8, hidden: [64], seed: 1 });
  await flow.fit(train, { epochs: 60, batchSize: 100, learningRate: 3e-3, seed: 1 });
  const logDensity = flow.logProb(heldOut);
  const values = (await logDensity.data()) as Float32Array;
  logDensity.dispose();
  flow.dispose();
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const gaussian = await GaussianMixture.fit(train, { components: 1 });
  return { expected: gaussian.logLikelihood(heldOut) + 0.5, found: mean, tolerance: 0, relation: '≥' };
}

/** Held-out draws of q(z|x) of a VAE, under densities of latents. */
const latentDensities = once(async () => {
  const [train, heldOut] = (await fashionMnist()).take(3000).split(500, { seed: 1 });
  const vae = new VAE({ input: train.shape, latent: 4, hidden: [128], seed: 1 });
  await vae.fit(train, { epochs: 8, batchSize: 100, seed: 1 });
  const sampler = await LatentSampler.mixture(vae, train, { components: 10, seed: 1 });
  const means = vae.encode(train);
  const ofMeans = await GaussianMixture.fit(means, { components: 10, seed: 1 });
  const tested = vae.drawLatents(heldOut, { draws: 4, seed: 2 });
  const zero = [0, 0, 0, 0];
  const prior = new GaussianMixture({ weights: [1], means: [zero], covariances: [zero.map(() => 1)] });
  const results = {
    fitted: (sampler.prior as GaussianMixture).logLikelihood(tested),
    prior: prior.logLikelihood(tested),
    ofMeans: ofMeans.logLikelihood(tested),
  };
  tf.dispose([means, tested]);
  vae.dispose();
  return results;
});

export const latentVerifications: Verification[] = [
  {
    id: 'applications/slerp',
    system: 'Interpolation',
    identity: 'slerp: length is that of the ends, interpolated linearly',
    quick: true,
    measure: slerpKeepsLengths,
  },
  {
    id: 'applications/flow-density',
    system: 'Latent flow',
    identity: '∫ p(z) dz = 1 for log p(z) = log N(f(z); 0, I) + log |det ∂f/∂z| (midpoint rule)',
    quick: true,
    measure: flowIntegrates,
  },
  {
    id: 'applications/flow-moons',
    system: 'Latent flow',
    identity: 'held-out log-likelihood of two moons, at least ½ nat above the best Gaussian',
    quick: false,
    measure: flowLearnsMoons,
  },
  {
    id: 'applications/mixture-prior',
    system: 'Latent samplers',
    identity: 'held-out draws of q(z|x): the mixture of LatentSampler gives them more likelihood than N(0, I)',
    quick: false,
    async measure() {
      const { fitted, prior } = await latentDensities();
      return { expected: prior, found: fitted, tolerance: 0, relation: '≥' };
    },
  },
  {
    id: 'applications/mixture-of-draws',
    system: 'Latent samplers',
    identity: 'and more than a mixture fitted to the posterior means gives them',
    quick: false,
    async measure() {
      const { fitted, ofMeans } = await latentDensities();
      return { expected: ofMeans, found: fitted, tolerance: 0, relation: '≥' };
    },
  },
];
