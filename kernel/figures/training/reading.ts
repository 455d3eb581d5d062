/** What a term's panel says of it: the value at the cursor, or the last one. */
import type { SmoothedCurve } from '../../views/smoothing';
import { epochOf } from '../../views/progress';
import { count, measured as written, quantity } from '../../views/wording';
import { indexAt } from './curves';
import type { Curve, LossData, Term } from './curves';

/** The training value that a reading shows: at a step smoothed as drawn, else the mean over the last epoch. */
export interface Reading {
  step: number | null;
  /** The weight of the moving average; 0: the measured values are shown. */
  weight: number;
  smoothed: (term: Term) => SmoothedCurve | undefined;
}

/** `243.1 smoothed · val. 245.0` at a step; `243.4 last epoch · val. 245.0` without one. */
export function readingText(term: Term, { step, weight, smoothed }: Reading): string {
  const parts: string[] = [];
  const { train, validation } = term;
  if (step === null && train && train.steps.length > 0) parts.push(`${written(train.last)} last epoch`);
  if (step !== null && indexAt(train, step) >= 0) {
    parts.push(
      weight > 0 ? `${written(drawnAt(smoothed(term)!, step).value)} smoothed` : written(measuredAt(train, step)),
    );
  }
  const validationIndex = indexAt(validation, step ?? Infinity);
  if (validationIndex >= 0) parts.push(`val. ${written(validation!.values[validationIndex]!)}`);
  return parts.join(' · ');
}

/** `243.1 smoothed (moving average of weight 0.9; measured at step 930: 248.7) · validation 245.0` */
export function readingTitle(term: Term, reading: Reading): string {
  const { step, weight } = reading;
  const text = readingText(term, reading).replace('val. ', 'validation ');
  if (step === null) return text.replace(' last epoch', ' in the last epoch (mean)');
  const index = indexAt(term.train, step);
  if (weight === 0 || index < 0) return text;
  const measured = `measured at step ${count(term.train!.steps[index]!)}: ${written(measuredAt(term.train, step))}`;
  return text.replace(' smoothed', ` smoothed (moving average of weight ${weight}; ${measured})`);
}

function measuredAt(curve: Curve | undefined, step: number): number {
  return curve?.values[indexAt(curve, step)] ?? NaN;
}

/** The point of a smoothed curve at a step; the first one where the step lies before. */
export function drawnAt(smoothed: SmoothedCurve, step: number): { step: number; value: number } {
  const index = Math.max(0, indexAt(smoothed, step));
  return { step: smoothed.steps[index] ?? NaN, value: smoothed.values[index] ?? NaN };
}

/** `step 210 · epoch 3 · β 0.4`; without a cursor `β 1`: how far the training has come stands above. */
export function whereText(data: LossData, step: number | null): string {
  const at = step ?? data.lastStep;
  if (at === 0) return data.progress.state === 'running' ? 'no step yet' : 'no step was taken';
  const schedules = data.schedules.map((schedule) => {
    const index = indexAt(schedule, at);
    return index < 0 ? [] : [`${schedule.name} ${quantity(schedule.values[index]!)}`];
  });
  if (step === null) return schedules.flat().join(' · ');
  const epoch = epochOf(at, data.stepsPerEpoch, data.progress);
  return [`step ${count(at)}`, `epoch ${count(epoch)}`, ...schedules.flat()].join(' · ');
}

/** What can stand beside the name of a panel, the longest first: the first that fits does. */
export function readingsOf({ reading, short = reading }: { reading: string; short?: string }): string[] {
  return [reading, short, short.split(' · ')[0]!];
}
