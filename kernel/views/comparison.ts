import { encode } from './encoding';
import { meanOfLastEpoch } from './epochs';
import type { LossHistory } from './lossCurves';
import { stretchesOf } from './smoothing';
import { VIEW_VERSION } from './types';
import type { ComparedRun, ComparisonView } from './types';
import { counted, quantity } from './wording';

export interface ComparisonInput {
  id: string;
  title?: string;
  /** Runs of one group are one setting with several seeds. */
  groups: { name: string; runs: LossHistory[] }[];
}

/** Stretches of each curve: enough for the width of a figure, light enough for many runs. */
const STRETCHES = 400;

/** Trainings beside each other as plain data. */
export function comparison({ id, title, groups }: ComparisonInput): ComparisonView {
  const runs = groups.flatMap(({ runs: ones }, group) => ones.map((history) => comparedRun(history, group)));
  const units = [...new Set(groups.flatMap((group) => group.runs.map(({ unit }) => unit)))];
  const notes = units.length > 1 ? [`The units differ: ${units.join('; ')}.`] : [];
  const names = groups.map(({ name }) => name);
  return {
    ...{ version: VIEW_VERSION, id, title: title ?? `Comparison of ${names.join(', ')}`, groups: names },
    ...{ summary: summarize(names, runs, units[0] ?? ''), unit: units[0] ?? '', runs, notes },
  };
}

function comparedRun({ series, stepsPerEpoch, progress, final }: LossHistory, group: number): ComparedRun {
  const before = progress.before?.steps ?? 0;
  return {
    ...{ group, stepsPerEpoch, stepsBefore: before, epochsBefore: progress.before?.epochs ?? 0 },
    secondsPerStep: progress.step > 0 ? progress.secondsElapsed / progress.step : 0,
    series: series
      .filter(({ values }) => values.length > 0)
      .map(({ name, split, steps, values }) => {
        const found = stretchesOf(steps, values, STRETCHES);
        const mean = final?.train[name] ?? meanOfLastEpoch(steps, values, stepsPerEpoch, before);
        const last = split === 'train' ? mean : values.at(-1)!;
        return {
          ...{ name, split, steps: encode('float32', found.steps), means: encode('float32', found.means) },
          ...{ sizes: encode('int32', found.sizes), last: Number.isFinite(last) ? last : null },
        };
      }),
  };
}

/** One sentence: where the total of each group ended. */
function summarize(names: readonly string[], runs: readonly ComparedRun[], unit: string): string {
  const ends = names.map((name, group) => {
    const lasts = runs
      .filter((run) => run.group === group)
      .flatMap(
        ({ series }) => series.find(({ name: term, split }) => term === 'total' && split === 'train')?.last ?? [],
      );
    if (lasts.length === 0) return `${name} has no total`;
    const mean = lasts.reduce((sum, one) => sum + one, 0) / lasts.length;
    const deviation = Math.sqrt(lasts.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (lasts.length - 1));
    const spread =
      lasts.length > 1 ? ` ± ${quantity(Number(deviation.toPrecision(2)))} over ${counted(lasts.length, 'run')}` : '';
    return `${name} ${quantity(mean)}${spread}`;
  });
  return `Total over the last epoch, in ${unit}: ${ends.join('; ')}.`;
}
