import { maximumMeanDiscrepancy } from '../../objectives/index';
import type { MaximumMeanDiscrepancyOptions } from '../../objectives/index';
import { maximumMeanDiscrepancyFields } from '../../objectives/maximumMeanDiscrepancy';
import { preset } from './preset';
import { VAE } from './vae';
import type { VAEScore } from './vae';
import type { VariationalConfig } from './vaeConfig';

/** What {@link InfoVAE} is made of. */
export interface InfoVAEConfig extends VariationalConfig, MaximumMeanDiscrepancyOptions {}

/** In nats per sample, the discrepancy without a unit. */
export type InfoVAEScore = VAEScore & { discrepancy: number };

/**
 * InfoVAE with the maximum mean discrepancy (Zhao, Song and Ermon 2017, equation 6), which with β = 0 is the MMD-VAE and
 * the Wasserstein autoencoder with an MMD penalty (Tolstikhin et al. 2018): a {@link VAE} with the objective
 * {@link maximumMeanDiscrepancy},
 *
 * $$-\mathbb E_q[\log p(x|z)] + \beta\,\mathrm{KL}(q(z|x) \,\|\, p(z)) + \lambda\,\mathrm{MMD}^2(q(z), p(z))$$
 */
export class InfoVAE extends VAE<'discrepancy'> {
  override readonly title: string = 'InfoVAE';

  constructor(config: InfoVAEConfig) {
    super(
      ...preset(
        'InfoVAE',
        { own: maximumMeanDiscrepancyFields },
        config,
        ({ beta, lambda, kernel, scale, estimator }) => ({
          objective: maximumMeanDiscrepancy({ beta, lambda, kernel, scale, estimator }),
        }),
      ),
    );
  }
}
