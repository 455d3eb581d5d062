import type * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { Bernoulli } from '../../distributions/index';
import { Dense, parametersOf } from '../../networks/layers/layers';
import type { Activation, Initializer, Layer } from '../../networks/layers/layers';
import { TiedDense } from '../../networks/layers/tiedDense';
import { widthOf } from '../../samples';
import type { Support } from '../../training/loop/trainable';
import { denseFields } from '../commonConfig';
import type { CheckedCommonConfig, DenseConfig } from '../commonConfig';
import type { ObjectiveTerm } from '../explanation';
import { LatentModel, nameWithLatents } from '../latentModel';

export interface DeterministicConfig extends DenseConfig {
  /** k, the dimensions of z. */
  latent: number;
  /** ‖x − x̂‖², or the cross-entropy of a sigmoid output for x in [0, 1]. Default `squaredError`. */
  loss?: 'squaredError' | 'crossEntropy';
}

export const deterministicFields = {
  ...denseFields,
  latent: z.int().min(1),
  loss: z.enum(['squaredError', 'crossEntropy']).default('squaredError'),
};

interface CheckedDeterministicConfig extends CheckedCommonConfig {
  loss: 'squaredError' | 'crossEntropy';
  initializer: Initializer;
}

interface Architecture {
  /** The name in captions, for example `denoising autoencoder`. */
  name: string;
  hidden: number[];
  latent: number;
  /** The activation of the hidden layers. */
  activation: Activation;
  /** The activation of z. Default `linear`. */
  codeActivation?: Activation;
  /** Whether the decoder's kernels are the encoder's, transposed. Default false. */
  tied?: boolean;
}

/**
 * What deterministic autoencoders share: an encoder $z = g(x)$ and a decoder $\hat x = f(z)$, both multilayer perceptrons,
 * and the term `reconstruction`, summed over the d values of x and averaged over the batch:
 *
 * $$\|x - f(g(x))\|^2 \quad\text{or}\quad -\sum_i \big[x_i \log \hat x_i + (1 - x_i) \log (1 - \hat x_i)\big]$$
 *
 * the second in nats with $\hat x = \sigma(l)$.
 */
export abstract class DeterministicFamily<Config extends CheckedDeterministicConfig> extends LatentModel<Config> {
  readonly name: string;
  readonly latentDimensions: number;
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  protected readonly termUnit: string;
  protected readonly encoder: readonly Layer[];
  protected readonly decoder: readonly Layer[];

  constructor(config: Config, architecture: Architecture) {
    super(config);
    const { name, hidden, latent, activation, codeActivation = 'linear', tied = false } = architecture;
    const { seed, loss, input, initializer } = config;
    const shared = { initializer, seed };
    const sizes = [widthOf(input), ...hidden, latent];
    this.latentDimensions = latent;
    this.name = nameWithLatents(name, latent);
    this.termUnit = loss === 'squaredError' ? 'squared error' : 'nats';
    const last = sizes.length - 2;
    const encoder = sizes.slice(1).map((out, i) => {
      const layer = { name: `encoder.${i}`, activation: i === last ? codeActivation : activation, ...shared };
      return new Dense({ ...layer, in: sizes[i]!, out });
    });
    this.encoder = encoder;
    const widths = sizes.toReversed();
    this.decoder = encoder.toReversed().map(({ parameters }, i) => {
      const layer = { name: `decoder.${i}`, activation: i === last ? ('linear' as const) : activation, ...shared };
      const kernel = parameters[`encoder.${last - i}.kernel`]!;
      return tied ? new TiedDense({ ...layer, kernel }) : new Dense({ ...layer, in: widths[i]!, out: widths[i + 1]! });
    });
    this.parameters = { ...parametersOf([...this.encoder]), ...parametersOf([...this.decoder]) };
  }

  /** The loss of x [n, d], averaged over the batch, for the output of the decoder's last layer before a sigmoid. */
  protected reconstructionOf(x: tf.Tensor2D, output: tf.Tensor2D): tf.Tensor {
    const perSample = this.hasSigmoidOutput
      ? new Bernoulli(output).logProb(x).neg()
      : x.sub(output).square().sum<tf.Tensor1D>(1);
    return perSample.mean();
  }

  /** The objective of the term `reconstruction`, where the network is given `input`. */
  protected reconstructionTerm(input = 'x'): ObjectiveTerm {
    const formula = this.hasSigmoidOutput
      ? '-\\sum_i \\big[x_i \\log \\hat x_i + (1 - x_i) \\log (1 - \\hat x_i)\\big]'
      : `\\|x - f(g(${input}))\\|^2`;
    const what = this.hasSigmoidOutput ? 'cross-entropy' : 'squared error';
    return { formula, meaning: `${what}, summed over the values of x, mean over the batch` };
  }

  get support(): Support | null {
    if (!this.hasSigmoidOutput) return null;
    return { low: 0, high: 1, reason: 'the cross-entropy needs it; scale the data, or take loss "squaredError"' };
  }

  /** z: [n, d] → [n, k]. */
  protected override encodeRows(x: tf.Tensor2D): tf.Tensor2D {
    return through(this.encoder, x);
  }

  /** The decoder's output before a sigmoid: [n, k] → [n, d]. */
  protected outputOf(z: tf.Tensor2D): tf.Tensor2D {
    return through(this.decoder, z);
  }

  /** x̂: [n, k] → [n, d]. */
  protected override decodeRows(z: tf.Tensor2D): tf.Tensor2D {
    const output = this.outputOf(z);
    return this.hasSigmoidOutput ? output.sigmoid() : output;
  }

  private get hasSigmoidOutput(): boolean {
    return this.config.loss === 'crossEntropy';
  }
}

/** The result of every layer, in order. */
export function activations(layers: readonly Layer[], x: tf.Tensor2D): tf.Tensor2D[] {
  const results: tf.Tensor2D[] = [];
  layers.reduce<tf.Tensor>((h, layer) => {
    const next = layer.apply(h) as tf.Tensor2D;
    results.push(next);
    return next;
  }, x);
  return results;
}

function through(layers: readonly Layer[], x: tf.Tensor2D): tf.Tensor2D {
  return layers.reduce<tf.Tensor>((h, layer) => layer.apply(h), x) as tf.Tensor2D;
}
