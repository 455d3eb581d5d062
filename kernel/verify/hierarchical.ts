/** Hierarchies: Markovian and top-down. */
import * as tf from '@tensorflow/tfjs';
import {
  DiagonalGaussian,
  estimate,
  LadderVAE,
  MHVAE,
  productOfGaussians,
  randomStream,
  VAE,
} from '../autoencoders/index';
import type { MHVAEConfig } from '../autoencoders/index';
import { gapOf, logEvidence, logWeights, setChain, x } from './hierarchical/chain';
import type { Measured, Verification } from './verification';

const largest = (values: number[]) => Math.max(...values.map(Math.abs));

/** The values of a tensor; it is disposed. */
async function valuesOf(compute: () => tf.Tensor): Promise<number[]> {
  const tensor = tf.tidy(compute);
  const values = Array.from(await tensor.data());
  tensor.dispose();
  return values;
}

const exactChains = [1, 2, 3, 4, 5].map((T): Verification => {
  return {
    id: `hierarchical/exact-chain-${T}`,
    system: 'MHVAE',
    identity: `T = ${T}, float64, exact reverse chain: the log-weight is log p(x) on each of 500 draws; largest difference`,
    quick: true,
    measure: () => {
      const expected = logEvidence(T);
      return { expected: 0, found: largest(logWeights(T, 500).map((weight) => weight - expected)), tolerance: 1e-10 };
    },
  };
});

/** Terms and log-weights of an MHVAE of one level beside the VAE's, at equal weights and noise. */
async function oneLevel(): Promise<Measured> {
  const config = { input: 12, hidden: [16], seed: 3 };
  const [chain, vae] = [new MHVAE({ ...config, latents: [4] }), new VAE({ ...config, latent: 4 })];
  const differences = await valuesOf(() => {
    const rows = tf.tensor2d(randomStream(1, 'rows').uniforms(32 * 12), [32, 12]);
    const noise = vae.inputs(randomStream(1, 'noise'), 32);
    const [own, other] = [chain.losses({ x: rows, ...noise }), vae.losses({ x: rows, ...noise })];
    return tf.stack([own['reconstruction']!.sub(other.reconstruction), own['kl']!.sub(other.kl)]);
  });
  chain.dispose();
  vae.dispose();
  return { expected: 0, found: largest(differences), tolerance: 1e-5 };
}

/** The model's own log-weights, float32, with the weights of a chain of four latents and its reverse. */
async function exactModel(): Promise<Measured> {
  const chain: Pick<MHVAEConfig, 'latents' | 'likelihood' | 'sigma'> = {
    latents: [1, 1, 1, 1],
    likelihood: 'gaussian',
    sigma: 0.7,
  };
  const model = new MHVAE({ ...chain, input: 3, hidden: [], levelHidden: [] });
  const expected = setChain(model).logDensity(x);
  const weights = await valuesOf(() => {
    const { epsilon } = model.inputs(randomStream(5, 'noise'), 500);
    return model.logWeights(tf.tensor2d(new Array<number[]>(500).fill(x)), epsilon);
  });
  model.dispose();
  return { expected: 0, found: largest(weights.map((weight) => weight - expected)), tolerance: 1e-4 };
}

/** Mean and variance of the product of two densities, by sums over a grid in float64, beside the closed form. */
async function merge(): Promise<Measured> {
  const [a, b] = [{ mu: 0.8, logVar: -1.2 }, { mu: -0.5, logVar: 0.4 }]; // prettier-ignore
  const grid = Array.from({ length: 40_001 }, (_, i) => -10 + i / 2000);
  const logDensity = (z: number, { mu, logVar }: typeof a) => -0.5 * ((z - mu) ** 2 * Math.exp(-logVar) + logVar);
  const weights = grid.map((z) => Math.exp(logDensity(z, a) + logDensity(z, b)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const moment = (f: (z: number) => number) => grid.reduce((sum, z, i) => sum + (f(z) * weights[i]!) / total, 0);
  const mean = moment((z) => z);
  const logVariance = Math.log(moment((z) => (z - mean) ** 2));
  const gaussian = ({ mu, logVar }: typeof a) => new DiagonalGaussian(tf.tensor2d([[mu]]), tf.tensor2d([[logVar]]));
  const found = await valuesOf(() => {
    const product = productOfGaussians(gaussian(a), gaussian(b));
    return tf.concat([product.mu, product.logVar as tf.Tensor2D], 1);
  });
  return { expected: 0, found: largest([found[0]! - mean, found[1]! - logVariance]), tolerance: 1e-5 };
}

/** The closed-form divergences of a ladder beside the mean log-weight of the same draws. */
async function ladderBound(): Promise<Measured> {
  const model = new LadderVAE({ input: 8, hidden: [16], latents: [4, 3, 2], levelHidden: [8], seed: 3 });
  const repeats = 3000;
  const [total, ...weights] = await valuesOf(() => {
    const rows = tf.tensor2d(randomStream(2, 'rows').uniforms(8), [1, 8]).tile([repeats, 1]) as tf.Tensor2D;
    const { epsilon } = model.inputs(randomStream(2, 'noise'), repeats);
    const terms = tf.addN(Object.values(model.losses({ x: rows, epsilon })));
    return tf.concat([terms.neg().reshape([1]), model.logWeights(rows, epsilon)]);
  });
  model.dispose();
  const { value, standardError } = estimate(weights);
  return { expected: value, found: total!, tolerance: 4 * standardError };
}

export const hierarchical: Verification[] = [
  {
    id: 'hierarchical/one-level',
    system: 'MHVAE',
    identity: 'T = 1 is the VAE: equal terms at equal weights and noise; largest difference',
    quick: true,
    measure: oneLevel,
  },
  ...exactChains,
  {
    id: 'hierarchical/exact-model',
    system: 'MHVAE',
    identity: 'T = 4, the model itself (float32) with the weights of a chain and its reverse: log-weight = log p(x)',
    quick: true,
    measure: exactModel,
  },
  {
    id: 'hierarchical/inexact-chain',
    system: 'MHVAE',
    identity: 'T = 3, variances of q 1.5 times too large: E[log-weight] = log p(x) − KL(q ‖ p(z|x)), within 4 s.e.',
    quick: true,
    measure: () => {
      const { value, standardError } = estimate(logWeights(3, 4000, 1.5));
      return { expected: logEvidence(3) - gapOf(3, 1.5), found: value, tolerance: 4 * standardError };
    },
  },
  {
    id: 'hierarchical/inexact-below',
    system: 'MHVAE',
    identity: 'T = 3, variances of q 1.5 times too large: the bound is below log p(x)',
    quick: true,
    measure: () => {
      const { value, standardError } = estimate(logWeights(3, 4000, 1.5));
      return { expected: logEvidence(3), found: value + 4 * standardError, tolerance: 0, relation: '≤' };
    },
  },
  {
    id: 'hierarchical/ladder-merge',
    system: 'Ladder VAE',
    identity:
      'the merge is the product of both Gaussians: mean and log σ² against sums over a grid; largest difference',
    quick: true,
    measure: merge,
  },
  {
    id: 'hierarchical/ladder-bound',
    system: 'Ladder VAE',
    identity: 'minus the terms (divergences in closed form) = E[log p(x, z) − log q(z|x)], within 4 s.e.',
    quick: true,
    measure: ladderBound,
  },
];
