import type * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { checkedConfig } from '../config';
import { Bernoulli } from '../distributions/index';
import { MLP } from '../networks/mlp';
import { widthOf } from '../samples';
import { loadCheckpoint } from '../training/checkpoint';
import type { Support } from '../training/trainable';
import { denseFields } from './commonConfig';
import type { DenseConfig } from './commonConfig';
import type { Objective } from './explanation';
import { Model, nameWithLatents } from './model';

export interface AutoencoderConfig extends DenseConfig {
  /** k, the dimensions of z. */
  latent: number;
  /** ‖x − x̂‖², or the cross-entropy of a sigmoid output for x in [0, 1]. Default `squaredError`. */
  loss?: 'squaredError' | 'crossEntropy';
}

const schema = z.strictObject({
  ...denseFields,
  latent: z.int().min(1),
  loss: z.enum(['squaredError', 'crossEntropy']).default('squaredError'),
});

type CheckedConfig = z.output<typeof schema>;

/**
 * The autoencoder (Hinton and Salakhutdinov 2006): an encoder $z = g(x)$ and a decoder $\hat x = f(z)$, trained to give
 * back their input. The only term, `reconstruction`, is summed over the d values of x and averaged over the batch:
 *
 * $$\|x - f(g(x))\|^2 \quad\text{or}\quad -\sum_i x_i \log \hat x_i + (1 - x_i) \log (1 - \hat x_i)$$
 *
 * the second in nats with $\hat x = \sigma(l)$. Without hidden layers (`hidden: []`) and with the squared error the
 * minimum is the projection onto the k first principal components (Baldi and Hornik 1989).
 */
export class Autoencoder extends Model<CheckedConfig> {
  readonly kind = 'Autoencoder';
  readonly name: string;
  readonly latentDimensions: number;
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  readonly termWeights = {};
  protected readonly termUnit: string;
  private readonly encoder: MLP;
  private readonly decoder: MLP;

  constructor(config: AutoencoderConfig) {
    super(checkedConfig('Autoencoder', schema, config));
    const { latent, hidden, activation, seed, loss, input } = this.config;
    const d = widthOf(input);
    this.latentDimensions = latent;
    this.name = nameWithLatents('autoencoder', latent);
    this.termUnit = loss === 'squaredError' ? 'squared error' : 'nats';
    this.encoder = new MLP({ name: 'encoder', sizes: [d, ...hidden, latent], activation, seed });
    this.decoder = new MLP({ name: 'decoder', sizes: [latent, ...hidden.toReversed(), d], activation, seed });
    this.parameters = { ...this.encoder.parameters, ...this.decoder.parameters };
  }

  /** Reads a checkpoint that {@link save} wrote; `fit` goes on exactly where it was. */
  static load(path: string): Promise<Autoencoder> {
    return loadCheckpoint(path, 'Autoencoder', (config) => new Autoencoder(config as AutoencoderConfig));
  }

  // --- the derivation ---------------------------------------------------------------------------------------------

  override terms(tensors: Readonly<Record<string, tf.Tensor>>): { reconstruction: tf.Tensor } {
    const x = tensors['x'] as tf.Tensor2D;
    const output = this.decoder.apply(this.encoder.apply(x));
    const perSample = this.hasSigmoidOutput
      ? new Bernoulli(output).logProb(x).neg()
      : x.sub(output).square().sum<tf.Tensor1D>(1);
    return { reconstruction: perSample.mean() };
  }

  get objective(): Objective {
    const formula = this.hasSigmoidOutput
      ? '-\\sum_i x_i \\log \\hat x_i + (1 - x_i) \\log (1 - \\hat x_i)'
      : '\\|x - f(g(x))\\|^2';
    const what = this.hasSigmoidOutput ? 'cross-entropy' : 'squared error';
    return {
      formula,
      terms: { reconstruction: { formula, meaning: `${what}, summed over the values of x, mean over the batch` } },
      source: 'Hinton and Salakhutdinov 2006, Reducing the dimensionality of data with neural networks',
    };
  }

  override noise(): Record<string, never> {
    return {};
  }

  private get hasSigmoidOutput(): boolean {
    return this.config.loss === 'crossEntropy';
  }

  // --- its use ----------------------------------------------------------------------------------------------------

  get support(): Support | null {
    if (!this.hasSigmoidOutput) return null;
    return { low: 0, high: 1, reason: 'the cross-entropy needs it; scale the data, or take loss "squaredError"' };
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
