/**
 * Networks, likelihood and posterior that the VAE and its dense relatives share. Each adds the rest in its own file.
 */
import type * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { FullGaussian } from '../../distributions/index';
import type { GaussianPosterior, Likelihood } from '../../distributions/index';
import { MLP } from '../../networks/mlp';
import { widthOf } from '../../samples';
import type { Schedule } from '../../training/schedules/schedules';
import type { Support } from '../../training/loop/trainable';
import { denseFields } from '../commonConfig';
import type { CheckedCommonConfig, DenseConfig } from '../commonConfig';
import { likelihoodFields, likelihoodHead } from './likelihoodHead';
import type { LikelihoodConfig, LikelihoodHead } from './likelihoodHead';
import { VariationalModel } from './variational';

export interface DenseVariationalConfig extends DenseConfig, LikelihoodConfig {
  /** k, the dimensions of z. */
  latent: number;
}

/** The fields of {@link DenseVariationalConfig}; {@link sigmaNeedsGaussian} checks what no field alone can. */
export const denseVariationalFields = {
  ...denseFields,
  latent: z.int().min(1),
  ...likelihoodFields,
};

/** The field of models that do not need independent dimensions of z. */
export interface PosteriorConfig {
  /**
   * q(z|x): independent dimensions, or a Gaussian of full covariance L Lᵀ, where the encoder gives the lower-triangular
   * L. Default `diagonal`.
   */
  posterior?: 'diagonal' | 'full';
}

export const posteriorField = { posterior: z.enum(['diagonal', 'full']).default('diagonal') };

export type CheckedDenseConfig = z.output<z.ZodObject<typeof denseVariationalFields>> & PosteriorConfig;

/** Adds an issue for a σ beside a likelihood that has none. */
export function sigmaNeedsGaussian(
  config: Pick<CheckedDenseConfig, 'likelihood' | 'sigma'>,
  context: z.RefinementCtx,
): void {
  if (config.likelihood === 'gaussian' || config.sigma === undefined) return;
  context.addIssue({ code: 'custom', path: ['sigma'], message: 'allowed only beside likelihood "gaussian"' });
}

/** Encoder, decoder and likelihood, both networks multilayer perceptrons. */
export class DenseCoder {
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  private readonly encoder: MLP;
  private readonly decoder: MLP;
  private readonly head: LikelihoodHead;

  /**
   * @param condition c, the number of values that both networks get beside x and z: the classes of a conditional model
   */
  constructor(config: CheckedDenseConfig, condition = 0) {
    const { latent: k, hidden, activation, seed, input, posterior } = config;
    const d = widthOf(input);
    this.head = likelihoodHead(config);
    const heads = posterior === 'full' ? FullGaussian.rowWidth(k) : 2 * k;
    this.encoder = new MLP({ name: 'encoder', sizes: [d + condition, ...hidden, heads], activation, seed });
    const sizes = [k + condition, ...hidden.toReversed(), d * this.head.perValue];
    this.decoder = new MLP({ name: 'decoder', sizes, activation, seed });
    this.parameters = { ...this.encoder.parameters, ...this.decoder.parameters, ...this.head.parameters };
  }

  /**
   * The heads of q(z|x): [n, d + c] → [n, 2k], μ and log σ² side by side. For a full covariance see
   * {@link FullGaussian.fromRows}.
   */
  heads(x: tf.Tensor2D): tf.Tensor2D {
    return this.encoder.apply(x);
  }

  /** p(x|z) for [n, k + c], over [n, d]. */
  likelihood(z: tf.Tensor2D): Likelihood {
    return this.head.of(this.decoder.apply(z));
  }

  /** Values that the likelihood is defined for. */
  get support(): Support | null {
    return this.head.support;
  }

  /** σ of a Gaussian likelihood as it is now, where all values share one; null for every other likelihood. */
  sigma(): Promise<number | null> {
    return this.head.sigma();
  }
}

/** A variational model of such networks. */
export abstract class DenseVariationalModel<
  Config extends CheckedDenseConfig & CheckedCommonConfig & { beta: Schedule },
> extends VariationalModel<Config> {
  protected readonly coder: DenseCoder;

  constructor(config: Config) {
    super(config);
    this.coder = new DenseCoder(config);
  }

  get support(): Support | null {
    return this.coder.support;
  }

  protected override heads(x: tf.Tensor2D): tf.Tensor2D {
    return this.coder.heads(x);
  }

  protected override posteriorOf(heads: tf.Tensor2D): GaussianPosterior {
    const { posterior, latent } = this.config;
    return posterior === 'full' ? FullGaussian.fromRows(heads, latent) : super.posteriorOf(heads);
  }

  override likelihood(z: tf.Tensor2D): Likelihood {
    return this.coder.likelihood(z);
  }

  /** σ of a Gaussian likelihood as it is now, where all values share one; null for every other likelihood. */
  sigma(): Promise<number | null> {
    return this.coder.sigma();
  }
}
