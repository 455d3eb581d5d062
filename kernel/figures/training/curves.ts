/** The curves of a training, decoded and put in the order in which they are drawn. */
import { lastTrainingValue } from '../../views/epochs';
import type { Stretches } from '../../views/smoothing';
import type { BrokenStep, EncodedArray, LossCurvesView, Series, TrainingProgress } from '../../views/types';

export type Numbers = Float32Array | Int32Array | Uint8Array;

/** Reads an array as a page or a kernel does. */
export type Decode = (array: EncodedArray) => Numbers;

export interface Curve {
  steps: Numbers;
  values: Numbers;
}

export interface DecodedStretches extends Stretches {
  steps: Numbers;
  means: Numbers;
  sizes: Numbers;
}

export interface TrainingCurve extends Curve {
  /** What stands for a curve of more points than these. */
  stretches: DecodedStretches | undefined;
  /** The mean over the last epoch: what sentences, tables and pictures call the training's last value. */
  last: number;
}

/** One term of the loss with its curves on the two parts of the data. */
export interface Term {
  name: string;
  train: TrainingCurve | undefined;
  validation: Curve | undefined;
}

/** A term of the run before, in the steps of the training that is shown: both begin at the same place. */
export interface TermBefore {
  train?: DecodedStretches;
  validation?: DecodedStretches;
}

/** By term; see {@link LossCurvesView.lastRun}. */
export type DecodedLastRun = ReadonlyMap<string, TermBefore>;

export type NamedCurve = { name: string } & Curve;

/** One number, or k, at each of some steps: values are [n · k]. */
export interface Figures extends Curve {
  name: string;
  dimensions: number;
}

export interface LossData {
  /** `total` first, the others as they came. */
  terms: Term[];
  schedules: NamedCurve[];
  measures: NamedCurve[];
  figures: Figures[];
  /** Undefined if it is not known how the total is made of the terms. */
  weights: Readonly<Record<string, number | string>> | undefined;
  broken: readonly BrokenStep[];
  unit: string;
  stepsPerEpoch: number;
  progress: TrainingProgress;
  /** Smallest and largest step of any curve; 0 where there is none. */
  firstStep: number;
  lastStep: number;
}

/** @throws RangeError when a curve's bytes or lengths do not fit */
export function decodedCurves(view: LossCurvesView, decode: Decode): LossData {
  const terms = new Map<string, Term>();
  for (const series of view.series) {
    const term = terms.get(series.name) ?? { name: series.name, train: undefined, validation: undefined };
    const decoded =
      series.split === 'train' ? decodeTraining(series, view, decode) : decodeCurve(series.name, series, decode);
    terms.set(series.name, { ...term, [series.split]: decoded });
  }
  const named = (one: { name: string; steps: EncodedArray; values: EncodedArray }) => ({
    ...{ name: one.name, ...decodeCurve(one.name, one, decode) },
  });
  const schedules = view.schedules.map(named);
  const measures = (view.measures ?? []).map(named);
  const figures = (view.figures ?? []).map(({ name, dimensions, steps, values }) =>
    figuresOf(name, dimensions, decode(steps), decode(values)),
  );
  const { weights, broken = [] } = view;
  const ordered = [...terms.values()].sort((a, b) => Number(b.name === 'total') - Number(a.name === 'total'));
  const { unit, stepsPerEpoch, progress } = view;
  return withEnds({ unit, stepsPerEpoch, progress, terms: ordered, schedules, measures, figures, weights, broken });
}

/** @throws RangeError when a curve's bytes or lengths do not fit */
export function decodedLastRun({ lastRun, progress }: LossCurvesView, decode: Decode): DecodedLastRun {
  const terms = new Map<string, TermBefore>();
  if (!lastRun) return terms;
  const shift = (progress.before?.steps ?? 0) - lastRun.stepsBefore;
  for (const { name, split, ...encoded } of lastRun.series) {
    const decoded = decodeStretches(name, encoded, decode);
    const steps = Float32Array.from(decoded.steps, (step) => step + shift);
    terms.set(name, { ...terms.get(name), [split]: { ...decoded, steps } });
  }
  return terms;
}

/** The curves with the smallest and the largest of their steps. */
export function withEnds(data: Omit<LossData, 'firstStep' | 'lastStep'>): LossData {
  const { terms, schedules, broken } = data;
  const curves = [...terms.flatMap((term) => [term.train, term.validation]), ...schedules];
  const reached = curves.map((one) => one?.steps.at(-1) ?? 0);
  const lastStep = Math.max(0, ...reached, ...broken.map(({ step }) => step));
  return { ...data, firstStep: firstOf(curves), lastStep };
}

function firstOf(curves: readonly (Curve | undefined)[]): number {
  const firsts = curves.flatMap((one) => (one && one.steps.length > 0 ? [one.steps[0]!] : []));
  return firsts.length === 0 ? 0 : Math.min(...firsts);
}

function decodeCurve(name: string, encoded: Pick<Series, 'steps' | 'values'>, decode: Decode): Curve {
  return curveOf(name, decode(encoded.steps), decode(encoded.values));
}

/** @throws RangeError when there are not as many values as steps */
export function curveOf(name: string, steps: Numbers, values: Numbers): Curve {
  if (steps.length !== values.length) {
    throw new RangeError(`${name}: ${steps.length} steps and ${values.length} values`);
  }
  return { steps, values };
}

/** @throws RangeError when there are not k values for each step */
export function figuresOf(name: string, dimensions: number, steps: Numbers, values: Numbers): Figures {
  if (values.length !== dimensions * steps.length) {
    throw new RangeError(`${name}: ${steps.length} steps of ${dimensions} values, and ${values.length} values`);
  }
  return { name, dimensions, steps, values };
}

function decodeTraining(series: Series, view: LossCurvesView, decode: Decode): TrainingCurve {
  const curve = decodeCurve(series.name, series, decode);
  return {
    ...curve,
    stretches: series.stretches && decodeStretches(series.name, series.stretches, decode),
    last: lastTrainingValue(series, curve.steps, curve.values, view),
  };
}

function decodeStretches(name: string, encoded: NonNullable<Series['stretches']>, decode: Decode): DecodedStretches {
  return stretchesFrom(name, decode(encoded.steps), decode(encoded.means), decode(encoded.sizes));
}

/** @throws RangeError when there are not as many of each */
export function stretchesFrom(name: string, steps: Numbers, means: Numbers, sizes: Numbers): DecodedStretches {
  if (steps.length !== means.length || steps.length !== sizes.length) {
    throw new RangeError(`${name}: ${steps.length} stretches, ${means.length} means and ${sizes.length} sizes`);
  }
  return { steps, means, sizes };
}

/** Index of the last point at or before a step, −1 when there is none. */
export function indexAt(curve: { steps: ArrayLike<number> } | undefined, step: number): number {
  if (curve === undefined) return -1;
  let [low, high] = [0, curve.steps.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (curve.steps[middle]! <= step) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Steps at which each stretch of values that are not finite begins and ends. */
export function nonFiniteRuns({ steps, values }: Curve): [number, number][] {
  const runs: [number, number][] = [];
  let open: [number, number] | undefined;
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) {
      open = undefined;
    } else if (open === undefined) {
      runs.push((open = [steps[i]!, steps[i]!]));
    } else {
      open[1] = steps[i]!;
    }
  }
  return runs;
}
