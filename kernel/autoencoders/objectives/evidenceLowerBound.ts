import type * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { checkedConfig } from '../config';
import { linearWarmup, scheduleSchema } from '../training/schedules/schedules';
import type { Schedule } from '../training/schedules/schedules';
import { divergence, KL, reconstruction } from './bound';
import { defineBuiltObjective } from './objective';
import type { Bound, ObjectiveDefinition } from './objective';
import type { Terms } from './terms';

/** Options of {@link evidenceLowerBound}. */
export interface EvidenceLowerBoundOptions {
  /** β, the weight of the KL divergence: a number or a schedule. Default 1, where the loss is minus the bound. */
  beta?: Schedule;
  /**
   * Holds the divergence at C_t nats by γ·|KL − C_t| in place of β·KL, where C_t rises from 0 to `max` over `steps` steps
   * (Burgess et al. 2018). γ is 1000 unless told.
   */
  capacity?: { max: number; steps: number; gamma?: number };
  /** λ, nats of each latent dimension, averaged over the batch, that no divergence is charged for (Kingma et al. 2016). */
  freeBits?: number;
  /**
   * `mean` weights the reconstruction, which stays the sum over the d values, by 1/d, as many programs do unawares: that
   * is β·d in place of β. Default `sum`.
   */
  reduction?: 'sum' | 'mean';
  /** L, draws of z for each x in a step. Default 1. */
  draws?: number;
  /** `sampled` takes the divergence by the draws even where it has a closed form. Default `exact`, where it has one. */
  divergence?: 'exact' | 'sampled';
}

export const evidenceLowerBoundFields = {
  beta: scheduleSchema().default(1),
  capacity: z
    .strictObject({
      max: z.number().positive(),
      steps: z.number().positive(),
      gamma: z.number().positive().default(1000),
    })
    .optional(),
  freeBits: z.number().positive().optional(),
  reduction: z.enum(['sum', 'mean']).default('sum'),
  draws: z.int().min(1).default(1),
  divergence: z.enum(['exact', 'sampled']).default('exact'),
};

const schema = z
  .strictObject(evidenceLowerBoundFields)
  .refine(({ capacity, beta }) => !capacity || beta === 1, {
    path: ['beta'],
    error: 'allowed only without "capacity", which weights the divergence by its gamma',
  })
  .refine(({ capacity, freeBits }) => !capacity || freeBits === undefined, {
    path: ['freeBits'],
    error: 'allowed only without "capacity", which holds the whole divergence',
  })
  .refine(({ divergence, freeBits }) => divergence === 'exact' || freeBits === undefined, {
    path: ['freeBits'],
    error: 'allowed only with the exact "divergence", which has a share for each dimension',
  });

const SOURCE = 'Kingma and Welling 2013, Auto-Encoding Variational Bayes, equation 10';

/**
 * Minus the evidence lower bound (Kingma and Welling 2013; with β ≠ 1, Higgins et al. 2017), in nats:
 *
 * $$-\mathbb E_{q(z|x)}[\log p(x|z)] + \beta\,\mathrm{KL}(q(z|x) \,\|\, p(z))$$
 *
 * | symbol | here | shape |
 * |---|---|---|
 * | $-\mathbb E_q[\log p(x\vert z)]$ by L draws | `reconstruction`, summed over d | scalar |
 * | $\mathrm{KL}$, in closed form where the prior has one | `kl`, summed over k | scalar |
 * | $\lvert\mathrm{KL} - C_t\rvert$, with `capacity` | `capacity` | scalar |
 * | $\sum_j \max(0, \lambda - \mathrm{KL}_j)$, with `freeBits` | `freeBits` | scalar |
 *
 * With `capacity` its weight γ takes the place of β; `freeBits` adds to the divergence what its dimensions lack to λ, so
 * that Σ max(λ, KLⱼ) is charged. A divergence by draws may be negative; its expectation is not.
 */
export const evidenceLowerBound = defineBuiltObjective(
  'evidenceLowerBound',
  (given: EvidenceLowerBoundOptions): ObjectiveDefinition => {
    const options = checkedConfig('evidenceLowerBound', schema, given);
    const { beta, capacity, freeBits, reduction, draws, divergence: how } = options;
    if (capacity) return atCapacity(options as typeof options & { capacity: typeof capacity });
    if (freeBits !== undefined) return withFreeBits({ ...options, freeBits });
    return {
      source: `${SOURCE}; with β, Higgins et al. 2017`,
      draws,
      terms: (bound) => ({
        reconstruction: reconstruction(bound, weightOf(reduction, bound)),
        kl: divergence(how === 'exact' ? bound : sampled(bound), beta),
      }),
    };
  },
  schema,
);

type Checked = z.output<typeof schema>;

/** γ·|KL − C_t| in place of β·KL. */
function atCapacity({
  capacity,
  reduction,
  draws,
}: Checked & { capacity: { max: number; steps: number; gamma: number } }) {
  const { max, steps, gamma } = capacity;
  return {
    source: `${SOURCE}; with a capacity, Burgess et al. 2018, Understanding disentangling in β-VAE, equation 8`,
    draws,
    schedules: { C: linearWarmup(steps, 0, max) },
    terms: (bound, { C }): Terms => ({
      reconstruction: reconstruction(bound, weightOf(reduction, bound)),
      // Told all the same where it is weighted by its distance from the capacity alone.
      kl: divergence(bound, 'reported'),
      capacity: {
        value: bound.kl.mean().sub(C!).abs(),
        weight: { symbol: 'γ', schedule: gamma },
        formula: `|${KL} - C_t|`,
        meaning: `C_t rises from 0 to ${max} nats over ${steps} steps`,
      },
    }),
  } satisfies ObjectiveDefinition;
}

/** β·Σ_j max(λ, KL_j), as β·KL and what its dimensions lack to λ. */
function withFreeBits({ beta, freeBits: lambda, reduction, draws }: Checked & { freeBits: number }) {
  return {
    source: `${SOURCE}; with free bits, Kingma et al. 2016, Improved Variational Inference with Inverse Autoregressive Flow, C.8`,
    draws,
    needs: ['klPerDimension'],
    terms(bound): Terms {
      const klPerDimension = bound.klPerDimension!.mean<tf.Tensor1D>(0);
      return {
        reconstruction: reconstruction(bound, weightOf(reduction, bound)),
        kl: { ...divergence(bound, beta), value: klPerDimension.sum() },
        freeBits: {
          value: klPerDimension.neg().add(lambda).relu().sum(),
          weight: { symbol: 'β', schedule: beta },
          formula: '\\sum_j \\max(0, \\lambda - \\mathrm{KL}_j)',
          meaning: `what the divergences of single dimensions, averaged over the batch, lack to λ = ${lambda}`,
        },
      };
    },
  } satisfies ObjectiveDefinition;
}

function weightOf(reduction: 'sum' | 'mean', { x }: Bound) {
  return reduction === 'mean' ? { symbol: '1/d', schedule: 1 / x.shape[1] } : undefined;
}

/** The same bound, with the divergence by the draws. */
function sampled(bound: Bound): Bound {
  return Object.create(bound, {
    kl: { get: () => bound.sampledKl },
    klIsExact: { value: false },
  }) as Bound;
}
