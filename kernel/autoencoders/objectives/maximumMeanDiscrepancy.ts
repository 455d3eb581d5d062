import { z } from 'zod';
import { checkedConfig } from '../config';
import { MMD_ESTIMATORS, MMD_KERNELS, squaredMMD } from '../distributions/index';
import type { MMDKernel } from '../distributions/index';
import { scheduleSchema } from '../training/schedules/schedules';
import type { Schedule } from '../training/schedules/schedules';
import { divergence, reconstruction } from './bound';
import { defineBuiltObjective } from './objective';

/** Options of {@link maximumMeanDiscrepancy}. */
export interface MaximumMeanDiscrepancyOptions {
  /** Weight of the KL divergence, 1 − α in the paper. Default 0: the MMD-VAE, and the WAE-MMD. */
  beta?: Schedule;
  /** Weight of the discrepancy, α + λ − 1 in the paper. Default 1000, in nats. */
  lambda?: Schedule;
  /** Default `rbf`, as in InfoVAE; WAE has `inverseMultiquadratic`. */
  kernel?: MMDKernel;
  /** s of the kernel; 1, the default, suits the prior N(0, I). */
  scale?: number;
  /** Default `unbiased`. */
  estimator?: 'unbiased' | 'biased';
}

export const maximumMeanDiscrepancyFields = {
  beta: scheduleSchema().default(0),
  lambda: scheduleSchema().default(1000),
  kernel: z.enum(MMD_KERNELS).default('rbf'),
  scale: z.number().positive().default(1),
  estimator: z.enum(MMD_ESTIMATORS).default('unbiased'),
};

const schema = z.strictObject(maximumMeanDiscrepancyFields);

/**
 * The objective of InfoVAE with the maximum mean discrepancy (Zhao, Song and Ermon 2017, equation 6), which with β = 0 is
 * that of the MMD-VAE and of the Wasserstein autoencoder with an MMD penalty (Tolstikhin et al. 2018, algorithm 2).
 *
 * $$-\mathbb E_q[\log p(x|z)] + \beta\,\mathrm{KL}(q(z|x) \,\|\, p(z)) + \lambda\,\mathrm{MMD}^2(q(z), p(z))$$
 *
 * | paper | here |
 * |---|---|
 * | $1 - \alpha$ | `beta` |
 * | $\alpha + \lambda - 1$ | `lambda` |
 * | $z \sim q(z)$ | `z` [n, k], one draw for each x of the batch |
 * | $z' \sim p(z)$ | `zOfPrior` [n, k] |
 *
 * The KL divergence pulls each posterior to the prior and so makes codes forget x; the discrepancy pulls only their
 * mixture. WAE's squared error is the Gaussian likelihood: with `sigma` s its cost is 2s² times `reconstruction` less a
 * constant, and λ scales alike. WAE's encoder may be deterministic; here it has a variance, which may fall to 0.
 */
export const maximumMeanDiscrepancy = defineBuiltObjective(
  'maximumMeanDiscrepancy',
  (given: MaximumMeanDiscrepancyOptions) => {
    const { beta, lambda, ...options } = checkedConfig('maximumMeanDiscrepancy', schema, given);
    const kernel = options.kernel === 'rbf' ? 'an RBF kernel' : 'an inverse multiquadratic kernel';
    return {
      source: 'Zhao, Song and Ermon 2017, InfoVAE, equation 6; Tolstikhin et al. 2018, algorithm 2',
      priorDraws: (n) => n,
      terms: (bound) => ({
        reconstruction: reconstruction(bound),
        kl: divergence(bound, beta),
        discrepancy: {
          value: squaredMMD(bound.z, bound.zOfPrior, options),
          weight: { symbol: 'λ', schedule: lambda },
          formula: '\\mathrm{MMD}^2(q(z), p(z))',
          meaning: `squared maximum mean discrepancy with ${kernel}, ${options.estimator} over the pairs of the batch`,
          unit: 'no unit',
        },
      }),
    };
  },
  schema,
);
