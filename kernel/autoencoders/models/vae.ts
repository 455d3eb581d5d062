import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { checkedConfig } from '../config';
import { Bernoulli, DiagonalGaussian } from '../distributions/index';
import { newVariable } from '../networks/layers';
import { MLP } from '../networks/mlp';
import type { RandomStream } from '../random';
import { widthOf } from '../samples';
import { loadCheckpoint } from '../training/checkpoint';
import { scheduleSchema } from '../training/schedules';
import type { Schedule } from '../training/schedules';
import type { Support } from '../training/trainable';
import { denseFields } from './commonConfig';
import type { DenseConfig } from './commonConfig';
import type { Objective } from './explanation';
import { nameWithLatents } from './model';
import { VariationalModel } from './variational';
import type { BoundTerms } from './variational';

export interface VAEConfig extends DenseConfig {
  /** k, the dimensions of z. */
  latent: number;
  /** p(x|z): independent Bernoulli pixels, or Gaussian ones of variance σ². Default `bernoulli`. */
  likelihood?: 'bernoulli' | 'gaussian';
  /** σ of the Gaussian likelihood, shared by all pixels: a number, or `learned` (the default). */
  sigma?: number | 'learned';
  /** β, the weight of the KL divergence: a number or a schedule. Default 1, where the loss is minus the bound. */
  beta?: Schedule;
  /** L, draws of z for each x in a step. Default 1. */
  draws?: number;
}

const schema = z
  .strictObject({
    ...denseFields,
    latent: z.int().min(1),
    likelihood: z.enum(['bernoulli', 'gaussian']).default('bernoulli'),
    sigma: z
      .union([z.number().positive(), z.literal('learned')], { error: 'allowed: a number > 0, "learned"' })
      .optional(),
    beta: scheduleSchema().default(1),
    draws: z.int().min(1).default(1),
  })
  .refine(({ likelihood, sigma }) => likelihood === 'gaussian' || sigma === undefined, {
    path: ['sigma'],
    error: 'allowed only beside likelihood "gaussian"',
  });

type CheckedConfig = z.output<typeof schema>;

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
 * | $q(z\vert x) = \mathcal N(\mu, \mathrm{diag}\,\sigma^2)$ | `q`, from the encoder's `mu` and `logVar` | [n, k] |
 * | $\epsilon \sim \mathcal N(0, I)$ | `epsilon` | [L·n, k] |
 * | $z = \mu + \sigma\epsilon$ | `z` | [L·n, k] |
 * | $-\mathbb E_q[\log p(x\vert z)]$ by L draws | `reconstruction`, summed over d | scalar |
 * | $\mathrm{KL}$ in closed form (appendix B) | `kl`, summed over k | scalar |
 *
 * The constants of the likelihood are kept, so at β = 1 the loss is minus the bound.
 */
export class VAE extends VariationalModel<CheckedConfig> {
  readonly kind = 'VAE';
  readonly name: string;
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  private readonly encoder: MLP;
  private readonly decoder: MLP;
  /** log σ of a Gaussian likelihood: a trained scalar, or the number that was given. */
  private readonly logSigma: tf.Variable | number | null;

  constructor(config: VAEConfig) {
    super(checkedConfig('VAE', schema, config));
    const { latent, hidden, activation, seed, likelihood, sigma = 'learned', input } = this.config;
    const d = widthOf(input);
    this.name = nameWithLatents('VAE', latent);
    this.encoder = new MLP({ name: 'encoder', sizes: [d, ...hidden, 2 * latent], activation, seed });
    this.decoder = new MLP({ name: 'decoder', sizes: [latent, ...hidden.toReversed(), d], activation, seed });
    this.parameters = { ...this.encoder.parameters, ...this.decoder.parameters };
    this.logSigma = null;
    if (likelihood === 'gaussian' && sigma === 'learned') {
      this.logSigma = newVariable(new Float32Array(1), []);
      this.parameters = { ...this.parameters, logSigma: this.logSigma };
    } else if (likelihood === 'gaussian') {
      this.logSigma = Math.log(sigma as number);
    }
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

    const q = this.q(x);
    const z = L === 1 ? q.reparameterize(epsilon) : repeated(q, L).reparameterize(epsilon);
    const logLikelihood = this.likelihood(z).logProb(L === 1 ? x : x.tile([L, 1]));

    return { reconstruction: logLikelihood.mean().neg(), kl: q.kl().mean() };
  }

  get objective(): Objective {
    return {
      formula: '-\\mathbb E_{q(z|x)}[\\log p(x|z)] + \\beta\\,\\mathrm{KL}(q(z|x) \\,\\|\\, p(z))',
      terms: {
        reconstruction: {
          formula: '-\\mathbb E_{q(z|x)}[\\log p(x|z)]',
          meaning: `by ${this.config.draws} draws of z, summed over the values of x, mean over the batch`,
        },
        kl: {
          formula: '\\mathrm{KL}(q(z|x) \\,\\|\\, p(z))',
          meaning: 'in closed form, summed over the latent dimensions, mean over the batch',
        },
      },
      source: 'Kingma and Welling 2013, Auto-Encoding Variational Bayes, equation 10; with β, Higgins et al. 2017',
    };
  }

  override noise(stream: RandomStream, count: number): { epsilon: tf.Tensor2D } {
    return super.noise(stream, this.config.draws * count);
  }

  protected override heads(x: tf.Tensor2D): tf.Tensor2D {
    return this.encoder.apply(x);
  }

  override likelihood(z: tf.Tensor2D): Bernoulli | DiagonalGaussian {
    const output = this.decoder.apply(z);
    return this.logSigma === null ? new Bernoulli(output) : new DiagonalGaussian(output, tf.mul(this.logSigma, 2));
  }

  // --- its use ----------------------------------------------------------------------------------------------------

  get support(): Support | null {
    if (this.config.likelihood === 'gaussian') return null;
    return {
      low: 0,
      high: 1,
      reason: 'a Bernoulli likelihood needs it; scale the data, or take likelihood "gaussian"',
    };
  }

  /** σ of a Gaussian likelihood as it is now; null for a Bernoulli one. */
  async sigma(): Promise<number | null> {
    const { logSigma } = this;
    if (logSigma === null || typeof logSigma === 'number') return logSigma && Math.exp(logSigma);
    return Math.exp((await logSigma.data())[0]!);
  }
}

function repeated(q: DiagonalGaussian, times: number): DiagonalGaussian {
  return new DiagonalGaussian(q.mu.tile([times, 1]), (q.logVar as tf.Tensor2D).tile([times, 1]));
}
