/** Compared trainings, decoded, and the curves of their groups. */
import * as z from '../../schema';
import { alignedCurve, difference, groupCurve } from '../../../kernel/views/comparing';
import type { AlignedCurve, GroupCurve, RunCurve } from '../../../kernel/views/comparing';
import type { ComparedRun, ComparisonView } from '../../../kernel/views/types';
import { decode, stretchedSeries, viewBase } from '../../data';
import type { TypedArray } from '../../data';
import type { Cell, TableData } from '../../figure/table';

export const comparisonSchema: z.Schema<ComparisonView> = z.object({
  ...viewBase,
  revision: z.optional(z.number()),
  unit: z.string(),
  groups: z.array(z.string()),
  runs: z.array(
    z.object({
      group: z.number(),
      stepsPerEpoch: z.number(),
      stepsBefore: z.number(),
      epochsBefore: z.number(),
      secondsPerStep: z.number(),
      running: z.optional(z.boolean()),
      series: z.array(stretchedSeries),
    }),
  ),
  notes: z.array(z.string()),
});

/** What runs are aligned by. */
export const ALIGNMENTS = ['step', 'epoch', 'time'] as const;
export type Alignment = (typeof ALIGNMENTS)[number];

export const AXIS_TITLES: Record<Alignment, string> = {
  step: 'optimizer step',
  epoch: 'epoch',
  time: 'seconds, at the mean speed of each run',
};

/** A run without its curves. */
export type Run = Omit<ComparedRun, 'series'>;

export interface ComparedCurve extends RunCurve {
  name: string;
  split: 'train' | 'validation';
  last: number | null;
  run: Run;
  /** The index of the run. */
  place: number;
  steps: TypedArray;
  means: TypedArray;
  sizes: TypedArray;
}

export interface ComparisonData {
  groups: readonly string[];
  runs: Run[];
  /** `total` first. */
  terms: string[];
  curves: ComparedCurve[];
}

/** @throws RangeError when the parts of a curve differ in number */
export function decodeComparison(view: ComparisonView): ComparisonData {
  const curves = view.runs.flatMap(({ series, ...run }, place) =>
    series.map(({ name, split, last, ...encoded }): ComparedCurve => {
      const [steps, means, sizes] = [decode(encoded.steps), decode(encoded.means), decode(encoded.sizes)];
      if (steps.length !== means.length || steps.length !== sizes.length) {
        throw new RangeError(`${name}: ${steps.length} steps, ${means.length} means and ${sizes.length} sizes`);
      }
      return { name, split, last, run, place, steps, means, sizes };
    }),
  );
  const names = [...new Set(curves.map(({ name }) => name))];
  const terms = names.sort((a, b) => Number(b === 'total') - Number(a === 'total'));
  return { groups: view.groups, runs: view.runs, terms, curves };
}

export interface Choices {
  alignment: Alignment;
  /** Weight of the moving average of each run. */
  smoothing: number;
  /** Whether groups are shown by what they differ from the first one. */
  differs: boolean;
  /** Whether each run of a group is drawn besides their mean. */
  each: boolean;
}

export interface GroupLine {
  group: number;
  split: 'train' | 'validation';
  curve: GroupCurve;
  /** Its runs; several where the curve is their mean. */
  runs: AlignedCurve[];
}

/** The curves of one term as they are drawn. */
export function linesOf(data: ComparisonData, term: string, choices: Choices): GroupLine[] {
  return (['train', 'validation'] as const).flatMap((split) => {
    const groups = data.groups.map((_, group) => {
      const curves = data.curves.filter((one) => one.name === term && one.split === split && one.run.group === group);
      const runs = curves.filter(({ steps }) => steps.length > 0).map((run) => aligned(run, choices));
      return runs.length > 0 ? { curve: groupCurve(runs), runs } : undefined;
    });
    const reference = groups[0]?.curve;
    return groups.flatMap((found, group): GroupLine[] => {
      if (!found || (choices.differs && (!reference || group === 0))) return [];
      if (!choices.differs) return [{ group, split, ...found }];
      const runs = found.runs.map((run) => {
        const { x, mean } = difference(groupCurve([run]), reference!);
        return { x, y: mean };
      });
      return [{ group, split, curve: difference(found.curve, reference!), runs }];
    });
  });
}

function aligned(curve: ComparedCurve, { alignment, smoothing }: Choices): AlignedCurve {
  const { stepsPerEpoch, stepsBefore, epochsBefore, secondsPerStep } = curve.run;
  const weight = curve.split === 'train' ? smoothing : 0;
  if (alignment === 'time')
    return alignedCurve(curve, weight, secondsPerStep > 0 ? 1 / secondsPerStep : 1, stepsBefore);
  if (alignment === 'step' || stepsPerEpoch === 0) return alignedCurve(curve, weight, 1, 0);
  return alignedCurve(curve, weight, stepsPerEpoch, stepsBefore - epochsBefore * stepsPerEpoch);
}

/** Where each term of each group ended, and how far that is from the first group. */
export function comparisonTable({ groups, terms, curves }: ComparisonData): TableData {
  const endOf = (term: string, split: string, group: number): [mean: number, deviation: number] | null => {
    const ends = curves
      .filter((one) => one.name === term && one.split === split && one.run.group === group)
      .flatMap(({ last }) => last ?? []);
    if (ends.length === 0) return null;
    const mean = ends.reduce((sum, one) => sum + one, 0) / ends.length;
    return [mean, Math.sqrt(ends.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (ends.length - 1))];
  };
  const rows = terms
    .flatMap((term) => ['train', 'validation'].map((split) => ({ term, split })))
    .filter(({ term, split }) => curves.some((one) => one.name === term && one.split === split));
  const hasSeeds = groups.some((_, group) => new Set(curves.filter(({ run }) => run.group === group).map(({ run }) => run)).size > 1); // prettier-ignore
  return {
    columns: [
      'term',
      'data',
      ...groups.flatMap((name, i) => [
        name,
        ...(hasSeeds ? [`${name}, deviation`] : []),
        ...(i > 0 ? [`${name} − ${groups[0]!}`] : []),
      ]),
    ],
    rows: rows.length,
    words: [true, true],
    row: (i): Cell[] => {
      const { term, split } = rows[i]!;
      const first = endOf(term, split, 0);
      return [
        term,
        split === 'train' ? 'training, last epoch' : 'validation',
        ...groups.flatMap((_, group) => {
          const end = endOf(term, split, group);
          const deviation = end && Number.isFinite(end[1]) ? end[1] : null;
          return [
            end && end[0],
            ...(hasSeeds ? [deviation] : []),
            ...(group > 0 ? [end && first && end[0] - first[0]] : []),
          ];
        }),
      ];
    },
  };
}
