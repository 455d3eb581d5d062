/** The training that the same cell ran before, light enough to be saved with the one that is shown. */
import { encodedStretches } from './encodedTails';
import { lastTrainingValue } from './epochs';
import type { LossHistory } from './lossCurves';
import { plainStretchesOf } from './smoothing';
import type { LastRun } from './types';

/** Characters of JSON that it takes at most, … */
const BUDGET = 56_000;
/** … a curve needs so many beside its stretches, … */
const HEAD = 320;
/** … and a stretch of three numbers of four bytes, in base64, so many. */
const STRETCH = 16;
const MOST = 400;
const FEWEST = 20;

/** What is kept of a training once its cell runs again; undefined if it took no two steps. */
export function lastRunOf(history: LossHistory): Omit<LastRun, 'note'> | undefined {
  const { unit, progress, final } = history;
  const measured = history.series.filter(({ values }) => values.length > 0);
  if (!measured.some(({ steps }) => steps.length > 1)) return undefined;
  // The total and the terms first; of hundreds of terms the last are left out.
  const order = [...measured].sort((a, b) => rank(a) - rank(b));
  const kept = order.slice(0, Math.floor(BUDGET / (HEAD + STRETCH * FEWEST)));
  const most = Math.min(MOST, Math.floor((BUDGET / kept.length - HEAD) / STRETCH));
  return {
    unit,
    state: progress.state,
    stepsBefore: progress.before?.steps ?? 0,
    series: kept.map(({ name, split, steps, values }) => {
      const end =
        split === 'train' ? (final?.train[name] ?? lastTrainingValue({}, steps, values, history)) : values.at(-1)!;
      const stretches = encodedStretches(plainStretchesOf(steps, values, most));
      return { name, split, ...stretches, last: Number.isFinite(end) ? end : null };
    }),
  };
}

function rank({ name, split }: LossHistory['series'][number]): number {
  return Number(name !== 'total') + 2 * Number(split === 'validation');
}
