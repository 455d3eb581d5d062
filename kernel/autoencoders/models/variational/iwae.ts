import { importanceWeighted } from '../../objectives/index';
import type { ImportanceWeightedOptions } from '../../objectives/index';
import { importanceWeightedFields } from '../../objectives/importanceWeighted';
import { preset } from './preset';
import { VAE } from './vae';
import type { VAEScore } from './vae';
import type { VariationalConfig } from './vaeConfig';

/** What {@link IWAE} is made of. */
export interface IWAEConfig extends VariationalConfig, ImportanceWeightedOptions {}

/** In nats per sample. */
export type IWAEScore = VAEScore & { importanceWeighted: number };

/**
 * The importance-weighted autoencoder (Burda, Grosse and Salakhutdinov 2015), and with β > 0 its combination with the VAE,
 * CIWAE (Rainforth et al. 2018): a {@link VAE} with the objective {@link importanceWeighted},
 *
 * $$-\beta\,\mathrm{ELBO} - (1 - \beta)\,\mathbb E\Big[\log \frac1L \sum_{l=1}^L w_l\Big],
 *   \qquad w_l = \frac{p(x, z_l)}{q(z_l|x)}$$
 */
export class IWAE extends VAE<'importanceWeighted'> {
  override readonly title: string;

  constructor(config: IWAEConfig) {
    super(
      ...preset('IWAE', { own: importanceWeightedFields }, config, ({ draws, beta, encoderGradient }) => ({
        objective: importanceWeighted({ draws, beta, encoderGradient }),
      })),
    );
    this.title = config.beta ? 'CIWAE' : 'IWAE';
  }
}
