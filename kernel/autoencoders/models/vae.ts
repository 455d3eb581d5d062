import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { checkedConfig } from '../config';
import { Bernoulli, DiagonalGaussian } from '../distributions/index';
import { MLP, newVariable } from '../networks/mlp';
import { randomStream } from '../random';
import type { RandomStream } from '../random';
import { mapRows, widthOf } from '../samples';
import type { SampleInput } from '../samples';
import { loadCheckpoint } from '../training/checkpoint';
import { scheduleSchema } from '../training/schedules';
import type { Schedule } from '../training/schedules';
import type { Support, TermWeight } from '../training/trainable';
import { commonFields } from './commonConfig';
import type { CheckedCommonConfig, CommonConfig } from './commonConfig';
import { Model } from './model';

export interface VAEConfig extends CommonConfig {
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
    ...commonFields,
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

type CheckedConfig = CheckedCommonConfig & z.output<typeof schema>;

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
export class VAE extends Model<CheckedConfig> {
  readonly kind = 'VAE';
  readonly name: string;
  readonly latentDimensions: number;
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  readonly termWeights: { kl: TermWeight };
  protected readonly termUnit = 'nats';
  private readonly encoder: MLP;
  private readonly decoder: MLP;
  /** log σ of a Gaussian likelihood: a trained scalar, or the number that was given. */
  private readonly logSigma: tf.Variable | number | null;

  constructor(config: VAEConfig) {
    super(checkedConfig('VAE', schema, config));
    const { latent, hidden, activation, seed, likelihood, sigma = 'learned', beta, input } = this.config;
    const d = widthOf(input);
    this.latentDimensions = latent;
    this.name = `VAE, ${latent} latent${latent === 1 ? '' : 's'}`;
    this.termWeights = { kl: { symbol: 'β', schedule: beta } };
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

  override terms(tensors: Readonly<Record<string, tf.Tensor>>): { reconstruction: tf.Tensor; kl: tf.Tensor } {
    const L = this.config.draws;
    const x = tensors['x'] as tf.Tensor2D;
    const epsilon = tensors['epsilon'] as tf.Tensor2D;

    const q = this.q(x);
    const z = L === 1 ? q.reparameterize(epsilon) : repeated(q, L).reparameterize(epsilon);
    const logLikelihood = this.likelihood(z).logProb(L === 1 ? x : x.tile([L, 1]));

    return { reconstruction: logLikelihood.mean().neg(), kl: q.kl().mean() };
  }

  override noise(stream: RandomStream, count: number): { epsilon: tf.Tensor2D } {
    const shape: [number, number] = [this.config.draws * count, this.latentDimensions];
    return { epsilon: tf.tensor2d(stream.normals(shape[0] * shape[1]), shape) };
  }

  /** q(z|x). */
  private q(x: tf.Tensor2D): DiagonalGaussian {
    const [mu, logVar] = tf.split(this.encoder.apply(x), 2, 1) as [tf.Tensor2D, tf.Tensor2D];
    return new DiagonalGaussian(mu, logVar);
  }

  /** p(x|z) for latents [n, k]: a distribution over [n, d], to be disposed by the caller. */
  likelihood(z: tf.Tensor2D): Bernoulli | DiagonalGaussian {
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

  /** q(z|x) of every row, to be disposed by the caller. */
  posterior(x: SampleInput): DiagonalGaussian {
    const [mu, logVar] = tf.tidy(() => {
      const both = mapRows(x, this.expected(`${this.name}: posterior`), (rows) => this.encoder.apply(rows));
      return tf.split(both, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
    });
    return new DiagonalGaussian(mu, logVar);
  }

  /** The posterior mean of every row: [n, d] → [n, k]. */
  override encode(x: SampleInput): tf.Tensor2D {
    return mapRows(x, this.expected(`${this.name}: encode`), (rows) => this.q(rows).mu);
  }

  /** The mean of p(x|z): [n, k] → [n, d]. */
  override decode(z: tf.Tensor2D | number[][]): tf.Tensor2D {
    return mapRows(z, this.expectedLatents(), (rows) => this.likelihood(rows).mean());
  }

  /** The mean of p(x|z) for `count` draws z ~ N(0, I): [count, d]. */
  sample(count: number, options: { seed?: number } = {}): tf.Tensor2D {
    const k = this.latentDimensions;
    const draws = randomStream(options.seed ?? this.seed, 'prior').normals(count * k);
    return tf.tidy(() => this.decode(tf.tensor2d(draws, [count, k])));
  }

  /**
   * Terms of the bound over the data, in nats per sample: `reconstruction`, `kl`, `total` (with the present β) and
   * `elbo` = −reconstruction − kl, whatever β is.
   */
  override async score(data: SampleInput, options: { seed?: number } = {}): Promise<VAEScore> {
    const terms = (await super.score(data, options)) as Omit<VAEScore, 'elbo'>;
    return { ...terms, elbo: -terms.reconstruction - terms.kl };
  }
}

export type VAEScore = { reconstruction: number; kl: number; total: number; elbo: number };

function repeated(q: DiagonalGaussian, times: number): DiagonalGaussian {
  return new DiagonalGaussian(q.mu.tile([times, 1]), (q.logVar as tf.Tensor2D).tile([times, 1]));
}
