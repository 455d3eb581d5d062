import { z } from 'zod';
import { checkedConfig } from '../config';
import type { SampleInput } from '../samples';
import { scheduleSchema } from './schedules';
import type { Schedule } from './schedules';

export interface FitOptions {
  /** Passes over the data; they come on top of those of earlier trainings. */
  epochs: number;
  /** Samples of one step; the last step of an epoch takes what is left. Default 128. */
  batchSize?: number;
  /** Adam's step size, a number or a schedule. Default 0.001. */
  learningRate?: Schedule;
  /** Held-out data, scored at the end of every epoch. */
  validation?: SampleInput;
  /** Of the order of samples and of the noise; the model's own seed unless told. */
  seed?: number;
  /** Once aborted, `fit` rejects with its reason after the step under way; the model stays usable. */
  signal?: AbortSignal;
}

export interface CheckedFitOptions extends FitOptions {
  batchSize: number;
  learningRate: Schedule;
}

const schema = z.strictObject({
  epochs: z.int().min(1),
  batchSize: z.int().min(1).default(128),
  learningRate: scheduleSchema().default(1e-3),
  validation: z.custom<SampleInput>().optional(),
  seed: z.int().optional(),
  signal: z.instanceof(AbortSignal, { error: 'expected an AbortSignal' }).optional(),
});

export function checkedFitOptions(options: FitOptions): CheckedFitOptions {
  return checkedConfig('fit', schema, options);
}
