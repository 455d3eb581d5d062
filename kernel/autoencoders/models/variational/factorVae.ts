import { densityRatio } from '../../objectives/index';
import type { DensityRatioOptions } from '../../objectives/index';
import { densityRatioFields } from '../../objectives/densityRatio';
import { preset } from './preset';
import { VAE } from './vae';
import type { VAEScore } from './vae';
import type { VariationalConfig } from './vaeConfig';

/** What {@link FactorVAE} is made of. */
export interface FactorVAEConfig extends VariationalConfig, DensityRatioOptions {}

type Parts = 'totalCorrelation' | 'discriminator';

/** In nats per sample. */
export type FactorVAEScore = VAEScore & Record<Parts, number>;

/**
 * FactorVAE (Kim and Mnih 2018, Disentangling by factorising): a {@link VAE} with the objective {@link densityRatio},
 *
 * $$-\mathbb E_q[\log p(x|z)] + \beta\,\mathrm{KL}(q(z|x) \,\|\, p(z))
 *   + \gamma\,\mathrm{KL}(q(z) \,\|\, \textstyle\prod_j q(z_j))$$
 */
export class FactorVAE extends VAE<Parts> {
  override readonly title: string = 'FactorVAE';

  constructor(config: FactorVAEConfig) {
    super(
      ...preset('FactorVAE', { own: densityRatioFields }, config, ({ beta, gamma, discriminator }) => ({
        objective: densityRatio({ beta, gamma, discriminator }),
      })),
    );
  }
}
