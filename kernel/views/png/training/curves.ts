import { decode } from '../../encoding';
import { lastTrainingValue } from '../../epochs';
import { smooth, WEIGHT } from '../../smoothing';
import type { Stretches } from '../../smoothing';
import type { EncodedArray, LossCurvesView, Series } from '../../types';

/** One curve as numbers, with the colour that its term has in every panel. */
export interface Curve {
  name: string;
  split: 'train' | 'validation';
  steps: number[];
  values: number[];
  /** What stands for a training curve of more points than these. */
  stretches?: Stretches;
  colour: number;
  /** The value that the curve ends with: the last one of validation, the last epoch's mean of training. */
  end: number;
}

/** The smoothed curve of a term of the run before, in the steps of the new one. */
export interface CurveBefore {
  name: string;
  steps: ArrayLike<number>;
  values: ArrayLike<number>;
}

export interface CurvePanel {
  curves: Curve[];
  before: CurveBefore[];
  schedules: { name: string; steps: number[]; values: number[] }[];
}

/**
 * Terms near the total in size share the first panel; terms below a fifth of it get a second one, where they can be
 * read. Schedules go to the panel of the small terms, which they usually weigh.
 */
export function arrangePanels(view: LossCurvesView): CurvePanel[] {
  const terms = [...new Set(view.series.map((one) => one.name))];
  const curves = view.series.map((series): Curve => {
    const { name, split } = series;
    const { steps, values } = plain(series);
    const end = split === 'train' ? lastTrainingValue(series, steps, values, view) : (values.at(-1) ?? NaN);
    const stretches = series.stretches && { stretches: plainStretches(series.stretches) };
    return { name, split, steps, values, ...stretches, colour: terms.indexOf(name), end };
  });
  const sizes = new Map(terms.map((term) => [term, size(curves.filter((curve) => curve.name === term))]));
  const reference = sizes.get('total') ?? Math.max(...sizes.values());
  const isLarge = (curve: Curve) => curve.name === 'total' || (sizes.get(curve.name) ?? 0) >= reference / 5;
  const before = curvesBefore(view);
  const panels = [curves.filter(isLarge), curves.filter((curve) => !isLarge(curve))]
    .filter((group) => group.length > 0)
    .map((group): CurvePanel => {
      const names = new Set(group.map(({ name }) => name));
      return { curves: group, before: before.filter(({ name }) => names.has(name)), schedules: [] };
    });
  const last = panels.at(-1);
  if (last) last.schedules = view.schedules.map((one) => ({ name: one.name, ...plain(one) }));
  return panels.length > 0 ? panels : [{ curves: [], before: [], schedules: [] }];
}

function curvesBefore({ lastRun, progress }: LossCurvesView): CurveBefore[] {
  if (!lastRun) return [];
  const shift = (progress.before?.steps ?? 0) - lastRun.stepsBefore;
  return lastRun.series
    .filter(({ split }) => split === 'train')
    .map(({ name, steps, means, sizes }) => ({
      name,
      steps: Float32Array.from(decode(steps), (step) => step + shift),
      values: smooth(decode(means), WEIGHT, decode(sizes)),
    }));
}

function plain(curve: { steps: EncodedArray; values: EncodedArray }) {
  return { steps: Array.from(decode(curve.steps)), values: Array.from(decode(curve.values)) };
}

function plainStretches({ steps, means, sizes }: NonNullable<Series['stretches']>): Stretches {
  return { steps: decode(steps), means: decode(means), sizes: decode(sizes) };
}

/** The largest magnitude that a term ends with. */
function size(curves: Curve[]): number {
  return Math.max(0, ...curves.map((curve) => Math.abs(curve.values.findLast(Number.isFinite) ?? 0)));
}

/**
 * The range of an axis that shows where a training arrives: the last three quarters of every curve, without their
 * outermost 0.2 %. What lies beyond them is shown too, unless it is far off; then as much of it as one and a half times
 * that height.
 */
export function robustRange(curves: readonly { values: ArrayLike<number> }[]): [number, number] {
  const late = sorted(curves.flatMap(({ values }) => Array.from(values).slice(Math.floor(values.length / 4))));
  if (late.length === 0) return [0, 1];
  const all = sorted(curves.flatMap(({ values }) => Array.from(values)));
  const low = late[Math.floor(0.002 * (late.length - 1))]!;
  const high = late[Math.ceil(0.998 * (late.length - 1))]!;
  const height = high - low || Math.abs(high) * 0.1 || 1;
  const [lowest, highest] = [all[0]!, all.at(-1)!];
  const floor = lowest >= low - 2 * height ? lowest : low - 1.5 * height;
  const ceiling = highest <= high + 2 * height ? highest : high + 1.5 * height;
  const margin = (ceiling - floor || height) * 0.04;
  return [floor >= 0 ? Math.max(0, floor - margin) : floor - margin, ceiling + margin];
}

const sorted = (values: number[]) => values.filter(Number.isFinite).sort((a, b) => a - b);
