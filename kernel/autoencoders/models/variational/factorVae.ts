import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { callable, object, takes, tensor, whole } from '../../arguments';
import { checkedConfig } from '../../config';
import { ACTIVATIONS } from '../../networks/layers/layers';
import type { Activation } from '../../networks/layers/layers';
import { frozen } from '../../networks/gradients/frozen';
import { MLP } from '../../networks/mlp';
import { stopGradient } from '../../networks/gradients/stopGradient';
import type { RandomStream } from '../../random';
import type { TrainingData } from '../../training/batches/batches';
import { loadCheckpoint } from '../../training/checkpoints/checkpoint';
import { scheduleSchema } from '../../training/schedules/schedules';
import type { Schedule } from '../../training/schedules/schedules';
import type { TermWeight } from '../../training/loop/trainable';
import { denseVariationalFields, DenseVariationalModel, posteriorField, sigmaNeedsGaussian } from './denseVariational';
import type { DenseVariationalConfig, PosteriorConfig } from './denseVariational';
import type { Objective } from '../explanation';
import { nameWithLatents } from '../model';
import type { BoundTerms, VAEScore } from './variational';

export interface FactorVAEConfig extends DenseVariationalConfig, PosteriorConfig {
  /** β, weight of the KL divergence. Default 1. */
  beta?: Schedule;
  /** γ, weight of the total correlation. Default 10. */
  gamma?: Schedule;
  /** The discriminator: a multilayer perceptron on z. Default two rectified layers of 256. */
  discriminator?: { hidden?: number[]; activation?: Activation };
}

const discriminator = z.strictObject({
  hidden: z.array(z.int().min(1)).default([256, 256]),
  activation: z.enum(ACTIVATIONS).default('relu'),
});

const schema = z
  .strictObject({
    ...denseVariationalFields,
    ...posteriorField,
    beta: scheduleSchema().default(1),
    gamma: scheduleSchema().default(10),
    discriminator: discriminator.prefault({}),
  })
  .superRefine(sigmaNeedsGaussian);

type CheckedConfig = z.output<typeof schema>;

/** Scalars in nats, means over the batch. */
export type FactorVAETerms = BoundTerms & { totalCorrelation: tf.Tensor; discriminator: tf.Tensor };

/** In nats per sample. */
export type FactorVAEScore = VAEScore & { totalCorrelation: number; discriminator: number };

/**
 * FactorVAE (Kim and Mnih 2018, Disentangling by factorising), equation 2 and algorithm 2.
 *
 * $$-\mathbb E_q[\log p(x|z)] + \beta\,\mathrm{KL}(q(z|x) \,\|\, p(z))
 *   + \gamma\,\mathrm{KL}(q(z) \,\|\, \textstyle\prod_j q(z_j))$$
 *
 * The last term, the total correlation, comes from a discriminator D that tells draws of q(z) from draws of
 * $\prod_j q(z_j)$: with its logit $l(z) = \log D(z) - \log(1 - D(z))$ at the optimum
 * $\mathrm{KL} = \mathbb E_{q(z)}[l(z)]$ (density-ratio trick, equation 3). D minimises its own cross-entropy
 *
 * $$-\tfrac12\,\mathbb E_{q(z)}[\log D(z)] - \tfrac12\,\mathbb E_{\prod_j q(z_j)}[\log(1 - D(z))]$$
 *
 * | symbol | here | shape |
 * |---|---|---|
 * | $z = \mu + \sigma\epsilon$ | `z` | [n, k] |
 * | draws of $\prod_j q(z_j)$ | `permuted`: each column of z in an order of its own | [n, k] |
 * | $l(z)$ | `logit` | [n, 1] |
 *
 * Both players move in one step: the VAE sees D as a fixed function, D sees z as a constant, and Adam scales every weight
 * by itself, so this is simultaneous gradient descent with two optimizers of one step size. The paper permutes a second
 * batch; here it is the same one. The paper's D has six layers of 1000; the default here is smaller.
 */
export class FactorVAE extends DenseVariationalModel<CheckedConfig> {
  readonly kind = 'FactorVAE';
  readonly name: string;
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  override readonly termWeights: Readonly<Record<'kl' | 'totalCorrelation', TermWeight>>;
  private readonly discriminator: MLP;

  constructor(config: FactorVAEConfig) {
    super(checkedConfig('FactorVAE', schema, config));
    this.name = nameWithLatents('FactorVAE', this.latentDimensions);
    const { latent, seed, beta, gamma, discriminator } = this.config;
    this.termWeights = { kl: { symbol: 'β', schedule: beta }, totalCorrelation: { symbol: 'γ', schedule: gamma } };
    const { hidden, activation } = discriminator;
    this.discriminator = new MLP({ name: 'discriminator', sizes: [latent, ...hidden, 1], activation, seed });
    this.parameters = { ...this.coder.parameters, ...this.discriminator.parameters };
  }

  /** Reads a checkpoint that {@link save} wrote; `fit` goes on exactly where it was. */
  static load(path: string): Promise<FactorVAE> {
    return loadCheckpoint(path, 'FactorVAE', (config) => new FactorVAE(config as FactorVAEConfig));
  }

  // --- the derivation ---------------------------------------------------------------------------------------------

  override terms(tensors: Readonly<Record<string, tf.Tensor>>): FactorVAETerms {
    const x = tensors['x'] as tf.Tensor2D;
    const epsilon = tensors['epsilon'] as tf.Tensor2D;
    const permutation = tensors['permutation'] as tf.Tensor1D;

    const q = this.q(x);
    const z = q.reparameterize(epsilon);
    const logLikelihood = this.likelihood(z).logProb(x);
    const logit = (at: tf.Tensor2D) => this.discriminator.apply(at);

    return {
      reconstruction: logLikelihood.mean().neg(),
      kl: q.kl().mean(),
      totalCorrelation: frozen(logit)(z).mean(),
      discriminator: densityRatioLoss(logit, z, permutation),
    };
  }

  get objective(): Objective {
    return {
      formula:
        '-\\mathbb E_{q(z|x)}[\\log p(x|z)] + \\beta\\,\\mathrm{KL}(q(z|x) \\,\\|\\, p(z)) + \\gamma\\,\\mathrm{KL}(q(z) \\,\\|\\, \\textstyle\\prod_j q(z_j))',
      terms: {
        reconstruction: {
          formula: '-\\mathbb E_{q(z|x)}[\\log p(x|z)]',
          meaning: 'by one draw of z, summed over the values of x, mean over the batch',
        },
        kl: {
          formula: '\\mathrm{KL}(q(z|x) \\,\\|\\, p(z))',
          meaning: 'in closed form, summed over the latent dimensions, mean over the batch',
        },
        totalCorrelation: {
          formula: '\\mathbb E_{q(z)}[\\log D(z) - \\log(1 - D(z))]',
          meaning: "the total correlation as the discriminator's logit, mean over the batch; trains encoder alone",
        },
        discriminator: {
          formula: '-\\tfrac12\\mathbb E_{q(z)}[\\log D(z)] - \\tfrac12\\mathbb E_{\\prod_j q(z_j)}[\\log(1 - D(z))]',
          meaning: "the discriminator's cross-entropy, log 2 at chance, mean over both halves; trains it alone",
        },
      },
      source: 'Kim and Mnih 2018, Disentangling by factorising, equations 2 and 3, algorithm 2',
    };
  }

  /** Beside ε, `permutation`: int32 [n·k], see {@link columnPermutations}. */
  override noise(stream: RandomStream, count: number): { epsilon: tf.Tensor2D; permutation: tf.Tensor1D } {
    const k = this.latentDimensions;
    return { ...super.noise(stream, count), permutation: columnPermutations(stream, count, k) };
  }

  // --- its use ----------------------------------------------------------------------------------------------------

  /** Terms over the data in nats per sample, `total` with the present weights, and `elbo` = −reconstruction − kl. */
  override score(data: TrainingData, options: { seed?: number } = {}): Promise<FactorVAEScore> {
    return super.score(data, options) as Promise<FactorVAEScore>;
  }
}

/**
 * The cross-entropy of a discriminator between rows z and the same rows with permuted columns, a scalar in nats: half the
 * mean over either side, log 2 at chance. The gradient reaches the discriminator and not z.
 *
 * @param logit [n, k] → [n, 1]: log D − log(1 − D), where D is the probability of "not permuted"
 * @param permutation of {@link columnPermutations}
 */
export function densityRatioLoss(
  logit: (z: tf.Tensor2D) => tf.Tensor2D,
  z: tf.Tensor2D,
  permutation: tf.Tensor1D,
): tf.Tensor {
  takes('densityRatioLoss', ['logit', logit, callable], ['z', z, tensor(2)], ['permutation', permutation, tensor(1)]);
  const joint = stopGradient(() => z.clone());
  const permuted = stopGradient(() => tf.gather(z.flatten(), permutation).reshape<tf.Tensor2D>(z.shape));
  // −log σ(l) = softplus(−l) and −log(1 − σ(l)) = softplus(l)
  return logit(joint).neg().softplus().mean().add(logit(permuted).softplus().mean()).mul(0.5);
}

/** int32 [n·k]: where in a flat [n, k] matrix each entry of the matrix with its columns permuted comes from. */
export function columnPermutations(stream: RandomStream, n: number, k: number): tf.Tensor1D {
  takes('columnPermutations', ['stream', stream, object('permutation')], ['n', n, whole(1)], ['k', k, whole(1)]);
  const indices = new Int32Array(n * k);
  for (let j = 0; j < k; j++) stream.permutation(n).forEach((row, i) => (indices[i * k + j] = row * k + j));
  return tf.tensor1d(indices, 'int32');
}
