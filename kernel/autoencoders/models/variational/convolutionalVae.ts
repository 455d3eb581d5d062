import type * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { checkedConfig } from '../../config';
import type { Likelihood } from '../../distributions/index';
import { ConvolutionalDecoder, ConvolutionalEncoder } from '../../networks/maps/convolutional';
import { loadCheckpoint } from '../../training/checkpoints/checkpoint';
import { scheduleSchema } from '../../training/schedules/schedules';
import type { Schedule } from '../../training/schedules/schedules';
import type { Support } from '../../training/loop/trainable';
import { imageFields, tooSmall } from '../commonConfig';
import type { ImageConfig } from '../commonConfig';
import { sigmaNeedsGaussian } from './denseVariational';
import type { Objective } from '../explanation';
import { likelihoodFields, likelihoodHead } from './likelihoodHead';
import type { LikelihoodConfig, LikelihoodHead } from './likelihoodHead';
import { nameWithLatents } from '../model';
import { VariationalModel } from './variational';
import type { BoundTerms } from './variational';

export interface ConvolutionalVAEConfig extends ImageConfig, Pick<LikelihoodConfig, 'likelihood'> {
  /** k, the dimensions of z. Default 2. */
  latent?: number;
  /**
   * Channels of the maps after the encoder's layers, each of stride 2; the decoder has them in reverse. Default
   * [32, 64].
   */
  channels?: number[];
  /** σ of the Gaussian likelihood: a number, or `learned` (the default), one trained σ for all values. */
  sigma?: number | 'learned';
  /**
   * Values above it count as 1, others as 0, in training and everywhere else; the tutorial has .5. Default null: values stay
   * as they are.
   */
  binarize?: number | null;
  /** β, the weight of `kl`: a number or a schedule. Default 1, where the loss is minus the bound. */
  beta?: Schedule;
}

const schema = z
  .strictObject({
    ...imageFields,
    latent: z.int().min(1).default(2),
    channels: z.array(z.int().min(1)).min(1).default([32, 64]),
    binarize: z.number().min(0).lt(1).nullable().default(null),
    likelihood: likelihoodFields.likelihood,
    sigma: z
      .union([z.number().positive(), z.literal('learned')], { error: 'allowed: a number > 0, "learned"' })
      .optional(),
    beta: scheduleSchema().default(1),
  })
  .superRefine(({ input, channels }, context) => tooSmall(input, channels.length, context))
  .superRefine(sigmaNeedsGaussian)
  .superRefine(({ binarize, likelihood }, context) => {
    if (binarize === null || likelihood === 'bernoulli') return;
    context.addIssue({ code: 'custom', path: ['binarize'], message: 'allowed only with likelihood "bernoulli"' });
  });

type CheckedConfig = z.output<typeof schema>;

/**
 * The convolutional variational autoencoder of TensorFlow's tutorial "Convolutional Variational Autoencoder".
 *
 * Training minimises minus the bound of {@link VAE}, averaged over the batch, in nats. Both of its terms are estimated
 * from the same single draw $z = \mu + \sigma\epsilon$ for each image, the divergence too:
 *
 * $$\log p(x|z) + \log p(z) - \log q(z|x), \qquad z \sim q(z|x)$$
 *
 * | symbol | here | shape |
 * |---|---|---|
 * | $x$, of zeros and ones where `binarize` is given | `x` | [n, d] |
 * | $q(z\vert x) = \mathcal N(\mu, \mathrm{diag}\,\sigma^2)$ | `q` | [n, k] |
 * | $\epsilon \sim \mathcal N(0, I)$ | `epsilon` | [n, k] |
 * | $z$ | `z` | [n, k] |
 * | $-\log p(x\vert z)$, independent values | `reconstruction`, summed over d | scalar |
 * | $\log q(z\vert x) - \log p(z)$ | `kl`, summed over k | scalar |
 *
 * The likelihood is Bernoulli by default, whose formula also serves values between 0 and 1, as the cross-entropy and not as
 * a density; grey and coloured images have densities with `continuousBernoulli` and `gaussian`. The tutorial has
 * `binarize: 0.5`.
 *
 * A single `kl` may be negative; its expectation is the divergence. The encoder has 3 × 3 convolutions of stride 2 to 32
 * and 64 channels and a dense layer; the decoder a dense layer to maps of 32 channels, transposed convolutions to 64
 * and 32 channels and one to the logits. Unlike the tutorial's, the encoder pads with zeros, so that its maps
 * have the sizes of the decoder's. The tutorial trains with Adam at a learning rate of 1e-4.
 */
export class ConvolutionalVAE extends VariationalModel<CheckedConfig> {
  readonly kind = 'ConvolutionalVAE';
  readonly name: string;
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  private readonly head: LikelihoodHead;
  private readonly encoder: ConvolutionalEncoder;
  private readonly decoder: ConvolutionalDecoder;

  constructor(config: ConvolutionalVAEConfig) {
    super(checkedConfig('ConvolutionalVAE', schema, config));
    const { latent, channels, seed, input: image } = this.config;
    this.name = nameWithLatents('convolutional VAE', latent);
    this.encoder = new ConvolutionalEncoder({ name: 'encoder', image, channels, latent: 2 * latent, seed });
    this.decoder = new ConvolutionalDecoder({ name: 'decoder', image, channels, latent, seed });
    this.head = likelihoodHead(this.config);
    this.parameters = { ...this.encoder.parameters, ...this.decoder.parameters, ...this.head.parameters };
  }

  /** Reads a checkpoint that {@link save} wrote; `fit` goes on exactly where it was. */
  static load(path: string): Promise<ConvolutionalVAE> {
    return loadCheckpoint(path, 'ConvolutionalVAE', (config) => new ConvolutionalVAE(config as ConvolutionalVAEConfig));
  }

  // --- the derivation ---------------------------------------------------------------------------------------------

  override terms(tensors: Readonly<Record<string, tf.Tensor>>): BoundTerms {
    const x = tensors['x'] as tf.Tensor2D;
    const epsilon = tensors['epsilon'] as tf.Tensor2D;

    const q = this.q(x);
    const z = q.reparameterize(epsilon);
    const logLikelihood = this.likelihood(z).logProb(this.observed(x));
    const kl = q.logProb(z).sub(this.logPrior(z));

    return { reconstruction: logLikelihood.mean().neg(), kl: kl.mean() };
  }

  get objective(): Objective {
    return {
      formula: '-\\mathbb E_{q(z|x)}[\\log p(x|z)] + \\beta\\,\\mathrm{KL}(q(z|x) \\,\\|\\, p(z))',
      terms: {
        reconstruction: {
          formula: '-\\mathbb E_{q(z|x)}[\\log p(x|z)]',
          meaning: 'by one draw of z, summed over the values of x, mean over the batch',
        },
        kl: {
          formula: '\\mathrm{KL}(q(z|x) \\,\\|\\, p(z))',
          meaning: 'by the same draw, summed over the latent dimensions, mean over the batch',
        },
      },
      source: 'TensorFlow tutorial “Convolutional Variational Autoencoder”; Kingma and Welling 2013, equation 7',
    };
  }

  protected override heads(x: tf.Tensor2D): tf.Tensor2D {
    return this.encoder.apply(this.observed(x));
  }

  override likelihood(z: tf.Tensor2D): Likelihood {
    return this.head.of(this.decoder.apply(z));
  }

  get support(): Support | null {
    return this.head.support;
  }

  /** σ of a Gaussian likelihood as it is now; null for every other likelihood. */
  sigma(): Promise<number | null> {
    return this.head.sigma();
  }

  /** Zeros and ones where `binarize` is given. */
  protected override observed(x: tf.Tensor2D): tf.Tensor2D {
    const { binarize } = this.config;
    return binarize === null ? x : x.greater(binarize).cast('float32');
  }
}
