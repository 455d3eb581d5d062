import type * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { finite, takes, tensor } from '../arguments';
import { checkedConfig } from '../config';
import { isDense } from '../networks/mlp';
import { scheduleSchema } from '../training/schedules/schedules';
import type { Schedule } from '../training/schedules/schedules';
import { defineBuiltPenalty } from './penalty';
import type { CodedBy } from './penalty';

/** Options of {@link sparsity}. */
export interface SparsityOptions {
  /** ρ, the mean activation that every hidden unit should have. Default 0.05. */
  sparsity?: number;
  /** β. Default 3. */
  beta?: Schedule;
}

export const sparsityFields = {
  sparsity: z.number().gt(0).lt(1).default(0.05),
  beta: scheduleSchema().default(3),
};

const schema = z.strictObject(sparsityFields);

/**
 * The penalty of the sparse autoencoder (Ng 2011, lecture notes of CS294A): every sigmoid should be active for few
 * samples,
 *
 * $$\beta \sum_l \sum_j \mathrm{KL}(\rho \,\|\, \hat\rho_j^{(l)})$$
 *
 * with $\hat\rho_j^{(l)}$ the mean over the batch of unit j of hidden layer l: of encoder, code and decoder where they are
 * dense; of other networks the units of the code alone.
 */
export const sparsity = defineBuiltPenalty(
  'sparsity',
  (given: SparsityOptions) => {
    const { sparsity: rho, beta } = checkedConfig('sparsity', schema, given);
    return {
      source: 'Ng 2011, Sparse autoencoder (CS294A lecture notes)',
      refuses: (networks) => (areSigmoids(networks) ? undefined : NEEDS_SIGMOIDS),
      terms({ z, encoded, decoded }) {
        const hidden = [...(encoded ?? [z]), ...(decoded ?? [])];
        const divergences = hidden.map((h) => bernoulliDivergence(rho, h.mean(0)).sum());
        return {
          sparsity: {
            value: divergences.reduce((sum, divergence) => sum.add(divergence)),
            weight: { symbol: 'β', schedule: beta },
            formula: '\\sum_l \\sum_j \\mathrm{KL}(\\rho \\,\\|\\, \\hat\\rho_j^{(l)})',
            meaning:
              `divergence of a unit that is active with probability ρ = ${rho} from the mean activation over the batch, ` +
              'summed over hidden units and layers',
            unit: 'nats',
          },
        };
      },
    };
  },
  schema,
);

const NEEDS_SIGMOIDS =
  'the penalty sparsity needs hidden units between 0 and 1, whose mean is a share; take activation "sigmoid" and ' +
  'code "sigmoid"';

function areSigmoids({ encoder, decoder, code }: CodedBy): boolean {
  const layers = isDense(encoder) ? encoder.layers : [];
  const hidden = [...layers.slice(0, -1), ...(isDense(decoder) ? decoder.layers.slice(0, -1) : [])];
  const ofCode = code === 'sigmoid' || (code === 'linear' && layers.at(-1)?.activation === 'sigmoid');
  return ofCode && hidden.every(({ activation }) => activation === 'sigmoid');
}

/**
 * Bounds of ρ̂, beyond which there is no gradient. A unit far below ρ has to get one, ρ/ρ̂, or it stays silent for good;
 * above, float32 has no number between 1 − 6e-8 and 1.
 */
const [LEAST, MOST] = [1e-30, 1 - 1e-7];

/**
 * KL(ρ‖ρ̂) of two Bernoulli distributions, in nats, for each ρ̂; 0 only at ρ̂ = ρ.
 *
 * @param rho ρ, between 0 and 1
 * @param rhoHat ρ̂ of any shape; kept 1e-30 away from 0 and 1e-7 from 1, where the divergence is infinite
 */
export function bernoulliDivergence<T extends tf.Tensor>(rho: number, rhoHat: T): T {
  takes('bernoulliDivergence', ['rho', rho, finite], ['rhoHat', rhoHat, tensor()]);
  const inside = rhoHat.clipByValue(LEAST, MOST);
  const active = inside.log().neg().add(Math.log(rho)).mul(rho);
  const inactive = inside
    .neg()
    .log1p()
    .neg()
    .add(Math.log1p(-rho))
    .mul(1 - rho);
  return active.add(inactive) as T;
}
