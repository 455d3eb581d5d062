import { z } from 'zod';
import { sparsity, sparsityFields } from '../../penalties/sparsity';
import type { SparsityOptions } from '../../penalties/sparsity';
import { DeterministicAutoencoder } from './deterministicAutoencoder';
import { preset } from './deterministicConfig';
import type { DeterministicConfig } from './deterministicConfig';

/** What {@link SparseAutoencoder} is made of. */
export interface SparseAutoencoderConfig extends Omit<DeterministicConfig, 'activation'>, SparsityOptions {
  /**
   * Widths of the layers before the code; the decoder has them in reverse. Default none: the code is the only hidden
   * layer.
   */
  hidden?: readonly number[];
}

const fields = {
  ...sparsityFields,
  hidden: z.array(z.int().min(1)).readonly().default([]),
  activation: z.literal('sigmoid').default('sigmoid'),
};

/**
 * The sparse autoencoder (Lee, Ekanadham and Ng 2008; Ng 2011, lecture notes of CS294A): a
 * {@link DeterministicAutoencoder} with the penalty {@link sparsity}. Every hidden unit, of the encoder, the code and the
 * decoder, is a sigmoid that should be active for few samples.
 *
 * $$\|x - f(g(x))\|^2 + \beta \sum_l \sum_j \mathrm{KL}(\rho \,\|\, \hat\rho_j^{(l)}), \quad
 *   \mathrm{KL}(\rho \,\|\, \hat\rho) = \rho \log \frac{\rho}{\hat\rho} + (1 - \rho) \log \frac{1 - \rho}{1 - \hat\rho}$$
 *
 * with $\hat\rho_j^{(l)}$ the mean over the batch of unit j of hidden layer l. `reconstruction` is summed over the d values
 * of x and averaged over the batch; `sparsity` is in nats and summed over units and layers. It belongs to a batch as a
 * whole: the sparsity of a score is the mean of its chunks'. With an encoder or a decoder that is not of dense layers it
 * is that of the code.
 */
export class SparseAutoencoder extends DeterministicAutoencoder<'sparsity'> {
  override readonly title: string = 'sparse autoencoder';

  constructor(config: SparseAutoencoderConfig) {
    super(
      ...preset('SparseAutoencoder', fields, config, ({ sparsity: rho, beta, activation }) => ({
        code: activation,
        penalties: [sparsity({ sparsity: rho, beta })],
      })),
    );
  }
}
