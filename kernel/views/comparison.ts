import { encodedStretches, stretchTails } from './encodedTails';
import { meanOfLastEpoch } from './epochs';
import type { LossHistory } from './lossCurves';
import { plainStretchesOf, type PlainStretches } from './smoothing';
import { VIEW_VERSION } from './types';
import type { ComparedRun, ComparedRunChange, ComparedSeries, ComparisonChange, ComparisonView } from './types';
import { counted, quantity } from './wording';

export interface ComparisonInput {
  id: string;
  title?: string;
  /** Runs of one group are one setting with several seeds. */
  groups: { name: string; runs: LossHistory[] }[];
  /** What the reader must know besides. */
  notes?: readonly string[];
}

/** A {@link ComparisonView} before its arrays are encoded. */
export interface PlainComparison extends Omit<ComparisonView, 'runs'> {
  runs: PlainRun[];
}

interface PlainRun extends Omit<ComparedRun, 'series'> {
  series: PlainSeries[];
}

type PlainSeries = Pick<ComparedSeries, 'name' | 'split' | 'last'> & PlainStretches;

/** Stretches of each curve: enough for the width of a figure, light enough for many runs. */
const STRETCHES = 400;

/** Trainings beside each other as plain data. */
export function comparison(input: ComparisonInput): ComparisonView {
  return encodeComparison(plainComparison(input));
}

/** {@link comparison} as numbers. */
export function plainComparison({ id, title, groups, notes: given = [] }: ComparisonInput): PlainComparison {
  const runs = groups.flatMap(({ runs: ones }, group) => ones.map((history) => comparedRun(history, group)));
  const units = [...new Set(groups.flatMap((group) => group.runs.map(({ unit }) => unit)))];
  const notes = units.length > 1 ? [`The units differ: ${units.join('; ')}.`] : [];
  const names = groups.map(({ name }) => name);
  return {
    ...{ version: VIEW_VERSION, id, title: title ?? `Comparison of ${names.join(', ')}`, groups: names },
    ...{ summary: summarize(names, runs, units[0] ?? ''), unit: units[0] ?? '', runs, notes: [...notes, ...given] },
  };
}

export function encodeComparison({ runs, ...view }: PlainComparison): ComparisonView {
  const encoded = ({ name, split, last, ...stretches }: PlainSeries): ComparedSeries => ({
    ...{ name, split, ...encodedStretches(stretches), last },
  });
  return { ...view, runs: runs.map(({ series, ...run }) => ({ ...run, series: series.map(encoded) })) };
}

/**
 * From one state of the compared trainings to the next.
 *
 * @returns undefined if there are other curves than before: only the whole view can tell them
 */
export function comparisonChange(
  known: PlainComparison,
  next: PlainComparison,
  revision: number,
): ComparisonChange | undefined {
  if (curvesOf(known) !== curvesOf(next)) return undefined;
  const runs = next.runs.flatMap((run, i): ComparedRunChange[] => {
    const before = known.runs[i]!;
    if (!before.running && !run.running) return [];
    const series = run.series.map(({ name, split, last, ...stretches }, k) => ({
      ...{ name, split, last, ...stretchTails(before.series[k], stretches) },
    }));
    return [{ run: i, running: run.running === true, secondsPerStep: run.secondsPerStep, series }];
  });
  return { revision, summary: next.summary, notes: next.notes, runs };
}

const curvesOf = ({ runs }: PlainComparison) =>
  JSON.stringify(runs.map(({ series }) => series.map(({ name, split }) => [name, split])));

function comparedRun({ series, stepsPerEpoch, progress, final }: LossHistory, group: number): PlainRun {
  const before = progress.before?.steps ?? 0;
  return {
    ...{ group, stepsPerEpoch, stepsBefore: before, epochsBefore: progress.before?.epochs ?? 0 },
    secondsPerStep: progress.step > 0 ? (progress.secondsElapsed ?? 0) / progress.step : 0,
    ...(progress.state === 'running' && { running: true }),
    series: series
      .filter(({ values }) => values.length > 0)
      .map(({ name, split, steps, values }) => {
        const mean = final?.train[name] ?? meanOfLastEpoch(steps, values, stepsPerEpoch, before);
        const last = split === 'train' ? mean : values.at(-1)!;
        return {
          name,
          split,
          ...plainStretchesOf(steps, values, STRETCHES),
          last: Number.isFinite(last) ? last : null,
        };
      }),
  };
}

/** One sentence: where the total of each group ended. */
function summarize(names: readonly string[], runs: readonly PlainRun[], unit: string): string {
  const ends = names.map((name, group) => {
    const ones = runs.filter((run) => run.group === group);
    const totals = ones.flatMap(({ series }) => series.filter(({ name: term, split }) => term === 'total' && split === 'train')); // prettier-ignore
    const lasts = totals.flatMap(({ last }) => last ?? []);
    const broken = totals.length - lasts.length;
    const still = ones.some(({ running }) => running) ? ' (running)' : '';
    if (totals.length === 0) return `${name} has no total${still && ' yet (running)'}`;
    if (lasts.length === 0) return `${name}: not finite${still}`;
    const mean = lasts.reduce((sum, one) => sum + one, 0) / lasts.length;
    const deviation = Math.sqrt(lasts.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (lasts.length - 1));
    const spread =
      lasts.length > 1 ? ` ± ${quantity(Number(deviation.toPrecision(2)))} over ${counted(lasts.length, 'run')}` : '';
    const without = broken > 0 ? `, without ${counted(broken, 'run')} whose total is not finite` : '';
    return `${name}: ${quantity(mean)}${spread}${without}${still}`;
  });
  return `Total over the last epoch, in ${unit}: ${ends.join('; ')}.`;
}
