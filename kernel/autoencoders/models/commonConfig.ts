/** Configuration fields that models share. */
import { z } from 'zod';
import { optimizerSchema } from '../../engine/index';
import type { OptimizerConfig, OptimizerName, OptimizerOptions } from '../../engine/index';
import { ACTIVATIONS, INITIALIZERS } from '../networks/layers/layers';
import type { Activation, Initializer } from '../networks/layers/layers';
import { defaultSeed } from '../random';
import { scheduleSchema } from '../training/schedules/schedules';
import { featureNames, shapeFrom, shapeText } from '../samples';
import type { ImageShape, SampleShape, ShapeInput } from '../samples';

/** The fields that every model has. */
export interface CommonConfig {
  /** Shape of one sample: `data.shape`, [h, w, c] for images, [t, d] for sequences, [d] or d for that many features. */
  input: ShapeInput;
  /** The seed of the first weights, and of trainings and scores that are given none. */
  seed?: number;
  /**
   * The rule of the training steps: a name, or a name and hyperparameters, groups of parameters that differ from the
   * others, and whether an average of the weights is kept; docs/training.md lists them. Default `adam`.
   */
  optimizer?: OptimizerName | OptimizerOptions;
}

/** The fields that models of multilayer perceptrons have. */
export interface DenseConfig extends CommonConfig {
  /** Widths of the encoder's hidden layers; the decoder has them in reverse. Default [400, 200]. */
  hidden?: readonly number[];
  /** The activation of the hidden layers. Default `relu`. */
  activation?: Activation;
  /** How kernels start. Default `default`: He's variance before rectifiers, Glorot's elsewhere. */
  initializer?: Initializer;
}

/** The fields that convolutional models have. */
export interface ImageConfig extends CommonConfig {
  /** Shape of one image: `data.shape`, or [h, w, c]. */
  input: SampleShape | readonly number[];
}

/** {@link CommonConfig} after its check. */
export interface CheckedCommonConfig {
  input: SampleShape;
  seed: number;
  optimizer: OptimizerConfig;
}

const size = z.int().min(1);

const shape = z.union(
  [
    size.transform((width): SampleShape => ({ kind: 'vector', features: featureNames(width) })),
    z
      .array(size)
      .min(1)
      .max(3)
      .transform((sizes) => shapeFrom(sizes)!),
    z.strictObject({ kind: z.literal('image'), height: size, width: size, channels: size }),
    z.strictObject({ kind: z.literal('vector'), features: z.array(z.string()).min(1).readonly() }),
    z.strictObject({ kind: z.literal('sequence'), steps: size, features: z.array(z.string()).min(1).readonly() }),
  ],
  {
    error:
      'expected a number of features ≥ 1, [features], [steps, features], [height, width, channels] or the shape of a data set (data.shape)',
  },
);

const imageShape = shape.transform((given, context): ImageShape => {
  if (given.kind === 'image') return given;
  const message = `expected the shape of images, found ${shapeText(given)}; convolutions need rows and columns`;
  context.issues.push({ code: 'custom', input: given, message });
  return z.NEVER;
});

/** The engine knows no schedules: a group's learning rate is checked here. */
const optimizer = optimizerSchema.prefault('adam').superRefine(({ groups = [] }, context) => {
  groups.forEach(({ learningRate }, i) => {
    if (learningRate === undefined) return;
    const issues = groupRate.safeParse(learningRate).error?.issues ?? [];
    for (const { message } of issues) {
      context.addIssue({ code: 'custom', path: ['groups', i, 'learningRate'], message });
    }
  });
});
const groupRate = scheduleSchema();

const training = { seed: z.int().default(defaultSeed), optimizer };

/** The fields of any model: the shape of a sample, seed and optimizer. */
export const commonFields = { input: shape, ...training };

/** The same of a configuration with other fields too. */
export const commonSchema = z.object(commonFields);

export const denseFields = {
  input: shape,
  hidden: z.array(size).readonly().default([400, 200]),
  activation: z.enum(ACTIVATIONS).default('relu'),
  initializer: z.enum(INITIALIZERS).default('default'),
  ...training,
};

export const imageFields = { input: imageShape, ...training };

/** Adds an issue for images that this many layers of stride 2 would shrink below one pixel. */
export function tooSmall(input: ImageShape, layers: number, context: z.RefinementCtx): void {
  const least = 2 ** layers;
  if (Math.min(input.height, input.width) >= least) return;
  const message = `expected at least ${least} × ${least} pixels for ${layers} layers of stride 2`;
  context.addIssue({ code: 'custom', path: ['input'], message });
}
