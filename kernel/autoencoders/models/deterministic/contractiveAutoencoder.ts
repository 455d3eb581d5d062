import { z } from 'zod';
import { contraction, INVERTIBLE } from '../../penalties/contraction';
import { scheduleSchema } from '../../training/schedules/schedules';
import type { Schedule } from '../../training/schedules/schedules';
import { DeterministicAutoencoder } from './deterministicAutoencoder';
import { preset } from './deterministicConfig';
import type { DeterministicConfig } from './deterministicConfig';

/** What {@link ContractiveAutoencoder} is made of. */
export interface ContractiveAutoencoderConfig extends Omit<DeterministicConfig, 'activation'> {
  /**
   * Widths of the layers before the code; the decoder has them in reverse. Default none: the code is the only hidden
   * layer.
   */
  hidden?: readonly number[];
  /** The activation of the hidden layers and of the code. Default `sigmoid`. */
  activation?: (typeof INVERTIBLE)[number];
  /** λ, the weight of the contraction. Default 0.1. */
  contraction?: Schedule;
  /**
   * Whether the decoder's kernels are the encoder's, transposed, as in the paper. Where they are not, the encoder can
   * make its Jacobian small with small weights, which the decoder undoes. Default true, unless there is a `decoder`.
   */
  tied?: boolean;
}

const fieldsFor = (config: object) => ({
  hidden: z.array(z.int().min(1)).readonly().default([]),
  activation: z.enum(INVERTIBLE).default('sigmoid'),
  contraction: scheduleSchema().default(0.1),
  tied: z.boolean().default(!('decoder' in { ...config })),
});

/**
 * The contractive autoencoder (Rifai et al. 2011): a {@link DeterministicAutoencoder} with the penalty
 * {@link contraction}; the code should move little when x does.
 *
 * $$\|x - f(g(x))\|^2 + \lambda \|J_g(x)\|_F^2, \qquad J_g(x) = \frac{\partial g(x)}{\partial x}$$
 *
 * For one sigmoid layer
 *
 * $$\|J_g(x)\|_F^2 = \sum_j h_j^2 (1 - h_j)^2 \sum_i W_{ij}^2$$
 *
 * Both terms are summed over dimensions and averaged over the batch.
 */
export class ContractiveAutoencoder extends DeterministicAutoencoder<'contraction'> {
  override readonly title: string = 'contractive autoencoder';

  constructor(config: ContractiveAutoencoderConfig) {
    super(
      ...preset('ContractiveAutoencoder', fieldsFor(config), config, ({ activation, contraction: weight, tied }) => ({
        code: activation,
        tied,
        penalties: [contraction({ weight })],
      })),
    );
  }
}
