import type * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { checkedConfig } from '../config';
import { stopGradient } from '../networks/gradients/stopGradient';
import { divergence, reconstruction } from './bound';
import { defineBuiltObjective } from './objective';
import type { Bound } from './objective';

/** Options of {@link importanceWeighted}. */
export interface ImportanceWeightedOptions {
  /** L, draws of z for each x in a step. Default 5. */
  draws?: number;
  /**
   * β of CIWAE (Rainforth et al. 2018): the share of the evidence lower bound in what is maximised, from 0 to 1. Default
   * 0, the importance-weighted autoencoder; 1 is the VAE.
   */
  beta?: number;
  /**
   * How the encoder learns from the importance-weighted bound: by its gradient (`standard`), or by the doubly
   * reparameterised estimate of it (Tucker et al. 2019), whose signal does not drown in noise as L grows; it takes
   * two more passes through the decoder. Default `standard`.
   */
  encoderGradient?: 'standard' | 'doublyReparameterized';
}

export const importanceWeightedFields = {
  draws: z.int().min(1).default(5),
  beta: z.number().min(0).max(1).default(0),
  encoderGradient: z.enum(['standard', 'doublyReparameterized']).default('standard'),
};

const schema = z.strictObject(importanceWeightedFields);

const L_BOUND = '\\mathbb E\\Big[\\log \\tfrac1L \\textstyle\\sum_l w_l\\Big]';

const part = defineBuiltObjective(
  'importanceWeighted',
  (given: ImportanceWeightedOptions) => {
    const { draws, beta, encoderGradient } = checkedConfig('importanceWeighted', schema, given);
    const standard = encoderGradient === 'standard';
    const share = beta === 0 ? ('reported' as const) : { symbol: 'β', schedule: beta };
    return {
      source:
        'Burda, Grosse and Salakhutdinov 2015, Importance Weighted Autoencoders, equation 8; with β, Rainforth et al. 2018',
      draws,
      terms(bound) {
        const L = standard ? logMeanExp(bound.logWeights) : doublyReparameterized(bound);
        return {
          reconstruction: { ...reconstruction(bound), weight: share },
          kl: { ...divergence(bound, beta), weight: share },
          importanceWeighted: {
            value: L.mean().neg(),
            weight: beta === 0 ? 1 : { symbol: '1 − β', schedule: 1 - beta },
            formula: `-${L_BOUND}`,
            meaning:
              `w = p(x, z)/q(z|x) of ${draws} draws of z, mean over the batch; the encoder's gradient is ` +
              (standard ? 'its own' : 'doubly reparameterised'),
          },
        };
      },
    };
  },
  schema,
);

/**
 * Minus the importance-weighted bound (Burda, Grosse and Salakhutdinov 2015), and with β > 0 its combination with the
 * evidence lower bound, CIWAE (Rainforth et al. 2018, equation 10). With L draws $z_l \sim q(z|x)$ and the weights
 * $w_l = p(x, z_l) / q(z_l|x)$,
 *
 * $$-\beta\,\mathrm{ELBO} - (1 - \beta)\,\mathbb E\Big[\log \frac1L \sum_{l=1}^L w_l\Big]$$
 *
 * | symbol | here | shape |
 * |---|---|---|
 * | $\log w = \log p(x\vert z) + \log p(z) - \log q(z\vert x)$ | `logWeights` | [L, n] |
 * | minus the bound | `importanceWeighted` | scalar |
 * | the two parts of minus the evidence lower bound | `reconstruction`, `kl` | scalars |
 *
 * The gradient of the bound weights that of each $\log w_l$ by $\tilde w_l = w_l / \sum_m w_m$ (equation 14).
 */
export function importanceWeighted(options: ImportanceWeightedOptions | number = {}) {
  return part(typeof options === 'number' ? { draws: options } : options);
}

/**
 * The bound [n] with another estimate of the encoder's gradient, of the same expectation: w̃ₗ² ∂log wₗ/∂z · ∂z/∂φ in
 * place of w̃ₗ dlog wₗ/dφ (Tucker et al. 2019, equation 8), so without ∂log q/∂φ. The decoder's is unchanged.
 */
function doublyReparameterized({
  draws: L,
  rows,
  posteriorOf,
  z,
  prior,
  logLikelihoodOf,
  logWeights,
}: Bound): tf.Tensor {
  const constant = stopGradient(() => z.clone());
  const weights = stopGradient(() => logWeights.transpose().softmax().transpose().reshape([-1, 1])); // w̃: [L·n, 1]
  // The value of z, and w̃ of its gradient; the other w̃ is the weight below.
  const damped = constant.add(weights.mul(z.sub(constant))) as tf.Tensor2D;
  const q = posteriorOf(stopGradient(() => rows.tile([L, 1])));
  const logJoint = logLikelihoodOf(damped).add(prior.logProb(damped));
  const surrogate = logJoint.sub(q.logProb(damped)).mul(weights.flatten()).reshape([L, -1]).sum(0);
  return stopGradient(() => logMeanExp(logWeights).sub(surrogate)).add(surrogate);
}

/** log 1/L Σₗ exp of each column: [L, n] → [n]. */
function logMeanExp(logWeights: tf.Tensor2D): tf.Tensor {
  return logWeights.logSumExp(0).sub(Math.log(logWeights.shape[0]));
}
