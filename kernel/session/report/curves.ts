import type { TrainingHistory } from '../../autoencoders/index';
import { MOST_POINTS, thinned, type TrainingCurves } from '../../sweeps/results';

/** A training as a run's results have it. */
export function curvesOf(history: TrainingHistory, index: number): TrainingCurves {
  const { title, unit, stepsPerEpoch, progress, settings, series, schedules } = history;
  const { state, step, totalSteps, epochs, before, secondsElapsed: seconds } = progress;
  return {
    ...{ index, model: settings?.model ?? title, title, unit, state, stepsPerEpoch, step, totalSteps, epochs },
    ...{ before: { ...before }, seconds },
    series: series.map((one) => ({ name: one.name, split: one.split, ...thinned(one, MOST_POINTS) })),
    schedules: schedules.map((one) => ({ name: one.name, ...thinned(one, MOST_POINTS) })),
  };
}
