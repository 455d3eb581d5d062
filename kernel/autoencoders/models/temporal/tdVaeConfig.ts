import { z } from 'zod';
import { conditioningFields } from '../../conditioning/fields';
import type { ConditioningConfig } from '../../conditioning/fields';
import { widthOf } from '../../samples';
import type { SampleShape } from '../../samples';
import { networkField } from '../../networks/networkField';
import type { NetworkLike } from '../../networks/networkField';
import { denseFields } from '../commonConfig';
import type { DenseConfig } from '../commonConfig';
import { sigmaNeedsGaussian } from '../../likelihoods/fields';
import { likelihoodFields } from '../../likelihoods/fields';
import type { LikelihoodConfig } from '../../likelihoods/fields';

/** What {@link TDVAE} is made of. */
export interface TDVAEConfig extends DenseConfig, LikelihoodConfig, ConditioningConfig {
  /** T, the number of frames in each sample, one after the other. In an image, each frame is below the one before. */
  frames: number;
  /** Widths of the hidden layers between a frame and what the belief sees; the decoder has them in reverse. Default [200]. */
  hidden?: readonly number[];
  /** Width of the belief state. Default 50. */
  belief?: number;
  /** k, of each layer of a state. Default 8. */
  latent?: number;
  /** L, layers of a state. Default 2. */
  layers?: number;
  /** The shortest and the longest jump t₂ − t₁. Default [1, 4]. */
  jumps?: [number, number];
  /**
   * Whether the transition takes the length of its jump. Without it, as in the paper, a step of a roll-out goes as far as one
   * of the jumps of the training, by chance. Default false.
   */
  conditionOnJump?: boolean;
  /** From a frame to what the belief is given of it. Default: a multilayer perceptron of `hidden`. */
  encoder?: NetworkLike;
  /** From a state to a frame. Default: a multilayer perceptron of `hidden` in reverse. */
  decoder?: NetworkLike;
  /** Width of the gated layers of all densities of states. Default 50. */
  gates?: number;
}

const positive = z.int().min(1);

export const tdVaeSchema = z
  .strictObject({
    ...denseFields,
    ...likelihoodFields,
    ...conditioningFields,
    hidden: z.array(positive).readonly().default([200]),
    frames: z.int().min(2),
    belief: positive.default(50),
    latent: positive.default(8),
    layers: positive.default(2),
    jumps: z.tuple([positive, positive]).default([1, 4]),
    conditionOnJump: z.boolean().default(false),
    gates: positive.default(50),
    encoder: networkField.optional(),
    decoder: networkField.optional(),
  })
  .superRefine(sigmaNeedsGaussian)
  .superRefine(({ input, frames, jumps: [shortest, longest] }, context) => {
    const complain = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    const parts = input.kind === 'image' ? input.height : widthOf(input);
    if (parts % frames !== 0) complain('frames', `expected a divisor of ${parts}, so that every frame is as large`);
    if (shortest > longest) complain('jumps', 'expected [shortest, longest]');
    if (longest > frames) complain('jumps', `expected jumps of at most ${frames}, the number of frames`);
  });

/** The shape of one frame: of images a band of rows, of other samples a part of their values. */
export function frameShapeOf(input: SampleShape, frames: number): readonly number[] {
  if (input.kind === 'image') return [input.height / frames, input.width, input.channels];
  return [widthOf(input) / frames];
}

export type CheckedTDVAEConfig = z.output<typeof tdVaeSchema>;
