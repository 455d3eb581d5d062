import { TrainingHistory } from '../logs/history';
import type { HistoryState } from '../logs/history';
import { settingsOf } from '../logs/settings';
import { announce } from './monitor';
import type { TrainingRun } from './monitor';
import type { CheckedFitOptions } from './options';
import { statedWeights } from './recorder';
import type { Trainable } from './trainable';
import type { TrainedOn } from './training';

let replayed = 0;

/**
 * A training that an earlier process has brought to its end: its model is what it was then, and monitors hear of it as if
 * it had just ended. Callbacks are not called again.
 */
export function endedBefore(
  model: Trainable,
  { source }: TrainedOn,
  options: CheckedFitOptions,
  state: HistoryState,
): TrainingHistory {
  const { progress } = state;
  const batchSize = source.batchSize ?? Math.min(options.batchSize, source.length);
  const resolved = { seed: options.seed ?? model.seed, batchSize, samples: source.length };
  const settings = JSON.parse(JSON.stringify(settingsOf(model, options, resolved))) as ReturnType<typeof settingsOf>;
  const stated = { settings, weights: statedWeights(model) };
  const title = source.name ? `${model.name}: ${source.name}` : model.name;
  const stepsPerEpoch = progress.totalSteps / progress.epochs;
  const place = { step: 0, epoch: 1, epochs: progress.epochs, before: progress.before };
  const history = new TrainingHistory(title, model.unit, stepsPerEpoch, place, stated);
  history.restore(state);
  history.notes.push('It had ended before this run was interrupted.');
  const run: TrainingRun = {
    id: `training-ended-${++replayed}`,
    model: model.name,
    history,
    cancel: () => {},
    save: (path) => model.save(path),
  };
  announce('started', run);
  announce('ended', run);
  return history;
}
