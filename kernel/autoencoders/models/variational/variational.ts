import * as tf from '@tensorflow/tfjs';
import { DiagonalGaussian, FullGaussian } from '../../distributions/index';
import type { GaussianPosterior, Likelihood } from '../../distributions/index';
import { importanceWeightedBound } from '../../estimators/likelihood';
import type { LikelihoodEstimate } from '../../estimators/likelihood';
import { randomStream } from '../../random';
import type { RandomStream } from '../../random';
import { checkCount, mapRows } from '../../samples';
import type { SampleInput, Samples } from '../../samples';
import type { TrainingData } from '../../training/batches/batches';
import { latentHealth } from '../../training/diagnostics';
import type { Schedule } from '../../training/schedules/schedules';
import type { TermWeight } from '../../training/loop/trainable';
import type { CheckedCommonConfig } from '../commonConfig';
import { likelihoodOutputs } from './likelihoodHead';
import { Model } from '../model';
import type { LatentDraws } from '../model';

export interface CheckedVariationalConfig extends CheckedCommonConfig {
  /** k. */
  latent: number;
  beta: Schedule;
}

/** The terms of minus the bound, in nats: scalars, means over the batch. */
export type BoundTerms = Record<string, tf.Tensor> & { reconstruction: tf.Tensor; kl: tf.Tensor };

/** In nats per sample. */
export type VAEScore = { reconstruction: number; kl: number; total: number; elbo: number };

/** What `sample` shows of p(x|z). */
export interface DrawOptions {
  /** The model's own unless told. */
  seed?: number;
  /** The mean of p(x|z), as pictures of samples show it (default), or a draw of it, which is distributed as the model says. */
  values?: 'mean' | 'draw';
}

/** Nats in each dimension. At variance 4, or mean 1.2 at variance 1, there are as many. */
const FAR_FROM_PRIOR = 0.75;

/**
 * What models with the prior $p(z) = \mathcal N(0, I)$, a Gaussian posterior $q(z|x)$, diagonal unless told, and a
 * likelihood $p(x|z)$ share. How they estimate the bound stands in their own files.
 */
export abstract class VariationalModel<Config extends CheckedVariationalConfig> extends Model<Config> {
  readonly latentDimensions: number;
  readonly termWeights: Readonly<Record<string, TermWeight>>;
  protected readonly termUnit = 'nats';

  /** Nats, as the health of the last epoch has it; 0 before any. */
  private priorMismatch = 0;
  private readonly compiledHeads = this.compiledRows((x) => this.heads(x));
  private readonly compiledLogWeights = this.compiled(({ x, posterior, epsilon }) => {
    const logWeights = this.logImportanceWeights(x as tf.Tensor2D, posterior as tf.Tensor2D, epsilon as tf.Tensor2D);
    return { logWeights };
  });

  constructor(config: Config) {
    super(config);
    this.latentDimensions = config.latent;
    this.termWeights = { kl: { symbol: 'β', schedule: config.beta } };
  }

  abstract override terms(tensors: Readonly<Record<string, tf.Tensor>>): BoundTerms;

  /** What {@link posteriorOf} makes q(z|x) of. Of a diagonal one μ and log σ² side by side: [n, d] → [n, 2k]. */
  protected abstract heads(x: tf.Tensor2D): tf.Tensor2D;

  /** p(x|z) for latents [n, k]: a distribution over [n, d], to be disposed by the caller. */
  abstract likelihood(z: tf.Tensor2D): Likelihood;

  /** One draw of ε for each sample. */
  override noise(stream: RandomStream, count: number): { epsilon: tf.Tensor2D } {
    const shape: [number, number] = [count, this.latentDimensions];
    return { epsilon: tf.tensor2d(stream.normals(shape[0] * shape[1]), shape) };
  }

  /** q(z|x). */
  protected q(x: tf.Tensor2D): GaussianPosterior {
    return this.posteriorOf(this.heads(x));
  }

  /** q(z|x) from rows of {@link heads}. */
  protected posteriorOf(heads: tf.Tensor2D): GaussianPosterior {
    const [mu, logVar] = tf.split(heads, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
    return new DiagonalGaussian(mu, logVar);
  }

  /** log p(z): [n, k] → [n]. */
  protected logPrior(z: tf.Tensor2D): tf.Tensor1D {
    return new DiagonalGaussian(tf.zerosLike(z), tf.scalar(0)).logProb(z);
  }

  /** x as the likelihood sees it: [n, d] → [n, d]. */
  protected observed(x: tf.Tensor2D): tf.Tensor2D {
    return x;
  }

  /** q(z|x) of every row, to be disposed by the caller. */
  posterior(x: SampleInput): GaussianPosterior {
    const heads = mapRows(x, this.expected(`${this.name}: posterior`), this.compiledHeads);
    const q = this.posteriorOf(heads);
    heads.dispose();
    return q;
  }

  /** Draws of q(z|x): [n, d] → [draws · n, k], all rows once, then all again. */
  override drawLatents(x: SampleInput, options: LatentDraws = {}): tf.Tensor2D {
    return drawsOf(() => this.posterior(x), `${this.name}: drawLatents`, { seed: this.seed, ...options });
  }

  /** The posterior mean: [n, d] → [n, k]. */
  protected override encodeRows(x: tf.Tensor2D): tf.Tensor2D {
    return this.q(x).mu;
  }

  /** The mean of p(x|z): [n, k] → [n, d]. */
  protected override decodeRows(z: tf.Tensor2D): tf.Tensor2D {
    return this.likelihood(z).mean();
  }

  /** With the latents, μ, also log σ² of the posterior, of a full one its diagonal beside L: what the bound needs. */
  override encoderOutputs(x: tf.Tensor2D): { z: tf.Tensor; logVar: tf.Tensor; L?: tf.Tensor } {
    const q = this.q(x);
    return { z: q.mu, logVar: q.logVar, ...(q instanceof FullGaussian && { L: q.scale }) };
  }

  /** With the mean of p(x|z), what else the bound needs: {@link likelihoodOutputs}, and log p(z) as `logPrior`. */
  override decoderOutputs(z: tf.Tensor2D): { xHat: tf.Tensor; logPrior: tf.Tensor } {
    return { ...likelihoodOutputs(this.likelihood(z)), logPrior: this.logPrior(z) };
  }

  /**
   * `count` draws z ~ N(0, I), and of each the mean of p(x|z), or a draw of it: [count, d]. Warns when, at the end of the
   * last epoch, the latents of data were far from that prior.
   */
  sample(count: number, options: DrawOptions = {}): tf.Tensor2D {
    this.warnOfMismatch();
    checkCount(`${this.name}: sample`, count);
    const k = this.latentDimensions;
    const draws = randomStream(options.seed ?? this.seed, 'prior').normals(count * k);
    return tf.tidy(() => this.shown(tf.tensor2d(draws, [count, k]), options));
  }

  /** What `sample` gives for latents [count, k]: [count, d]. */
  protected shown(z: tf.Tensor2D, { values = 'mean', seed = this.seed }: DrawOptions): tf.Tensor2D {
    return values === 'mean' ? this.decode(z) : this.likelihood(z).sample({ seed });
  }

  /**
   * Terms of the bound over the data, in nats per sample: `reconstruction`, `kl`, `total` (with the present β) and
   * `elbo` = −reconstruction − kl, whatever β is.
   */
  override async score(data: TrainingData, options: { seed?: number } = {}): Promise<VAEScore> {
    const terms = (await super.score(data, options)) as Omit<VAEScore, 'elbo'>;
    return { ...terms, elbo: -terms.reconstruction - terms.kl };
  }

  /**
   * The importance-weighted bound of log p(x) by `draws` draws of z for each sample, in nats: see
   * {@link importanceWeightedBound}. With 1 it is the evidence lower bound; 5000 come near log p(x).
   *
   * @param options.seed of the draws; the model's own unless told
   */
  logLikelihood(
    data: SampleInput,
    { draws = 100, ...options }: { draws?: number; seed?: number } = {},
  ): Promise<LikelihoodEstimate> {
    return importanceWeightedBound(this, data, { draws, ...options });
  }

  private warnOfMismatch(): void {
    if (this.priorMismatch <= FAR_FROM_PRIOR * this.latentDimensions) return;
    console.warn(
      `${this.name}: the latents of data are ${this.priorMismatch.toFixed(1)} nats from N(0, I), so that draws from this prior ` +
        'will look like no data. Raise β, or fit a distribution to the latents: LatentSampler.mixture(model, data).',
    );
  }

  /** Active units, mutual information and the divergence of each dimension; of a full posterior those of its marginals. */
  async health(samples: Samples): Promise<Record<string, number | number[]>> {
    const q = this.posterior(samples);
    const [mu, logVar] = await Promise.all([q.mu.data(), q.logVar.data()]);
    q.dispose();
    const k = this.latentDimensions;
    const health = latentHealth(mu, logVar, k, randomStream(this.seed, 'health').normals(samples.length * k));
    this.priorMismatch = health.priorMismatch;
    return health;
  }

  /** For {@link logLikelihood}. */
  posteriorRows(x: tf.Tensor2D): tf.Tensor2D {
    return this.compiledHeads(x);
  }

  /** For {@link logLikelihood}: log p(x|z) + log p(z) − log q(z|x) of L draws z for each row, [L, n]. */
  logWeights(tensors: { x: tf.Tensor2D; posterior: tf.Tensor2D; epsilon: tf.Tensor2D }): tf.Tensor2D {
    return this.compiledLogWeights(tensors).logWeights;
  }

  /** @param epsilon [L·n, k], draw by draw */
  protected logImportanceWeights(x: tf.Tensor2D, heads: tf.Tensor2D, epsilon: tf.Tensor2D): tf.Tensor2D {
    const n = x.shape[0];
    const L = epsilon.shape[0] / n;
    const q = this.posteriorOf(heads.tile([L, 1]));
    const z = q.reparameterize(epsilon);
    const logLikelihood = this.likelihood(z).logProb(this.observed(x).tile([L, 1]));
    return logLikelihood.add(this.logPrior(z)).sub(q.logProbOfNoise(epsilon)).reshape([L, n]);
  }
}

/** Draws of the distribution that `posterior` makes, which is disposed: [draws · n, k]. */
export function drawsOf(
  posterior: () => GaussianPosterior,
  caller: string,
  { seed, draws = 1 }: LatentDraws & { seed: number },
): tf.Tensor2D {
  checkCount(caller, draws);
  return tf.tidy(() => {
    const q = posterior();
    const [n, k] = q.mu.shape;
    const stream = randomStream(seed, 'latents');
    const once = () => q.reparameterize(tf.tensor2d(stream.normals(n * k), [n, k]));
    return tf.concat2d(Array.from({ length: draws }, once), 0);
  });
}
