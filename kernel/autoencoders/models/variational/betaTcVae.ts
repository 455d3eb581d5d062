import { totalCorrelation } from '../../objectives/index';
import type { TotalCorrelationOptions } from '../../objectives/index';
import { totalCorrelationFields } from '../../objectives/totalCorrelation';
import { preset } from './preset';
import { VAE } from './vae';
import type { VAEScore } from './vae';
import type { VariationalConfig } from './vaeConfig';

/** What {@link BetaTCVAE} is made of. */
export interface BetaTCVAEConfig extends VariationalConfig, TotalCorrelationOptions {}

type Parts = 'indexCodeMutualInformation' | 'totalCorrelation' | 'dimensionWiseKl';

/** In nats per sample. */
export type BetaTCScore = VAEScore & Record<Parts, number>;

/**
 * The β-TC-VAE (Chen, Li, Grosse and Duvenaud 2018, Isolating sources of disentanglement in VAEs): a {@link VAE} with the
 * objective {@link totalCorrelation},
 *
 * $$-\mathbb E_{q}[\log p(x|z)] + \alpha\, I_q(z; n) + \beta\,\mathrm{KL}(q(z) \,\|\, \textstyle\prod_j q(z_j))
 *   + \gamma \sum_j \mathrm{KL}(q(z_j) \,\|\, p(z_j))$$
 */
export class BetaTCVAE extends VAE<Parts> {
  override readonly title: string = 'β-TC-VAE';

  constructor(config: BetaTCVAEConfig) {
    super(
      ...preset(
        'BetaTCVAE',
        { own: totalCorrelationFields },
        config,
        ({ alpha, beta, gamma, dataSize, estimator }) => ({
          objective: totalCorrelation({ alpha, beta, gamma, estimator, ...(dataSize !== undefined && { dataSize }) }),
        }),
      ),
    );
  }
}
