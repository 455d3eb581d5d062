/** Compared trainings, decoded, and the curves of their groups. */
import { alignedCurve, difference, groupCurve } from '../../views/comparing';
import type { AlignedCurve, GroupCurve, RunCurve } from '../../views/comparing';
import { WEIGHT } from '../../views/smoothing';
import type { ComparedRun, ComparisonView } from '../../views/types';
import type { Decode, Numbers } from '../training/curves';

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
  steps: Numbers;
  means: Numbers;
  sizes: Numbers;
}

export interface ComparisonData {
  groups: readonly string[];
  runs: Run[];
  /** `total` first. */
  terms: string[];
  curves: ComparedCurve[];
}

/** @throws RangeError when the parts of a curve differ in number */
export function decodedComparison(view: ComparisonView, decode: Decode): ComparisonData {
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

/** What a reader finds who has chosen nothing. */
export const USUAL_CHOICES: Choices = { alignment: 'step', smoothing: WEIGHT, differs: false, each: false };

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

/** Whether a group has several runs, so that it spreads. */
export function hasSeeds(terms: readonly (readonly GroupLine[])[]): boolean {
  return terms.flat().some(({ runs }) => runs.length > 1);
}

/** What the bands are. */
export const BANDS = 'Bands: one standard deviation over the runs of a setting, about their mean.';
