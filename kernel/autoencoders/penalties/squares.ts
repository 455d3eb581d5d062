/** Penalties of squares: of the codes, and of the decoder's kernels. */
import type * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { checkedConfig } from '../config';
import type { Network } from '../networks/network';
import { isTied } from '../networks/tied';
import { scheduleSchema } from '../training/schedules/schedules';
import type { Schedule } from '../training/schedules/schedules';
import { defineBuiltPenalty } from './penalty';

/** Options of {@link squaredCodes}. */
export interface SquaredCodesOptions {
  /** β. Default 1e-2. */
  weight?: Schedule;
}

/** Options of {@link decoderDecay}. */
export interface DecoderDecayOptions {
  /** λ. Default 1e-4. */
  weight?: Schedule;
}

const codesSchema = z.strictObject({ weight: scheduleSchema().default(1e-2) });
const decaySchema = z.strictObject({ weight: scheduleSchema().default(1e-4) });

const SOURCE = 'Ghosh et al. 2020, From variational to deterministic autoencoders';

/** $\beta \tfrac12 \|z\|^2$ keeps codes small (Ghosh et al. 2020, equation 11): summed over k, mean over the batch. */
export const squaredCodes = defineBuiltPenalty(
  'squaredCodes',
  (given: SquaredCodesOptions) => {
    const { weight } = checkedConfig('squaredCodes', codesSchema, given);
    return {
      source: SOURCE,
      terms: ({ z }) => ({
        latent: {
          value: z.square().sum(1).mean().mul(0.5),
          weight: { symbol: 'β', schedule: weight },
          formula: '\\tfrac12 \\|z\\|^2',
          meaning: 'half the squared length of the latents, mean over the batch',
          unit: 'squared code',
        },
      }),
    };
  },
  codesSchema,
);

/** $\lambda \|\theta_f\|^2$ keeps the decoder smooth: the sum of its squared kernels, without biases. */
export const decoderDecay = defineBuiltPenalty(
  'decoderDecay',
  (given: DecoderDecayOptions) => {
    const { weight } = checkedConfig('decoderDecay', decaySchema, given);
    return {
      source: SOURCE,
      refuses: ({ decoder }) =>
        kernelsOf(decoder).length > 0
          ? undefined
          : 'the penalty decoderDecay needs a decoder with kernels of its own; found one without, or one that is tied',
      terms: ({ networks: { decoder } }) => ({
        decoder: {
          value: kernelsOf(decoder)
            .map((kernel) => kernel.square().sum())
            .reduce((sum, square) => sum.add(square)),
          weight: { symbol: 'λ', schedule: weight },
          formula: '\\|\\theta_f\\|^2',
          meaning: 'sum of the squared kernels of the decoder',
          unit: 'squared weight',
        },
      }),
    };
  },
  decaySchema,
);

/** Parameters of two axes and more, where they are its own; biases and scales have one. */
function kernelsOf(network: Network): tf.Tensor[] {
  if (isTied(network)) return [];
  const { parameters } = network;
  return Object.values(parameters).filter(({ rank }) => rank > 1);
}
