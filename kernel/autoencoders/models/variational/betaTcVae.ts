import type * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { checkedConfig } from '../../config';
import { AGGREGATED_POSTERIOR_ESTIMATORS, diagonalGaussian, klDecomposition } from '../../distributions/index';
import type { AggregatedPosteriorEstimator } from '../../distributions/index';
import type { TrainingData } from '../../training/batches/batches';
import { loadCheckpoint } from '../../training/checkpoints/checkpoint';
import { scheduleSchema } from '../../training/schedules/schedules';
import type { Schedule } from '../../training/schedules/schedules';
import type { TermWeight } from '../../training/loop/trainable';
import { denseVariationalFields, DenseVariationalModel, sigmaNeedsGaussian } from './denseVariational';
import type { DenseVariationalConfig } from './denseVariational';
import type { Objective } from '../explanation';
import { nameWithLatents } from '../model';
import type { BoundTerms, VAEScore } from './variational';

export interface BetaTCVAEConfig extends DenseVariationalConfig {
  /** N, samples of the data set that is trained on: `data.length`. */
  dataSize: number;
  /** How a batch estimates q(z) and q(z_j). Default `stratified`. */
  estimator?: AggregatedPosteriorEstimator;
  /** Weight of the index-code mutual information. Default 1. */
  alpha?: Schedule;
  /** Weight of the total correlation. Default 1, where the loss is an estimate of minus the bound. */
  beta?: Schedule;
  /** Weight of the dimension-wise KL divergence. Default 1. */
  gamma?: Schedule;
}

const schema = z
  .strictObject({
    ...denseVariationalFields,
    dataSize: z.int().min(1),
    estimator: z.enum(AGGREGATED_POSTERIOR_ESTIMATORS).default('stratified'),
    alpha: scheduleSchema().default(1),
    beta: scheduleSchema().default(1),
    gamma: scheduleSchema().default(1),
  })
  .superRefine(sigmaNeedsGaussian);

type CheckedConfig = z.output<typeof schema>;

type Parts = 'indexCodeMutualInformation' | 'totalCorrelation' | 'dimensionWiseKl';

/** Scalars in nats, means over the batch. */
export type BetaTCTerms = BoundTerms & Record<Parts, tf.Tensor>;

/** In nats per sample. */
export type BetaTCScore = VAEScore & Record<Parts, number>;

/**
 * The β-TC-VAE (Chen, Li, Grosse and Duvenaud 2018, Isolating sources of disentanglement in VAEs).
 *
 * The mean KL divergence of a VAE splits into three parts, and only the second is weighted by β (equation 4):
 *
 * $$-\mathbb E_{q}[\log p(x|z)] + \alpha\, I_q(z; n) + \beta\,\mathrm{KL}(q(z) \,\|\, \textstyle\prod_j q(z_j))
 *   + \gamma \sum_j \mathrm{KL}(q(z_j) \,\|\, p(z_j))$$
 *
 * where $q(z) = \frac1N \sum_n q(z|x_n)$ is estimated from the batch, all of it in nats:
 *
 * | symbol | here | shape |
 * |---|---|---|
 * | $x$ | `x` | [n, d] |
 * | $q(z\vert x) = \mathcal N(\mu, \mathrm{diag}\,\sigma^2)$ | `q` | [n, k] |
 * | $z = \mu + \sigma\epsilon$ | `z` from `epsilon` | [n, k] |
 * | $N$ | `dataSize` | number |
 * | $\log q(z),\ \log q(z_j)$ | in `klDecomposition` | [n], [n, k] |
 *
 * At α = β = γ = 1 the loss is a Monte Carlo estimate of minus the bound, exactly: the estimates of q(z) cancel. The term
 * `kl`, the divergence in closed form, is told for comparison and has no weight.
 */
export class BetaTCVAE extends DenseVariationalModel<CheckedConfig> {
  readonly kind = 'BetaTCVAE';
  readonly name: string;
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  override readonly termWeights: Readonly<Record<'kl' | Parts, TermWeight>>;

  constructor(config: BetaTCVAEConfig) {
    super(checkedConfig('BetaTCVAE', schema, config));
    this.name = nameWithLatents('β-TC-VAE', this.latentDimensions);
    this.parameters = this.coder.parameters;
    const { alpha, beta, gamma } = this.config;
    this.termWeights = {
      kl: { symbol: '', schedule: 0 },
      indexCodeMutualInformation: { symbol: 'α', schedule: alpha },
      totalCorrelation: { symbol: 'β', schedule: beta },
      dimensionWiseKl: { symbol: 'γ', schedule: gamma },
    };
  }

  /** Reads a checkpoint that {@link save} wrote; `fit` goes on exactly where it was. */
  static load(path: string): Promise<BetaTCVAE> {
    return loadCheckpoint(path, 'BetaTCVAE', (config) => new BetaTCVAE(config as BetaTCVAEConfig));
  }

  // --- the derivation ---------------------------------------------------------------------------------------------

  override terms(tensors: Readonly<Record<string, tf.Tensor>>): BetaTCTerms {
    const x = tensors['x'] as tf.Tensor2D;
    const epsilon = tensors['epsilon'] as tf.Tensor2D;

    const q = diagonalGaussian(this.heads(x));
    const z = q.reparameterize(epsilon);
    const logLikelihood = this.likelihood(z).logProb(x);

    return { reconstruction: logLikelihood.mean().neg(), kl: q.kl().mean(), ...klDecomposition(q, z, this.config) };
  }

  get objective(): Objective {
    const from =
      this.config.estimator === 'stratified' ? 'minibatch stratified sampling' : 'minibatch-weighted sampling';
    return {
      formula:
        '-\\mathbb E_{q(z|x)}[\\log p(x|z)] + \\alpha\\, I_q(z; n) + \\beta\\,\\mathrm{KL}(q(z) \\,\\|\\, \\textstyle\\prod_j q(z_j)) + \\gamma \\sum_j \\mathrm{KL}(q(z_j) \\,\\|\\, p(z_j))',
      terms: {
        reconstruction: {
          formula: '-\\mathbb E_{q(z|x)}[\\log p(x|z)]',
          meaning: 'by one draw of z, summed over the values of x, mean over the batch',
        },
        indexCodeMutualInformation: {
          formula: '\\mathbb E[\\log q(z|x) - \\log q(z)]',
          meaning: `of code and sample, q(z) by ${from}, mean over the batch`,
        },
        totalCorrelation: {
          formula: '\\mathbb E[\\log q(z) - \\textstyle\\sum_j \\log q(z_j)]',
          meaning: `dependence of the latents on each other, by ${from}, mean over the batch`,
        },
        dimensionWiseKl: {
          formula: '\\textstyle\\sum_j \\mathbb E[\\log q(z_j) - \\log p(z_j)]',
          meaning: `of each latent's marginal from its prior, summed over latents, by ${from}, mean over the batch`,
        },
      },
      source: 'Chen et al. 2018, Isolating sources of disentanglement in variational autoencoders, equation 4',
    };
  }

  // --- its use ----------------------------------------------------------------------------------------------------

  /** Terms over the data in nats per sample, `total` with the present weights, and `elbo` = −reconstruction − kl. */
  override score(data: TrainingData, options: { seed?: number } = {}): Promise<BetaTCScore> {
    return super.score(data, options) as Promise<BetaTCScore>;
  }
}
