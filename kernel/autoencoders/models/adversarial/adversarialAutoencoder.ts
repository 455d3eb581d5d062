import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { object, takes, whole } from '../../arguments';
import { checkedConfig } from '../../config';
import { Bernoulli } from '../../distributions/index';
import { balancedAccuracy, Discriminator, logistic } from '../../networks/adversarial/discriminator';
import { frozen } from '../../networks/gradients/frozen';
import { MLP } from '../../networks/mlp';
import { stopGradient as sg } from '../../networks/gradients/stopGradient';
import { randomStream } from '../../random';
import type { RandomStream } from '../../random';
import { widthOf } from '../../samples';
import { loadCheckpoint } from '../../training/checkpoints/checkpoint';
import { scheduleSchema } from '../../training/schedules/schedules';
import type { Schedule } from '../../training/schedules/schedules';
import type { Support, TermWeight } from '../../training/loop/trainable';
import { denseFields } from '../commonConfig';
import type { DenseConfig } from '../commonConfig';
import type { Objective } from '../explanation';
import { drawPrior, latentPriorSchema } from './latentPrior';
import type { LatentPrior } from './latentPrior';
import { LatentModel, nameWithLatents } from '../latentModel';

export interface AdversarialAutoencoderConfig extends DenseConfig {
  /** k, the dimensions of z. */
  latent: number;
  /** R: ‖x − x̂‖², or the cross-entropy of a sigmoid output for x in [0, 1]. Default `squaredError`. */
  loss?: 'squaredError' | 'crossEntropy';
  /** p(z). Default `gaussian`, N(0, I); the others need k ≥ 2, the swiss roll k = 2. */
  prior?: LatentPrior;
  /** λ, the weight of the encoder's adversarial loss: a number or a schedule. Default 0.5. */
  lambda?: Schedule;
  /** Widths of the discriminator's hidden layers. Default [200, 200]. */
  discriminatorHidden?: number[];
}

const schema = z
  .strictObject({
    ...denseFields,
    latent: z.int().min(1),
    loss: z.enum(['squaredError', 'crossEntropy']).default('squaredError'),
    prior: latentPriorSchema.default('gaussian'),
    lambda: scheduleSchema().default(0.5),
    discriminatorHidden: z.array(z.int().min(1)).default([200, 200]),
  })
  .refine(({ prior, latent }) => prior === 'gaussian' || latent === 2 || (prior.prior !== 'swissRoll' && latent > 2), {
    path: ['prior'],
    error: 'a mixture needs 2 latents or more, a swiss roll exactly 2',
  });

type CheckedConfig = z.output<typeof schema>;

type Terms = Record<'reconstruction' | 'adversarial' | 'discriminator' | 'discriminatorAccuracy', tf.Tensor>;

/**
 * The adversarial autoencoder (Makhzani et al. 2015), with a deterministic encoder $z = g(x)$ and decoder
 * $\hat x = f(z)$. A discriminator D learns to tell draws of the prior from codes of the data; the encoder learns to be
 * taken for the prior, so that the aggregated posterior $q(z) = \mathbb E_x[q(z|x)]$ comes to match $p(z)$. Minimised are,
 * by encoder and decoder, and by the discriminator,
 *
 * $$R(x, \hat x) - \lambda\,\mathbb E_x[\log D(g(x))] \quad\text{and}\quad
 *   -\mathbb E_{z \sim p(z)}[\log D(z)] - \mathbb E_x[\log(1 - D(g(x)))]$$
 *
 * | symbol | here | shape |
 * |---|---|---|
 * | $x$, $\hat x$ | `x`, `xHat` | [n, d] |
 * | $z = g(x)$; $z \sim p(z)$ | `z`; `prior` | [n, k] |
 * | R | `reconstruction`, summed over d, mean over the batch | scalar |
 * | $-\mathbb E[\log D(g(x))]$ = BCE(D(z), 1) | `adversarial`, in nats, mean over the batch; log 2 at chance | scalar |
 * | D's loss | `discriminator`, in nats, the sum of both means; log 4 at chance | scalar |
 * | share that D tells right | `discriminatorAccuracy`, reported alone; ½ at chance | scalar |
 *
 * A step is simultaneous gradient descent: both players move at once, from the same weights, each by the gradient of its
 * own loss, which {@link frozen} and the stop-gradient keep apart. The paper alternates: there the discriminator moves
 * first and the encoder sees the moved one. Both have the same stationary points; the paths there differ.
 */
export class AdversarialAutoencoder extends LatentModel<CheckedConfig> {
  readonly kind = 'AdversarialAutoencoder';
  readonly name: string;
  readonly latentDimensions: number;
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  readonly termWeights: { adversarial: TermWeight; discriminatorAccuracy: TermWeight };
  protected readonly termUnit: string;
  private readonly encoder: MLP;
  private readonly decoder: MLP;
  private readonly discriminator: Discriminator;

  constructor(config: AdversarialAutoencoderConfig) {
    super(checkedConfig('AdversarialAutoencoder', schema, config));
    const { latent, hidden, activation, initializer, seed, loss, input, lambda, discriminatorHidden } = this.config;
    const d = widthOf(input);
    this.latentDimensions = latent;
    this.name = nameWithLatents('adversarial autoencoder', latent);
    this.termUnit = loss === 'squaredError' ? 'squared error' : 'nats';
    this.encoder = new MLP({ name: 'encoder', sizes: [d, ...hidden, latent], activation, initializer, seed });
    this.decoder = new MLP({
      name: 'decoder',
      sizes: [latent, ...hidden.toReversed(), d],
      activation,
      initializer,
      seed,
    });
    const sizes = [latent, ...discriminatorHidden];
    this.discriminator = new Discriminator({ name: 'discriminator', sizes, activation, initializer, seed });
    this.parameters = { ...this.encoder.parameters, ...this.decoder.parameters, ...this.discriminator.parameters };
    this.termWeights = {
      adversarial: { symbol: 'λ', schedule: lambda },
      discriminatorAccuracy: { symbol: '', schedule: 0 },
    };
  }

  /** Reads a checkpoint that {@link save} wrote; `fit` goes on exactly where it was. */
  static load(path: string): Promise<AdversarialAutoencoder> {
    return loadCheckpoint(path, 'AdversarialAutoencoder', (config) => {
      return new AdversarialAutoencoder(config as AdversarialAutoencoderConfig);
    });
  }

  // --- the derivation ---------------------------------------------------------------------------------------------

  override terms(tensors: Readonly<Record<string, tf.Tensor>>): Terms {
    const x = tensors['x'] as tf.Tensor2D;
    const prior = tensors['prior'] as tf.Tensor2D;
    const D = (z: tf.Tensor2D) => this.discriminator.logits(z);

    const z = this.encoder.apply(x);
    const real = D(prior);
    const fake = D(sg(() => z.clone()));

    return {
      reconstruction: this.reconstructionError(x, this.decoder.apply(z)).mean(),
      adversarial: logistic.generator(frozen(D)(z)),
      discriminator: logistic.discriminator(real, fake),
      discriminatorAccuracy: sg(() => balancedAccuracy(real, fake)),
    };
  }

  /** R of each sample: [n]. */
  private reconstructionError(x: tf.Tensor2D, output: tf.Tensor2D): tf.Tensor1D {
    if (this.hasSigmoidOutput) return new Bernoulli(output).logProb(x).neg();
    return x.sub(output).square().sum(1);
  }

  get objective(): Objective {
    const reconstruction = this.hasSigmoidOutput
      ? {
          formula: 'R = -\\sum_i \\big[x_i \\log \\hat x_i + (1 - x_i) \\log (1 - \\hat x_i)\\big]',
          what: 'cross-entropy',
        }
      : { formula: 'R = \\|x - f(g(x))\\|^2', what: 'squared error' };
    return {
      formula:
        '\\min_{f,g}\\; R - \\lambda\\,\\mathbb E_x[\\log D(g(x))], \\qquad ' +
        '\\min_D\\; -\\mathbb E_{p(z)}[\\log D(z)] - \\mathbb E_x[\\log(1 - D(g(x)))]',
      terms: {
        reconstruction: {
          formula: reconstruction.formula,
          meaning: `${reconstruction.what}, summed over the values of x, mean over the batch`,
        },
        adversarial: {
          formula: '-\\mathbb E_x[\\log D(g(x))]',
          meaning: 'how surely codes are told from the prior; trains the encoder alone; log 2 at chance',
          unit: 'nats',
        },
        discriminator: {
          formula: '-\\mathbb E_{p(z)}[\\log D(z)] - \\mathbb E_x[\\log(1 - D(g(x)))]',
          meaning: 'trains the discriminator alone; log 4 at chance',
          unit: 'nats',
        },
        discriminatorAccuracy: {
          formula: '\\tfrac12 P(D(z) > \\tfrac12) + \\tfrac12 P(D(g(x)) < \\tfrac12)',
          meaning: 'reported, trains nothing; ½ at chance',
          unit: 'share',
        },
      },
      source:
        'Makhzani et al. 2015, Adversarial Autoencoders, section 2; D’s loss by Goodfellow et al. 2014, equation 1',
    };
  }

  /** Draws of p(z), one for each sample. */
  override noise(stream: RandomStream, count: number): { prior: tf.Tensor2D } {
    return { prior: this.prior(stream, count) };
  }

  private prior(stream: RandomStream, count: number): tf.Tensor2D {
    const dimensions = this.latentDimensions;
    return tf.tensor2d(drawPrior(this.config.prior, stream, { count, dimensions }), [count, dimensions]);
  }

  private get hasSigmoidOutput(): boolean {
    return this.config.loss === 'crossEntropy';
  }

  // --- its use ----------------------------------------------------------------------------------------------------

  get support(): Support | null {
    if (!this.hasSigmoidOutput) return null;
    return { low: 0, high: 1, reason: 'the cross-entropy needs it; scale the data, or take loss "squaredError"' };
  }

  /** f(z) for `count` draws z ~ p(z): [count, d]. */
  sample(count: number, options: { seed?: number } = {}): tf.Tensor2D {
    takes('AdversarialAutoencoder.sample', ['count', count, whole(1)], ['options', options, object()]);
    return tf.tidy(() => this.decode(this.drawPrior(count, options)));
  }

  /** Draws z ~ p(z): [count, k]. */
  drawPrior(count: number, options: { seed?: number } = {}): tf.Tensor2D {
    takes('AdversarialAutoencoder.drawPrior', ['count', count, whole(1)], ['options', options, object()]);
    return this.prior(randomStream(options.seed ?? this.seed, 'prior'), count);
  }

  /** D's logits of latents [n, k], the log-odds log D(z) − log(1 − D(z)) that z is a draw of the prior: [n]. */
  discriminatorLogits(z: tf.Tensor2D | number[][]): tf.Tensor1D {
    return tf.tidy(() => this.discriminator.logits(Array.isArray(z) ? tf.tensor2d(z) : z));
  }

  /** z: [n, d] → [n, k]. */
  protected override encodeRows(x: tf.Tensor2D): tf.Tensor2D {
    return this.encoder.apply(x);
  }

  /** x̂: [n, k] → [n, d]. */
  protected override decodeRows(z: tf.Tensor2D): tf.Tensor2D {
    const output = this.decoder.apply(z);
    return this.hasSigmoidOutput ? output.sigmoid() : output;
  }
}
