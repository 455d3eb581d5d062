/** What hierarchical VAEs are configured by. */
import { z } from 'zod';
import { conditioningFields } from '../../conditioning/fields';
import type { ConditioningConfig } from '../../conditioning/fields';
import { likelihoodFields, sigmaNeedsGaussian } from '../../likelihoods/fields';
import type { LikelihoodConfig } from '../../likelihoods/fields';
import { networkField } from '../../networks/networkField';
import type { NetworkLike } from '../../networks/networkField';
import { scheduleSchema } from '../../training/schedules/schedules';
import type { Schedule } from '../../training/schedules/schedules';
import { denseFields } from '../commonConfig';
import type { DenseConfig } from '../commonConfig';
import { inferenceSchema } from './inference';
import type { InferencePart } from './inference';

/** The fields that all of them have. */
export interface ChainConfig extends DenseConfig, LikelihoodConfig, ConditioningConfig {
  /** k_1 … k_T, the dimensions of z_1, which the data are decoded from, up to z_T. */
  latents: readonly number[];
  /** Widths of the hidden layers of each network between z_t and z_{t+1}. Default [64]. */
  levelHidden?: readonly number[];
  /** From x to what the lowest level is inferred from. Default: a multilayer perceptron of `hidden`. */
  encoder?: NetworkLike;
  /** From z_1 to x. Default: a multilayer perceptron of `hidden` in reverse. */
  decoder?: NetworkLike;
  /** β, the weight of every divergence: a number or a schedule. Default 1, where the loss is minus the bound. */
  beta?: Schedule;
}

/** What {@link HierarchicalVAE} is made of. */
export interface HierarchicalVAEConfig extends ChainConfig {
  /** How the latents come from x: `bottomUp`, the default; `topDown`; or a part. */
  inference?: InferencePart | { name: string } | string;
}

export const chainFields = {
  ...denseFields,
  ...likelihoodFields,
  ...conditioningFields,
  latents: z.array(z.int().min(1)).min(1).readonly(),
  levelHidden: z.array(z.int().min(1)).readonly().default([64]),
  encoder: networkField.optional(),
  decoder: networkField.optional(),
  beta: scheduleSchema().default(1),
};

export type CheckedChainConfig = z.output<z.ZodObject<typeof chainFields>>;

export const hierarchicalSchema = z
  .strictObject({ ...chainFields, inference: z.preprocess((given) => given ?? 'bottomUp', inferenceSchema()) })
  .superRefine(sigmaNeedsGaussian);
