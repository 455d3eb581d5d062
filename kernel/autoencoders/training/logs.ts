import { JsonLinesLog } from './jsonLinesLog';
import type { CheckedFitOptions } from './options';
import type { TrainingLog } from './records';
import { TensorBoardLog } from './tensorboardLog';
import type { Trainable } from './trainable';

/** The logs that the options ask for. */
export async function openLogs(
  model: Trainable,
  options: CheckedFitOptions,
  resolved: { seed: number; batchSize: number; samples: number },
): Promise<TrainingLog[]> {
  const { epochs, learningRate, earlyStopping, log, tensorboard } = options;
  const { kind, name, unit, config, position } = model;
  const logs: TrainingLog[] = [];
  if (log !== undefined) {
    const place = { step: position.step, epoch: position.epoch };
    const stated = { epochs, learningRate, earlyStopping, ...resolved };
    logs.push(await JsonLinesLog.open(log, { model: kind, name, unit, config, options: stated, ...place }));
  }
  if (tensorboard !== undefined) logs.push(await TensorBoardLog.open(tensorboard, position.step));
  return logs;
}
