/** How far a training is, as every view counts it: by the steps and epochs of its model. */
import type { LossCurvesView, TrainingProgress } from './types';
import { count, counted, duration } from './wording';

/** How the summary of a training without a step ends. */
export const NO_STEP_YET = 'no step has been taken yet.';
export const NO_STEP = 'no step was taken.';

/** Counts of the model, those before this training included. */
export interface Place {
  step: number;
  totalSteps: number;
  epoch: number;
  epochs: number;
}

export function placeOf({ step, totalSteps, epoch, epochs, before }: TrainingProgress): Place {
  const { steps: stepsBefore, epochs: epochsBefore } = before ?? { steps: 0, epochs: 0 };
  return {
    step: stepsBefore + step,
    totalSteps: stepsBefore + totalSteps,
    epoch: epochsBefore + epoch,
    epochs: epochsBefore + epochs,
  };
}

/** The epoch, counted from 1, that a step of the model belongs to. */
export function epochOf(step: number, stepsPerEpoch: number, { before }: TrainingProgress): number {
  const { steps, epochs } = before ?? { steps: 0, epochs: 0 };
  return epochs + Math.max(1, Math.ceil((step - steps) / Math.max(1, stepsPerEpoch)));
}

/** `20 epochs`, of a training that continues `epochs 11 to 20`: those that are done. */
export function epochsDone({ step, totalSteps, epochs, before }: TrainingProgress): string {
  const done = Math.round((epochs * step) / Math.max(1, totalSteps));
  const first = (before?.epochs ?? 0) + 1;
  if (first === 1 || done === 0) return counted(done, 'epoch');
  return done === 1 ? `epoch ${count(first)}` : `epochs ${count(first)} to ${count(first + done - 1)}`;
}

/** `epoch 3/20 · step 210/1,400 · 41 s left`; of a training that ended, how and when. */
export function progressText(progress: TrainingProgress): string {
  const { state, step, secondsElapsed, secondsLeft } = progress;
  const took = secondsElapsed === undefined ? '' : ` · ${duration(secondsElapsed)}`;
  switch (state) {
    case 'running':
      return `${positionText(progress)}${secondsLeft === undefined ? '' : ` · ${duration(secondsLeft)} left`}`;
    case 'done':
      return `${epochsDone(progress)} · ${counted(step, 'step')}${took}`;
    case 'stopped':
      return `stopped when its kernel ended · ${positionText(progress)}${took}`;
    case 'cancelled':
      return `cancelled · ${positionText(progress)}${took}`;
    case 'failed':
      return `failed · ${positionText(progress)}${took}`;
  }
}

function positionText(progress: TrainingProgress): string {
  const { epoch, epochs, step, totalSteps } = placeOf(progress);
  return `epoch ${count(epoch)}/${count(epochs)} · step ${count(step)}/${count(totalSteps)}`;
}

/** A phrase for a sentence: `running, epoch 3 of 20`. */
export function progressPhrase(progress: TrainingProgress): string {
  const { step, totalSteps, epoch, epochs } = placeOf(progress);
  const where = `epoch ${count(epoch)} of ${count(epochs)}`;
  switch (progress.state) {
    case 'done':
      return epochsDone(progress);
    case 'running':
      return `running, ${where}`;
    case 'stopped':
      return `stopped in ${where} at step ${count(step)} of ${count(totalSteps)}, when its kernel ended`;
    case 'cancelled':
    case 'failed':
      return `${progress.state} in ${where}`;
  }
}

/** A training that was under way when its kernel ended, as it was seen last. */
export function stopped(view: LossCurvesView): LossCurvesView {
  const ended: TrainingProgress = { ...view.progress, state: 'stopped' };
  delete ended.secondsLeft;
  const summary = view.summary
    .replace(progressPhrase(view.progress), progressPhrase(ended))
    .replace(NO_STEP_YET, NO_STEP);
  return { ...view, progress: ended, summary };
}

/**
 * The steps that an axis shows: from where the curves begin, which of a training that continues is not the model's
 * first step, to the last step, or, while it runs, to an eighth, a quarter, a half or the whole of it, so that the
 * scale changes three times and not with every frame.
 *
 * @param first and last: of all curves; undefined before there is any step
 */
export function stepRange(progress: TrainingProgress, first?: number, last?: number): [number, number] {
  const began = progress.before?.steps ?? 0;
  const end = began + progress.totalSteps;
  const reached = last ?? began;
  // The first point of a curve that was merged or thinned stands for the steps before it too.
  const start = first === undefined || first - 1 - began < 0.02 * (reached - began) ? began : first - 1;
  if (progress.state !== 'running') return [start, Math.max(start + 1, reached)];
  const parts = [1 / 8, 1 / 4, 1 / 2, 1].map((part) => start + part * (end - start));
  return [start, Math.max(start + 1, parts.find((part) => part >= reached) ?? reached)];
}
