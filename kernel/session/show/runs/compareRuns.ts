/** Trainings beside each other. */
import { randomUUID } from 'node:crypto';
import { object, takes, type Kind } from '../../../autoencoders/arguments';
import { compare as compareNumbers, type TrainingHistory } from '../../../autoencoders/index';
import type { CompareOptions, Comparison, Estimate } from '../../../autoencoders/index';
import * as views from '../../../views/index';
import { MIME } from '../../../views/index';
import { currentSession } from '../../current';
import { JUPYTER_DISPLAY } from '../display';
import { LiveComparison } from './liveComparison';
import { viewOf, type View } from '../modelViews';
import { compareSweep, type SweepOptions } from '../sweeps/compareSweep';
import { settingsDifferences } from './settingsDifferences';

/** A training, or several of one setting that differ in their seeds. */
export type Runs = TrainingHistory | readonly TrainingHistory[];

/**
 * Draws trainings in one figure: each term in a panel, aligned by step, epoch or time, and their differences. Several
 * trainings with the same setting become their mean and a band of one standard deviation. The figure follows running
 * trainings until they end.
 *
 * ```ts
 * compare([a, b])
 * compare({ 'β = 1': [a1, a2, a3], 'β = 4': [b1, b2, b3] })
 * ```
 *
 * @param runs what `fit` returned, in a list or in an object with a name for each; a list inside is one setting with
 *   several seeds
 */
export function compare(
  runs: readonly Runs[] | Readonly<Record<string, Runs>>,
  options?: { title?: string },
): View<views.ComparisonView>;
/**
 * Shows the runs of a sweep in one view: a table, parallel coordinates, curves with their spread over seeds, a metric
 * against a parameter, the Pareto front of two metrics, and reconstructions by the best models. It follows a running
 * sweep.
 *
 * ```ts
 * compare('beta.sweep')
 * compare('beta.sweep', { metric: 'mig', data: heldOut })
 * ```
 *
 * @param folder the folder that `npm run sweep` writes
 * @throws SweepFolderError (rejects) if the folder contains no sweep, RangeError for a metric that no run has
 */
export function compare(folder: string, options?: SweepOptions): Promise<View<views.SweepView>>;
/** Holds the left side against the right one; NaN on either side agrees with nothing. */
export function compare(left: number | Estimate, right: number | Estimate, options?: CompareOptions): Comparison;
export function compare(
  first: string | number | Estimate | readonly Runs[] | Readonly<Record<string, Runs>>,
  second?: number | Estimate | { title?: string } | SweepOptions,
  options?: CompareOptions,
): View<views.ComparisonView> | Promise<View<views.SweepView>> | Comparison {
  if (typeof first === 'string') return compareSweep(first, second as SweepOptions);
  if (typeof first === 'number' || isEstimate(first)) {
    return compareNumbers(first, second as number | Estimate, options);
  }
  takes('compare', ['runs', first, runsOf], ['options', second ?? {}, object()]);
  const { title } = (second ?? {}) as { title?: string };
  const groups = groupsOf(first);
  const notes = differencesNotes(groups.map(({ runs }) => runs[0]!));
  const input = { id: randomUUID(), groups, notes, ...(title !== undefined && { title }) };
  const isLive = groups.some(({ runs }) => runs.some(({ progress }) => progress.state === 'running'));
  if (!isLive) return viewOf(MIME.comparison, views.comparison(input));
  const live = new LiveComparison(currentSession().views, input);
  return {
    get view() {
      return live.view;
    },
    [JUPYTER_DISPLAY]: () => views.bundle(MIME.comparison, live.view),
  };
}

/** The runs of one setting differ in their seeds; the first of each tells. */
function differencesNotes(firsts: readonly TrainingHistory[]): string[] {
  const differences = settingsDifferences(firsts);
  if (firsts.length < 2 || differences === undefined) return [];
  return [differences === '' ? 'Their settings are the same.' : `Settings that differ: ${differences}.`];
}

const isEstimate = (value: unknown): value is Estimate =>
  typeof value === 'object' && value !== null && 'value' in value && 'standardError' in value;

function groupsOf(runs: readonly Runs[] | Readonly<Record<string, Runs>>) {
  if (!Array.isArray(runs)) {
    return Object.entries(runs as Record<string, Runs>).map(([name, ones]) => ({ name, runs: [ones].flat() }));
  }
  const groups = (runs as readonly Runs[]).map((ones) => [ones].flat() as TrainingHistory[]);
  const titles = groups.map(([one]) => one!.title);
  return groups.map((ones, i) => {
    const isOnly = titles.filter((title) => title === titles[i]).length === 1;
    return { name: isOnly ? titles[i]! : `${titles[i]!}, ${i + 1}`, runs: ones };
  });
}

const runsOf: Kind = (value) => {
  const expected = 'a list of what fit returned, an object with a name for each, or the folder of a sweep';
  const groups = typeof value === 'object' && value !== null ? Object.entries(value as object) : [];
  if (groups.length === 0) return expected;
  const isGroup = (group: unknown) => [group].flat().length > 0 && [group].flat().every(isHistory);
  const other = groups.find(([, group]) => !isGroup(group));
  return other && `${expected} (at ${other[0]} is something else)`;
};

function isHistory(value: unknown): value is TrainingHistory {
  const { title, unit, series, progress } = (value ?? {}) as Partial<TrainingHistory>;
  return typeof title === 'string' && typeof unit === 'string' && Array.isArray(series) && typeof progress === 'object';
}
