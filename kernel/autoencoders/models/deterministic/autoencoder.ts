import type * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { checkedConfig } from '../../config';
import { loadCheckpoint } from '../../training/checkpoints/checkpoint';
import { DeterministicFamily, deterministicFields } from './deterministicAutoencoder';
import type { DeterministicConfig } from './deterministicAutoencoder';
import type { Objective } from '../explanation';

export type DeterministicAutoencoderConfig = DeterministicConfig;

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
export class DeterministicAutoencoder extends DeterministicFamily<CheckedConfig> {
  readonly kind = 'DeterministicAutoencoder';
  readonly termWeights = {};

  constructor(config: DeterministicAutoencoderConfig) {
    const checked = checkedConfig('DeterministicAutoencoder', schema, config);
    super(checked, { ...checked, name: 'autoencoder' });
  }

  /** Reads a checkpoint that {@link save} wrote; `fit` goes on exactly where it was. */
  static load(path: string): Promise<DeterministicAutoencoder> {
    return loadCheckpoint(
      path,
      'DeterministicAutoencoder',
      (config) => new DeterministicAutoencoder(config as DeterministicAutoencoderConfig),
    );
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
