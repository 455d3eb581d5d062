/** What the first stages of latent diffusion are configured by. */
import { z } from 'zod';
import { imageFields } from '../commonConfig';
import type { CheckedCommonConfig, ImageConfig } from '../commonConfig';

/** The fields that both first stages of latent diffusion have. */
export interface FirstStageConfig extends ImageConfig {
  /** c, numbers at each position of the latent map. Default 4. */
  latentChannels?: number;
  /** Channels of the maps at each level; height and width halve from one level to the next. Default [32, 64]. */
  channels?: number[];
  /** Residual blocks at each level. Default 1. */
  blocks?: number;
  /** Whether the positions of the smallest maps attend to each other. Default true. */
  attention?: boolean;
  /**
   * w, the weight of the perceptual distance beside the absolute error of a pixel; used where a probe is given.
   * Default 1.
   */
  perceptualWeight?: number;
  /** ω, the factor in λ that multiplies the ratio of gradients. Default 0.5. */
  discriminatorWeight?: number;
  /** Updates before the discriminator and its loss set in; 50,001 in the paper's trainings. Default 1,000. */
  discriminatorStart?: number;
  /** Channels of the discriminator's 4 × 4 convolutions of stride 2. Default [32, 64]. */
  discriminatorChannels?: number[];
  /**
   * Channels of the probe that perceptual distances are taken in: set by the constructor from the probe. Without one, as
   * when a checkpoint is loaded, its weights are first ones, which the checkpoint's then replace.
   */
  probeChannels?: number[] | null;
}

const size = z.int().min(1);

export const firstStageFields = {
  ...imageFields,
  latentChannels: size.default(4),
  channels: z.array(size).min(1).default([32, 64]),
  blocks: size.default(1),
  attention: z.boolean().default(true),
  perceptualWeight: z.number().min(0).default(1),
  discriminatorWeight: z.number().min(0).default(0.5),
  discriminatorStart: z.int().min(0).default(1000),
  discriminatorChannels: z.array(size).min(1).default([32, 64]),
  probeChannels: z.array(size).min(1).nullable().default(null),
};

type Image = z.output<(typeof imageFields)['input']>;
export type CheckedFirstStageConfig = CheckedCommonConfig & {
  [Field in Exclude<keyof FirstStageConfig, 'input' | 'seed' | 'optimizer' | 'probeChannels'>]-?: NonNullable<
    FirstStageConfig[Field]
  >;
} & { input: Image; probeChannels: number[] | null };
