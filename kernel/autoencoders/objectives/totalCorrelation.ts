import { z } from 'zod';
import { checkedConfig } from '../config';
import { AGGREGATED_POSTERIOR_ESTIMATORS, klDecomposition } from '../distributions/index';
import type { AggregatedPosteriorEstimator, DiagonalGaussian } from '../distributions/index';
import { scheduleSchema } from '../training/schedules/schedules';
import type { Schedule } from '../training/schedules/schedules';
import { divergence, reconstruction } from './bound';
import { defineBuiltObjective } from './objective';

/** Options of {@link totalCorrelation}. */
export interface TotalCorrelationOptions {
  /** Weight of the index-code mutual information. Default 1. */
  alpha?: Schedule;
  /** Weight of the total correlation. Default 1, where the loss is an estimate of minus the bound. */
  beta?: Schedule;
  /** Weight of the dimension-wise KL divergence. Default 1. */
  gamma?: Schedule;
  /** N, samples of the data set. Default: those of the data that are trained on. */
  dataSize?: number;
  /** How a batch estimates q(z) and q(z_j). Default `stratified`. */
  estimator?: AggregatedPosteriorEstimator;
}

export const totalCorrelationFields = {
  alpha: scheduleSchema().default(1),
  beta: scheduleSchema().default(1),
  gamma: scheduleSchema().default(1),
  dataSize: z.int().min(1).optional(),
  estimator: z.enum(AGGREGATED_POSTERIOR_ESTIMATORS).default('stratified'),
};

const schema = z.strictObject(totalCorrelationFields);

/**
 * The objective of the β-TC-VAE (Chen, Li, Grosse and Duvenaud 2018, equation 4): the mean KL divergence splits into
 * three parts with separate weights,
 *
 * $$-\mathbb E_{q}[\log p(x|z)] + \alpha\, I_q(z; n) + \beta\,\mathrm{KL}(q(z) \,\|\, \textstyle\prod_j q(z_j))
 *   + \gamma \sum_j \mathrm{KL}(q(z_j) \,\|\, p(z_j))$$
 *
 * where $q(z) = \frac1N \sum_n q(z|x_n)$ is estimated from the batch, all of it in nats:
 *
 * | symbol | here | shape |
 * |---|---|---|
 * | $N$ | `dataSize` | scalar |
 * | $\log q(z),\ \log q(z_j)$ | in `klDecomposition` | [n], [n, k] |
 *
 * At α = β = γ = 1 the loss is a Monte Carlo estimate of minus the bound, exactly: the estimates of q(z) cancel. The
 * term `kl` is reported for comparison and has no weight. If the dimensions of the prior depend on each other, the last
 * part is $\mathrm{KL}(\prod_j q(z_j) \,\|\, p(z))$.
 */
export const totalCorrelation = defineBuiltObjective(
  'totalCorrelation',
  (given: TotalCorrelationOptions) => {
    const { alpha, beta, gamma, dataSize, estimator } = checkedConfig('totalCorrelation', schema, given);
    const from = estimator === 'stratified' ? 'minibatch stratified sampling' : 'minibatch-weighted sampling';
    return {
      source: 'Chen et al. 2018, Isolating sources of disentanglement in variational autoencoders, equation 4',
      needs: dataSize === undefined ? ['diagonalPosterior', 'dataSize'] : ['diagonalPosterior'],
      terms(bound) {
        const { q, z, logPrior } = bound;
        const N = dataSize ?? bound.dataSize;
        const parts = klDecomposition(q as DiagonalGaussian, z, { dataSize: N, estimator, logPrior });
        return {
          reconstruction: reconstruction(bound),
          kl: divergence(bound, 'reported'),
          indexCodeMutualInformation: {
            value: parts.indexCodeMutualInformation,
            weight: { symbol: 'α', schedule: alpha },
            formula: '\\mathbb E[\\log q(z|x) - \\log q(z)]',
            meaning: `of code and sample, q(z) by ${from}, mean over the batch`,
          },
          totalCorrelation: {
            value: parts.totalCorrelation,
            weight: { symbol: 'β', schedule: beta },
            formula: '\\mathbb E[\\log q(z) - \\textstyle\\sum_j \\log q(z_j)]',
            meaning: `dependence of the latents on each other, by ${from}, mean over the batch`,
          },
          dimensionWiseKl: {
            value: parts.dimensionWiseKl,
            weight: { symbol: 'γ', schedule: gamma },
            formula: '\\mathbb E[\\textstyle\\sum_j \\log q(z_j) - \\log p(z)]',
            meaning: `of the product of the latents' marginals from the prior, by ${from}, mean over the batch`,
          },
        };
      },
    };
  },
  schema,
);
