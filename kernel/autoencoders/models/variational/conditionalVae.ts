import { z } from 'zod';
import { evidenceLowerBound } from '../../objectives/index';
import { scheduleSchema } from '../../training/schedules/schedules';
import type { Schedule } from '../../training/schedules/schedules';
import { preset } from './preset';
import { VAE } from './vae';
import type { VariationalConfig } from './vaeConfig';

/** What {@link ConditionalVAE} is made of. */
export interface ConditionalVAEConfig extends VariationalConfig {
  /** C, how many classes the labels name: 0 … C − 1. */
  classes: number;
  /** β, weight of the KL divergence: a number or a schedule. Default 1. */
  beta?: Schedule;
}

const fields = { classes: z.int().min(1), beta: scheduleSchema().default(1) };

/**
 * The conditional VAE (Sohn, Lee and Yan 2015, equation 4, with the prior that does not look at the class): a {@link VAE}
 * with `classes`,
 *
 * $$\log p(x|y) \ge \mathbb E_{q(z|x, y)}[\log p(x|z, y)] - \mathrm{KL}(q(z|x, y) \,\|\, p(z))$$
 *
 * The prior is the same for every class, so z has to carry what y does not say. The bound is on log p(x|y): a bound on
 * log p(x, y) is this and log p(y).
 */
export class ConditionalVAE extends VAE {
  override readonly title: string = 'conditional VAE';

  constructor(config: ConditionalVAEConfig) {
    super(
      ...preset('ConditionalVAE', { own: fields }, config, ({ beta, classes }) => ({
        classes,
        objective: evidenceLowerBound({ beta }),
      })),
    );
  }
}
