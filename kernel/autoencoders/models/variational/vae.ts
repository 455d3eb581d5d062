import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { checkedConfig } from '../../config';
import type { GaussianPosterior } from '../../distributions/index';
import type { RandomStream } from '../../random';
import { widthOf } from '../../samples';
import { loadCheckpoint } from '../../training/checkpoints/checkpoint';
import { linearWarmup, scheduleSchema, scheduleValue } from '../../training/schedules/schedules';
import type { Schedule } from '../../training/schedules/schedules';
import type { TermWeight } from '../../training/loop/trainable';
import { DenseVariationalModel, denseVariationalFields, posteriorField, sigmaNeedsGaussian } from './denseVariational';
import type { DenseVariationalConfig, PosteriorConfig } from './denseVariational';
import type { Objective } from '../explanation';
import { nameWithLatents } from '../model';
import { vaeObjective } from './vaeObjective';
import type { BoundTerms } from './variational';

export interface VAEConfig extends DenseVariationalConfig, PosteriorConfig {
  /** β, the weight of the KL divergence: a number or a schedule. Default 1, where the loss is minus the bound. */
  beta?: Schedule;
  /**
   * Holds the divergence at C_t nats by γ·|KL − C_t| in place of β·KL, where C_t rises from 0 to `max` over `steps` steps
   * (Burgess et al. 2018). γ is 1000 unless told.
   */
  capacity?: { max: number; steps: number; gamma?: number };
  /** λ, nats of each latent dimension, averaged over the batch, that no divergence is charged for (Kingma et al. 2016). */
  freeBits?: number;
  /**
   * `mean` weights the reconstruction, which stays the sum over the d values, by 1/d, as many programs do unawares: that
   * is β·d in place of β. Default `sum`.
   */
  reduction?: 'sum' | 'mean';
  /** L, draws of z for each x in a step. Default 1. */
  draws?: number;
}

const schema = z
  .strictObject({
    ...denseVariationalFields,
    ...posteriorField,
    beta: scheduleSchema().default(1),
    capacity: z
      .strictObject({
        max: z.number().positive(),
        steps: z.number().positive(),
        gamma: z.number().positive().default(1000),
      })
      .optional(),
    freeBits: z.number().positive().optional(),
    reduction: z.enum(['sum', 'mean']).default('sum'),
    draws: z.int().min(1).default(1),
  })
  .superRefine(sigmaNeedsGaussian)
  .refine(({ capacity, beta }) => !capacity || beta === 1, {
    path: ['beta'],
    error: 'allowed only without "capacity", which weights the divergence by its gamma',
  })
  .refine(({ capacity, freeBits }) => !capacity || freeBits === undefined, {
    path: ['freeBits'],
    error: 'allowed only without "capacity", which holds the whole divergence',
  });

type CheckedVAEConfig = z.output<typeof schema>;

/**
 * The variational autoencoder (Kingma and Welling 2013; with β ≠ 1, Higgins et al. 2017).
 *
 * The model is $p(x, z) = p(z)\,p(x|z)$ with $p(z) = \mathcal N(0, I)$. Its evidence has the lower bound
 *
 * $$\log p(x) \ge \mathbb E_{q(z|x)}[\log p(x|z)] - \mathrm{KL}(q(z|x) \,\|\, p(z))$$
 *
 * and training minimises, averaged over the batch, $-\mathbb E_q[\log p(x|z)] + \beta\,\mathrm{KL}$, in nats:
 *
 * | symbol | here | shape |
 * |---|---|---|
 * | $x$ | `x` | [n, d] |
 * | $q(z\vert x) = \mathcal N(\mu, \mathrm{diag}\,\sigma^2)$ or $\mathcal N(\mu, LL^\top)$ | `q`, from the encoder's `heads` | [n, k] |
 * | $\epsilon \sim \mathcal N(0, I)$ | `epsilon` | [L·n, k] |
 * | $z = \mu + \sigma\epsilon$ or $\mu + L\epsilon$ | `z` | [L·n, k] |
 * | $-\mathbb E_q[\log p(x\vert z)]$ by L draws | `reconstruction`, summed over d | scalar |
 * | $\mathrm{KL}$ in closed form (appendix B) | `kl`, summed over k | scalar |
 * | $\lvert\mathrm{KL} - C_t\rvert$, with `capacity` | `capacity` | scalar |
 * | $\sum_j \max(0, \lambda - \mathrm{KL}_j)$, with `freeBits` | `freeBits` | scalar |
 *
 * The constants of the likelihood are kept, so at β = 1 the loss is minus the bound. With `capacity` its weight γ takes
 * the place of β; `freeBits` adds to the divergence what its dimensions lack to λ, so that Σ max(λ, KLⱼ) is charged.
 */
export class VAE extends DenseVariationalModel<CheckedVAEConfig> {
  readonly kind = 'VAE';
  readonly name: string;
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  override readonly termWeights: Readonly<Record<string, TermWeight>>;
  /** C_t of a model with a capacity. */
  readonly warmups: Readonly<Record<string, Schedule>>;

  constructor(config: VAEConfig) {
    super(checkedConfig('VAE', schema, config));
    const { capacity } = this.config;
    this.warmups = capacity ? { C: linearWarmup(capacity.steps, 0, capacity.max) } : {};
    this.name = nameWithLatents('VAE', this.config.latent);
    this.parameters = this.coder.parameters;
    this.termWeights = termWeights(this.config);
  }

  /** Reads a checkpoint that {@link save} wrote; `fit` goes on exactly where it was. */
  static load(path: string): Promise<VAE> {
    return loadCheckpoint(path, 'VAE', (config) => new VAE(config as VAEConfig));
  }

  // --- the derivation ---------------------------------------------------------------------------------------------

  override terms(tensors: Readonly<Record<string, tf.Tensor>>): BoundTerms {
    const L = this.config.draws;
    const x = tensors['x'] as tf.Tensor2D;
    const epsilon = tensors['epsilon'] as tf.Tensor2D;

    const heads = this.heads(x);
    const q = this.posteriorOf(heads);
    const z = (L === 1 ? q : this.posteriorOf(heads.tile([L, 1]))).reparameterize(epsilon);
    const logLikelihood = this.likelihood(z).logProb(L === 1 ? x : x.tile([L, 1]));

    return { reconstruction: logLikelihood.mean().neg(), ...this.divergence(q, tensors['capacity']) };
  }

  /** @param C C_t, a scalar, of a model with a capacity */
  private divergence(q: GaussianPosterior, C: tf.Tensor | undefined): Record<string, tf.Tensor> & { kl: tf.Tensor } {
    const { freeBits: lambda } = this.config;
    if (lambda !== undefined) {
      const klPerDimension = q.klPerDimension().mean(0);
      return { kl: klPerDimension.sum(), freeBits: klPerDimension.neg().add(lambda).relu().sum() };
    }
    const kl = q.kl().mean();
    return C === undefined ? { kl } : { kl, capacity: kl.sub(C).abs() };
  }

  get objective(): Objective {
    return vaeObjective(this.config);
  }

  /** L draws of ε for each sample, and C_t of a model with a capacity. */
  override noise(stream: RandomStream, count: number, step = 0): Record<string, tf.Tensor> & { epsilon: tf.Tensor2D } {
    const noise = super.noise(stream, this.config.draws * count);
    const { C } = this.warmups;
    return C === undefined ? noise : { ...noise, capacity: tf.scalar(scheduleValue(C, step)) };
  }
}

function termWeights({ beta, capacity, freeBits, reduction, input }: CheckedVAEConfig): Record<string, TermWeight> {
  const mean = { reconstruction: { symbol: '1/d', schedule: 1 / widthOf(input) } };
  return {
    ...(reduction === 'mean' ? mean : {}),
    // The divergence is still told where it is weighted by its distance from the capacity alone.
    kl: capacity ? { symbol: '', schedule: 0 } : { symbol: 'β', schedule: beta },
    ...(capacity ? { capacity: { symbol: 'γ', schedule: capacity.gamma } } : {}),
    ...(freeBits === undefined ? {} : { freeBits: { symbol: 'β', schedule: beta } }),
  };
}
