import { z } from 'zod';
import { checkedConfig, ConfigurationError } from '../../config';
import { augmentationsOf } from '../batches/augmentation/augmentation';
import type { Augment, Augmentation } from '../batches/augmentation/augmentation';
import type { TrainingData } from '../batches/batches';
import type { TrainingCallbacks } from './callbacks';
import { checkpointSchema } from '../checkpoints/savepoints';
import type { CheckpointOptions } from '../checkpoints/savepoints';
import { scheduleSchema } from '../schedules/schedules';
import type { Schedule } from '../schedules/schedules';
import { earlyStoppingSchema } from './stopping';
import type { EarlyStopping } from './stopping';

/** How a model is trained: epochs, batches, the optimizer, validation, checkpoints, logs. */
export interface FitOptions {
  /** Passes over the data; they add to those of earlier trainings. */
  epochs: number;
  /** Samples of one batch; the last of an epoch takes what is left. Default 128. */
  batchSize?: number;
  /**
   * Batches whose mean gradient makes one update, where a larger batch would not fit into memory: for a loss that is a
   * mean over samples, the update by all of them at once. Terms that compare the samples of a batch with each other see
   * those of one batch. Everything counts updates: steps, schedules, history. Default 1.
   */
  accumulate?: number;
  /** The step size of the model's optimizer: a number, or a schedule over all steps of the model. Default 0.001. */
  learningRate?: Schedule;
  /**
   * Changes each batch before its step: `flip()`, `crop({ pad })`, `shift({ pixels })`, `noise({ sigma })`, a named
   * function `(batch, random) => batch`, or a list of these, in order. Validation data do not change.
   */
  augment?: Augment;
  /** Held-out data, scored at the end of every epoch. */
  validation?: TrainingData;
  /** Whose loss validation is: the weights' as they are trained, or their averages' (`averageWeights`). Default `trained`. */
  validationWeights?: 'trained' | 'averaged';
  /** The seed of the order of samples and of the noise. Default: the model's own seed. */
  seed?: number;
  /** Once aborted, `fit` rejects with its reason after the step under way; the model stays usable. */
  signal?: AbortSignal;
  /** Samples of a stream that are held in memory, from which batches are drawn. Default 10,000. */
  shuffleBuffer?: number;
  /** Functions that are called as training continues, and may stop it. */
  callbacks?: TrainingCallbacks;
  /** Ends the training when results on the validation data have not improved for a while, after the warm-up. */
  earlyStopping?: EarlyStopping;
  /** Saves the model from time to time and at the end, also when training is stopped or fails. */
  checkpoint?: CheckpointOptions;
  /** A file to which every step and epoch is appended as a line of JSON. */
  log?: string;
  /** A folder for an event file of TensorBoard. */
  tensorboard?: string;
}

export interface CheckedFitOptions extends FitOptions {
  batchSize: number;
  accumulate: number;
  validationWeights: 'trained' | 'averaged';
  learningRate: Schedule;
  shuffleBuffer: number;
  augment: readonly Augmentation[];
}

const hook = z.custom<never>((given) => typeof given === 'function', { error: 'expected a function' }).optional();

const schema = z.strictObject({
  epochs: z.int().min(1),
  batchSize: z.int().min(1).default(128),
  accumulate: z.int().min(1).default(1),
  learningRate: scheduleSchema().default(1e-3),
  augment: z.custom<Augment>().optional(),
  validation: z.custom<TrainingData>().optional(),
  validationWeights: z.enum(['trained', 'averaged']).default('trained'),
  seed: z.int().optional(),
  signal: z.instanceof(AbortSignal, { error: 'expected an AbortSignal' }).optional(),
  shuffleBuffer: z.int().min(1).default(10_000),
  callbacks: z.strictObject({ started: hook, stepEnded: hook, epochEnded: hook, ended: hook }).optional(),
  earlyStopping: earlyStoppingSchema.optional(),
  checkpoint: checkpointSchema.optional(),
  log: z.string().min(1).optional(),
  tensorboard: z.string().min(1).optional(),
});

/** @throws {ConfigurationError} naming what is wrong, what was found and what is allowed */
export function checkedFitOptions(options: FitOptions): CheckedFitOptions {
  const given = checkedConfig('fit', schema, options);
  const checked = { ...given, augment: augmentationsOf(given.augment) };
  if (checked.earlyStopping && checked.validation === undefined) {
    throw new ConfigurationError('fit', [
      '"earlyStopping" needs data that the model does not train on; pass "validation" too, for example one part of data.split(count)',
    ]);
  }
  // The callbacks stay as they were given, so that methods of an object keep it.
  return options.callbacks ? { ...checked, callbacks: options.callbacks } : checked;
}
