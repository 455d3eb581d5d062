import type * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { checkedConfig } from '../../config';
import { stopGradient } from '../../networks/gradients/stopGradient';
import type { RandomStream } from '../../random';
import type { TrainingData } from '../../training/batches/batches';
import { loadCheckpoint } from '../../training/checkpoints/checkpoint';
import type { TermWeight } from '../../training/loop/trainable';
import { DenseVariationalModel, denseVariationalFields, posteriorField, sigmaNeedsGaussian } from './denseVariational';
import type { DenseVariationalConfig, PosteriorConfig } from './denseVariational';
import type { Objective } from '../explanation';
import { nameWithLatents } from '../model';
import type { BoundTerms, VAEScore } from './variational';

export interface IWAEConfig extends DenseVariationalConfig, PosteriorConfig {
  /** L, draws of z for each x in a step. Default 5. */
  draws?: number;
  /**
   * β of CIWAE (Rainforth et al. 2018): the share of the evidence lower bound in what is maximised, from 0 to 1. Default
   * 0, the importance-weighted autoencoder; 1 is the VAE.
   */
  beta?: number;
  /**
   * How the encoder learns from the importance-weighted bound: by its gradient (`standard`), or by the doubly
   * reparameterised estimate of it (Tucker et al. 2019), whose signal does not drown in noise as L grows; it takes
   * two more passes through the decoder. Default `standard`.
   */
  encoderGradient?: 'standard' | 'doublyReparameterized';
}

const schema = z
  .strictObject({
    ...denseVariationalFields,
    ...posteriorField,
    draws: z.int().min(1).default(5),
    beta: z.number().min(0).max(1).default(0),
    encoderGradient: z.enum(['standard', 'doublyReparameterized']).default('standard'),
  })
  .superRefine(sigmaNeedsGaussian);

type CheckedConfig = z.output<typeof schema>;

/** In nats per sample. */
export type IWAEScore = VAEScore & { importanceWeighted: number };

/**
 * The importance-weighted autoencoder (Burda, Grosse and Salakhutdinov 2015), and with β > 0 its combination with the VAE,
 * CIWAE (Rainforth et al. 2018, Tighter variational bounds are not necessarily better, equation 10).
 *
 * The model is that of {@link VAE}. With L draws $z_l \sim q(z|x)$ and the weights $w_l = p(x, z_l) / q(z_l|x)$,
 *
 * $$\log p(x) \ge \mathcal L_L = \mathbb E\Big[\log \frac1L \sum_{l=1}^L w_l\Big] \ge \mathcal L_1 = \mathrm{ELBO}$$
 *
 * and training minimises, averaged over the batch, $-\beta\,\mathrm{ELBO} - (1 - \beta)\,\mathcal L_L$, in nats:
 *
 * | symbol | here | shape |
 * |---|---|---|
 * | $x$ | `x` | [n, d] |
 * | $q(z\vert x)$ | `q`, for every draw | [L·n, k] |
 * | $\epsilon \sim \mathcal N(0, I)$ | `epsilon` | [L·n, k] |
 * | $z = \mu + \sigma\epsilon$ | `z` | [L·n, k] |
 * | $\log w = \log p(x\vert z) + \log p(z) - \log q(z\vert x)$ | `logW` | [L, n] |
 * | $-\mathcal L_L$ | `importanceWeighted` | scalar |
 * | $-\mathbb E_q[\log p(x\vert z)]$ by L draws | `reconstruction`, summed over d | scalar |
 * | $\mathrm{KL}(q(z\vert x) \,\|\, p(z))$ in closed form | `kl`, summed over k | scalar |
 *
 * The gradient of $\mathcal L_L$ weights that of each $\log w_l$ by $\tilde w_l = w_l / \sum_m w_m$ (equation 14).
 */
export class IWAE extends DenseVariationalModel<CheckedConfig> {
  readonly kind = 'IWAE';
  readonly name: string;
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  override readonly termWeights: Readonly<Record<'reconstruction' | 'kl' | 'importanceWeighted', TermWeight>>;

  constructor(config: IWAEConfig) {
    super(checkedConfig('IWAE', schema, config));
    const { latent, beta } = this.config;
    this.name = nameWithLatents(beta === 0 ? 'IWAE' : 'CIWAE', latent);
    this.parameters = this.coder.parameters;
    this.termWeights = {
      reconstruction: { symbol: 'β', schedule: beta },
      kl: { symbol: 'β', schedule: beta },
      importanceWeighted: { symbol: '1 − β', schedule: 1 - beta },
    };
  }

  /** Reads a checkpoint that {@link save} wrote; `fit` goes on exactly where it was. */
  static load(path: string): Promise<IWAE> {
    return loadCheckpoint(path, 'IWAE', (config) => new IWAE(config as IWAEConfig));
  }

  // --- the derivation ---------------------------------------------------------------------------------------------

  override terms(tensors: Readonly<Record<string, tf.Tensor>>): BoundTerms {
    const L = this.config.draws;
    const x = tensors['x'] as tf.Tensor2D;
    const epsilon = tensors['epsilon'] as tf.Tensor2D;

    const heads = this.heads(x);
    const q = this.posteriorOf(heads.tile([L, 1]));
    const z = q.reparameterize(epsilon);
    const logLikelihood = this.likelihood(z).logProb(x.tile([L, 1]));
    const logW = logLikelihood.add(this.logPrior(z)).sub(q.logProbOfNoise(epsilon)).reshape([L, -1]) as tf.Tensor2D;

    const standard = this.config.encoderGradient === 'standard';
    const bound = standard ? logMeanExp(logW) : this.doublyReparameterized(x, heads, z, logW);
    const kl = this.posteriorOf(heads).kl().mean();
    return { reconstruction: logLikelihood.mean().neg(), kl, importanceWeighted: bound.mean().neg() };
  }

  /**
   * The bound [n] with another estimate of the encoder's gradient, of the same expectation: w̃ₗ² ∂log wₗ/∂z · ∂z/∂φ in
   * place of w̃ₗ dlog wₗ/dφ (Tucker et al. 2019, equation 8), so without ∂log q/∂φ. The decoder's is unchanged.
   */
  private doublyReparameterized(x: tf.Tensor2D, heads: tf.Tensor2D, z: tf.Tensor2D, logW: tf.Tensor2D): tf.Tensor {
    const L = this.config.draws;
    const constant = stopGradient(() => z.clone());
    const weights = stopGradient(() => logW.transpose().softmax().transpose().reshape([-1, 1])); // w̃: [L·n, 1]
    // The value of z, and w̃ of its gradient; the other w̃ is the weight below.
    const damped = constant.add(weights.mul(z.sub(constant))) as tf.Tensor2D;
    const q = this.posteriorOf(stopGradient(() => heads.tile([L, 1])));
    const logLikelihood = this.likelihood(damped).logProb(x.tile([L, 1]));
    const logJoint = logLikelihood.add(this.logPrior(damped));
    const surrogate = logJoint.sub(q.logProb(damped)).mul(weights.flatten()).reshape([L, -1]).sum(0);
    return stopGradient(() => logMeanExp(logW).sub(surrogate)).add(surrogate);
  }

  get objective(): Objective {
    const { draws, beta, encoderGradient } = this.config;
    const L = '\\mathbb E\\Big[\\log \\tfrac1L \\textstyle\\sum_l w_l\\Big]';
    const elbo = '\\beta\\big(\\mathbb E_{q(z|x)}[\\log p(x|z)] - \\mathrm{KL}(q(z|x) \\,\\|\\, p(z))\\big)';
    return {
      formula: beta === 0 ? `-${L}` : `-${elbo} - (1 - \\beta)\\,${L}`,
      terms: {
        reconstruction: {
          formula: '-\\mathbb E_{q(z|x)}[\\log p(x|z)]',
          meaning: `by ${draws} draws of z, summed over the values of x, mean over the batch`,
        },
        kl: {
          formula: '\\mathrm{KL}(q(z|x) \\,\\|\\, p(z))',
          meaning: 'in closed form, summed over the latent dimensions, mean over the batch',
        },
        importanceWeighted: {
          formula: `-${L}`,
          meaning: `w = p(x, z)/q(z|x) of ${draws} draws of z, mean over the batch; the encoder's gradient is ${encoderGradient === 'standard' ? 'its own' : 'doubly reparameterised'}`,
        },
      },
      source:
        'Burda, Grosse and Salakhutdinov 2015, Importance Weighted Autoencoders, equation 8; with β, Rainforth et al. 2018',
    };
  }

  /** L draws of ε for each sample. */
  override noise(stream: RandomStream, count: number): { epsilon: tf.Tensor2D } {
    return super.noise(stream, this.config.draws * count);
  }

  /** As of a VAE, and `importanceWeighted`, minus the importance-weighted bound by L draws. */
  override async score(data: TrainingData, options: { seed?: number } = {}): Promise<IWAEScore> {
    return (await super.score(data, options)) as IWAEScore;
  }
}

/** log 1/L Σₗ exp of each column: [L, n] → [n]. */
function logMeanExp(logW: tf.Tensor2D): tf.Tensor {
  return logW.logSumExp(0).sub(Math.log(logW.shape[0]));
}
