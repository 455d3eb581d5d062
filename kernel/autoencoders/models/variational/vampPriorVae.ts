import { z } from 'zod';
import { evidenceLowerBound } from '../../objectives/index';
import { vampPrior } from '../../priors/index';
import { scheduleSchema } from '../../training/schedules/schedules';
import type { Schedule } from '../../training/schedules/schedules';
import { preset } from './preset';
import { VAE } from './vae';
import type { VariationalConfig } from './vaeConfig';

/** What {@link VampPriorVAE} is made of. */
export interface VampPriorVAEConfig extends Omit<VariationalConfig, 'prior'> {
  /** K, components of the prior. Default 500. */
  components?: number;
  /** β, weight of the divergence: a number or a schedule. Default 1, where the loss estimates minus the bound. */
  beta?: Schedule;
}

const fields = {
  components: z.int().min(1).default(500),
  beta: scheduleSchema().default(1),
};

/**
 * A VAE with the VampPrior (Tomczak and Welling 2018, VAE with a VampPrior): a {@link VAE} with the prior
 * {@link vampPrior}, the mean of the encoder's own posteriors at K trained pseudo-inputs,
 *
 * $$-\mathbb E_q[\log p(x|z)] + \beta\,\mathbb E_q\Big[\log q(z|x) - \log \frac1K \sum_{k=1}^K q(z|u_k)\Big]$$
 *
 * The divergence is taken by one draw: a mixture has no closed form. {@link startPriorFrom} takes samples of the data as
 * pseudo-inputs, as the paper's VampPrior with data does.
 */
export class VampPriorVAE extends VAE {
  override readonly title: string = 'VampPrior VAE';

  constructor(config: VampPriorVAEConfig) {
    super(
      ...preset('VampPriorVAE', { own: fields, without: ['prior'] }, config, ({ components, beta }) => ({
        prior: vampPrior({ components }),
        objective: evidenceLowerBound({ beta }),
      })),
    );
  }
}
