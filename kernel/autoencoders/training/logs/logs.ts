import { FileError, reasonOf } from '../../../files/fileError';
import { LockError } from '../../../files/lock';
import { ConfigurationError } from '../../config';
import { JsonLinesLog } from './jsonLinesLog';
import type { CheckedFitOptions } from '../loop/options';
import type { TrainingLog } from './records';
import { settingsOf, type ResolvedOptions } from './settings';
import { TensorBoardLog } from './tensorboardLog';
import type { Trainable } from '../loop/trainable';

/** The logs that the options ask for. */
export async function openLogs(
  model: Trainable,
  options: CheckedFitOptions,
  resolved: ResolvedOptions,
): Promise<TrainingLog[]> {
  const { log, tensorboard } = options;
  const { name, unit, position } = model;
  const logs: TrainingLog[] = [];
  if (log !== undefined) {
    const place = { step: position.step, epoch: position.epoch };
    const { model: kind, config, options: stated } = settingsOf(model, options, resolved);
    const header = { model: kind, name, unit, config, options: stated, ...place };
    logs.push(await opened('log', log, 'a file in a folder that exists', () => JsonLinesLog.open(log, header)));
  }
  if (tensorboard !== undefined) {
    const open = () => TensorBoardLog.open(tensorboard, position.step);
    try {
      logs.push(await opened('tensorboard', tensorboard, 'a folder, which may be new', open));
    } catch (error) {
      await closeLogs(logs, 'failed');
      throw error;
    }
  }
  return logs;
}

/** @throws {ConfigurationError} when the path cannot be written to */
async function opened<Log>(option: string, path: string, expected: string, open: () => Promise<Log>): Promise<Log> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof LockError) throw new ConfigurationError('fit', [`"${option}" is ${path}: ${error.message}`]);
    if (!(error instanceof FileError)) throw error;
    throw new ConfigurationError('fit', [
      `"${option}" is ${path}, which cannot be written: ${reasonOf(error)}; give ${expected}`,
    ]);
  }
}

/** Closes all of them, whatever happens to one. @throws what happened first */
export async function closeLogs(logs: readonly TrainingLog[], state: 'done' | 'cancelled' | 'failed'): Promise<void> {
  const ends = await Promise.allSettled(logs.map((log) => log.close(state)));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
}
