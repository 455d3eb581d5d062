import * as tf from '@tensorflow/tfjs';
import { DiagonalGaussian } from '../distributions/index';
import type { Bernoulli } from '../distributions/index';
import { randomStream } from '../random';
import type { RandomStream } from '../random';
import { mapRows } from '../samples';
import type { SampleInput } from '../samples';
import type { Schedule } from '../training/schedules';
import type { TermWeight } from '../training/trainable';
import type { CheckedCommonConfig } from './commonConfig';
import { Model } from './model';

interface CheckedVariationalConfig extends CheckedCommonConfig {
  /** k. */
  latent: number;
  beta: Schedule;
}

/** The terms of minus the bound: scalars, means over the batch. */
export type BoundTerms = { reconstruction: tf.Tensor; kl: tf.Tensor };

/** In nats per sample. */
export type VAEScore = { reconstruction: number; kl: number; total: number; elbo: number };

/**
 * What models with the prior $p(z) = \mathcal N(0, I)$, a diagonal Gaussian posterior $q(z|x)$ and a likelihood
 * $p(x|z)$ share. How they estimate the bound stands in their own files.
 */
export abstract class VariationalModel<Config extends CheckedVariationalConfig> extends Model<Config> {
  readonly latentDimensions: number;
  readonly termWeights: { kl: TermWeight };
  protected readonly termUnit = 'nats';

  private readonly bothHeads = this.compiledRows((x) => this.heads(x));

  constructor(config: Config) {
    super(config);
    this.latentDimensions = config.latent;
    this.termWeights = { kl: { symbol: 'β', schedule: config.beta } };
  }

  abstract override terms(tensors: Readonly<Record<string, tf.Tensor>>): BoundTerms;

  /** μ and log σ² of q(z|x) side by side: [n, d] → [n, 2k]. */
  protected abstract heads(x: tf.Tensor2D): tf.Tensor2D;

  /** p(x|z) for latents [n, k]: a distribution over [n, d], to be disposed by the caller. */
  abstract likelihood(z: tf.Tensor2D): Bernoulli | DiagonalGaussian;

  /** One draw of ε for each sample. */
  override noise(stream: RandomStream, count: number): { epsilon: tf.Tensor2D } {
    const shape: [number, number] = [count, this.latentDimensions];
    return { epsilon: tf.tensor2d(stream.normals(shape[0] * shape[1]), shape) };
  }

  /** q(z|x). */
  protected q(x: tf.Tensor2D): DiagonalGaussian {
    const [mu, logVar] = tf.split(this.heads(x), 2, 1) as [tf.Tensor2D, tf.Tensor2D];
    return new DiagonalGaussian(mu, logVar);
  }

  /** q(z|x) of every row, to be disposed by the caller. */
  posterior(x: SampleInput): DiagonalGaussian {
    const [mu, logVar] = tf.tidy(() => {
      const both = mapRows(x, this.expected(`${this.name}: posterior`), this.bothHeads);
      return tf.split(both, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
    });
    return new DiagonalGaussian(mu, logVar);
  }

  /** The posterior mean: [n, d] → [n, k]. */
  protected override encodeRows(x: tf.Tensor2D): tf.Tensor2D {
    return this.q(x).mu;
  }

  /** The mean of p(x|z): [n, k] → [n, d]. */
  protected override decodeRows(z: tf.Tensor2D): tf.Tensor2D {
    return this.likelihood(z).mean();
  }

  /** With the latents, μ, also log σ² of the posterior. */
  override encoderOutputs(x: tf.Tensor2D): { z: tf.Tensor; logVar: tf.Tensor } {
    const { mu, logVar } = this.q(x);
    return { z: mu, logVar };
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
