/** The settings of a training, as plain data: logs begin with them, and comparisons of trainings compare them. */
import type { CheckedFitOptions } from '../loop/options';
import type { Trainable } from '../loop/trainable';
import type { TrainingSettings } from './history';

/** What `fit` makes of options that may be left out. */
export interface ResolvedOptions {
  seed: number;
  batchSize: number;
  samples: number;
}

export function settingsOf(
  { kind, config }: Pick<Trainable, 'kind' | 'config'>,
  { epochs, accumulate, learningRate, augment, earlyStopping }: CheckedFitOptions,
  resolved: ResolvedOptions,
): TrainingSettings {
  const augmented = augment.length > 0 && { augment: augment.map((one) => ({ name: one.name, ...one.options })) };
  const accumulated = accumulate > 1 && { accumulate };
  const options = { epochs, learningRate, ...augmented, earlyStopping, ...accumulated, ...resolved };
  return { model: kind, config, options };
}
