import type * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { checkedConfig } from '../../config';
import { loadCheckpoint } from '../../training/checkpoints/checkpoint';
import { DeterministicAutoencoder, deterministicFields } from './deterministicAutoencoder';
import type { DeterministicConfig } from './deterministicAutoencoder';
import type { Objective } from '../explanation';

export type AutoencoderConfig = DeterministicConfig;

const schema = z.strictObject(deterministicFields);

type CheckedConfig = z.output<typeof schema>;

/**
 * The autoencoder (Hinton and Salakhutdinov 2006): an encoder $z = g(x)$ and a decoder $\hat x = f(z)$, trained to give
 * back their input. The only term, `reconstruction`, is summed over the d values of x and averaged over the batch:
 *
 * $$\|x - f(g(x))\|^2 \quad\text{or}\quad -\sum_i \big[x_i \log \hat x_i + (1 - x_i) \log (1 - \hat x_i)\big]$$
 *
 * the second in nats with $\hat x = \sigma(l)$. Without hidden layers (`hidden: []`) and with the squared error the
 * minimum is the projection onto the k first principal components (Baldi and Hornik 1989).
 */
export class Autoencoder extends DeterministicAutoencoder<CheckedConfig> {
  readonly kind = 'Autoencoder';
  readonly termWeights = {};

  constructor(config: AutoencoderConfig) {
    const checked = checkedConfig('Autoencoder', schema, config);
    super(checked, { ...checked, name: 'autoencoder' });
  }

  /** Reads a checkpoint that {@link save} wrote; `fit` goes on exactly where it was. */
  static load(path: string): Promise<Autoencoder> {
    return loadCheckpoint(path, 'Autoencoder', (config) => new Autoencoder(config as AutoencoderConfig));
  }

  override terms(tensors: Readonly<Record<string, tf.Tensor>>): { reconstruction: tf.Tensor } {
    const x = tensors['x'] as tf.Tensor2D;
    const z = this.encodeRows(x);
    return { reconstruction: this.reconstructionOf(x, this.outputOf(z)) };
  }

  override noise(): Record<string, never> {
    return {};
  }

  get objective(): Objective {
    const reconstruction = this.reconstructionTerm();
    return {
      formula: reconstruction.formula,
      terms: { reconstruction },
      source: 'Hinton and Salakhutdinov 2006, Reducing the dimensionality of data with neural networks',
    };
  }
}
