import type * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { checkedConfig } from '../../config';
import { maximumMeanDiscrepancy, MMD_ESTIMATORS, MMD_KERNELS } from '../../distributions/index';
import type { MMDKernel } from '../../distributions/index';
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

export interface InfoVAEConfig extends DenseVariationalConfig, PosteriorConfig {
  /** Weight of the KL divergence, 1 − α in the paper. Default 0: the MMD-VAE, and the WAE-MMD. */
  beta?: Schedule;
  /** Weight of the discrepancy, α + λ − 1 in the paper. Default 1000, in nats. */
  lambda?: Schedule;
  /** Default `rbf`, as in InfoVAE; WAE has `inverseMultiquadratic`. */
  kernel?: MMDKernel;
  /** s of the kernel; 1, the default, suits the prior N(0, I). */
  scale?: number;
  /** Default `unbiased`. */
  estimator?: 'unbiased' | 'biased';
}

const schema = z
  .strictObject({
    ...denseVariationalFields,
    ...posteriorField,
    beta: scheduleSchema().default(0),
    lambda: scheduleSchema().default(1000),
    kernel: z.enum(MMD_KERNELS).default('rbf'),
    scale: z.number().positive().default(1),
    estimator: z.enum(MMD_ESTIMATORS).default('unbiased'),
  })
  .superRefine(sigmaNeedsGaussian);

type CheckedConfig = z.output<typeof schema>;

/** Scalars, means over the batch; the discrepancy has no unit until λ gives it nats. */
export type InfoVAETerms = BoundTerms & { discrepancy: tf.Tensor };

/** In nats per sample, the discrepancy without a unit. */
export type InfoVAEScore = VAEScore & { discrepancy: number };

/**
 * InfoVAE with the maximum mean discrepancy (Zhao, Song and Ermon 2017, equation 6), which with β = 0 is the MMD-VAE and
 * the Wasserstein autoencoder with an MMD penalty (Tolstikhin et al. 2018, algorithm 2).
 *
 * $$-\mathbb E_q[\log p(x|z)] + \beta\,\mathrm{KL}(q(z|x) \,\|\, p(z)) + \lambda\,\mathrm{MMD}^2(q(z), p(z))$$
 *
 * | paper | here |
 * |---|---|
 * | $1 - \alpha$ | `beta` |
 * | $\alpha + \lambda - 1$ | `lambda` |
 * | $z \sim q(z)$ | `z` [n, k], one draw for each x of the batch |
 * | $z' \sim p(z) = \mathcal N(0, I)$ | `prior` [n, k] |
 *
 * The KL divergence pulls each posterior to the prior and so makes codes forget x; the discrepancy pulls only their
 * mixture. WAE's squared error is the Gaussian likelihood: with `sigma` s its cost is 2s² times `reconstruction` less a
 * constant, and λ scales alike. WAE's encoder may be deterministic; here it has a variance, which may fall to 0.
 */
export class InfoVAE extends DenseVariationalModel<CheckedConfig> {
  readonly kind = 'InfoVAE';
  readonly name: string;
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  override readonly termWeights: Readonly<Record<'kl' | 'discrepancy', TermWeight>>;

  constructor(config: InfoVAEConfig) {
    super(checkedConfig('InfoVAE', schema, config));
    this.name = nameWithLatents('InfoVAE', this.latentDimensions);
    this.parameters = this.coder.parameters;
    const { beta, lambda } = this.config;
    this.termWeights = { kl: { symbol: 'β', schedule: beta }, discrepancy: { symbol: 'λ', schedule: lambda } };
  }

  /** Reads a checkpoint that {@link save} wrote; `fit` goes on exactly where it was. */
  static load(path: string): Promise<InfoVAE> {
    return loadCheckpoint(path, 'InfoVAE', (config) => new InfoVAE(config as InfoVAEConfig));
  }

  // --- the derivation ---------------------------------------------------------------------------------------------

  override terms(tensors: Readonly<Record<string, tf.Tensor>>): InfoVAETerms {
    const x = tensors['x'] as tf.Tensor2D;
    const epsilon = tensors['epsilon'] as tf.Tensor2D;
    const prior = tensors['prior'] as tf.Tensor2D;

    const q = this.q(x);
    const z = q.reparameterize(epsilon);
    const logLikelihood = this.likelihood(z).logProb(x);

    return {
      reconstruction: logLikelihood.mean().neg(),
      kl: q.kl().mean(),
      discrepancy: maximumMeanDiscrepancy(z, prior, this.config),
    };
  }

  get objective(): Objective {
    const { kernel, estimator } = this.config;
    const kernelName = kernel === 'rbf' ? 'an RBF kernel' : 'an inverse multiquadratic kernel';
    return {
      formula:
        '-\\mathbb E_{q(z|x)}[\\log p(x|z)] + \\beta\\,\\mathrm{KL}(q(z|x) \\,\\|\\, p(z)) + \\lambda\\,\\mathrm{MMD}^2(q(z), p(z))',
      terms: {
        reconstruction: {
          formula: '-\\mathbb E_{q(z|x)}[\\log p(x|z)]',
          meaning: 'by one draw of z, summed over the values of x, mean over the batch',
        },
        kl: {
          formula: '\\mathrm{KL}(q(z|x) \\,\\|\\, p(z))',
          meaning: 'in closed form, summed over the latent dimensions, mean over the batch',
        },
        discrepancy: {
          formula: '\\mathrm{MMD}^2(q(z), p(z))',
          meaning: `squared maximum mean discrepancy with ${kernelName}, ${estimator} over the pairs of the batch`,
          unit: 'no unit',
        },
      },
      source: 'Zhao, Song and Ermon 2017, InfoVAE, equation 6; Tolstikhin et al. 2018, algorithm 2',
    };
  }

  /** Beside ε as many draws of the prior. */
  override noise(stream: RandomStream, count: number): { epsilon: tf.Tensor2D; prior: tf.Tensor2D } {
    return { ...super.noise(stream, count), prior: super.noise(stream, count).epsilon };
  }

  // --- its use ----------------------------------------------------------------------------------------------------

  /** Terms over the data, `total` with the present weights, and `elbo` = −reconstruction − kl in nats per sample. */
  override score(data: TrainingData, options: { seed?: number } = {}): Promise<InfoVAEScore> {
    return super.score(data, options) as Promise<InfoVAEScore>;
  }
}
