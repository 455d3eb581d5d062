import { encodedStretches } from './encodedTails';
import { encode, encodeCodes } from './encoding';
import { meanOfLastEpoch } from './epochs';
import { plainStretchesOf, type PlainStretches } from './smoothing';
import { plainFigures, type PlainFigures, type ReportedFigures } from './figures';
import { VIEW_ROOM } from './pictures/room';
import { thinCurve } from './thinning';
import { VIEW_VERSION } from './types';
import type { BrokenStep, EncodedArray, LastRun, LossCurvesView, Series, TrainingProgress } from './types';
import { NO_STEP, NO_STEP_YET, progressPhrase } from './progress';
import { count, counted, quantity } from './wording';

interface NamedValues {
  name: string;
  steps: number[];
  values: number[];
}

/** What a training has measured so far. It grows while the training runs. */
export interface LossHistory {
  /** What is trained, for example `VAE, 2 latents`. */
  title: string;
  /** The unit of every series, for example `nats per image`. */
  unit: string;
  stepsPerEpoch: number;
  /** The curves, `total` among them. Steps are counted from 1. */
  series: { name: string; split: 'train' | 'validation'; steps: number[]; values: number[] }[];
  schedules: { name: string; steps: number[]; values: number[] }[];
  progress: TrainingProgress;
  notes: string[];
  /** The mean of each training term over the last whole epoch, with each step weighted by its samples. */
  final?: { train: Readonly<Record<string, number>> };
  /** Other curves by step. */
  measures?: readonly NamedValues[];
  /** What the model reported of itself, by step. */
  figures?: ReportedFigures;
  weights?: Readonly<Record<string, number | string>>;
  broken?: readonly (Omit<BrokenStep, 'value'> & { value: number })[];
}

/** The most points of one curve that a view carries: the most, the least where there is much else, and steps between. */
export const CURVE_LIMIT = 2000;
const LEAST_CURVE = 800;
const LIMIT_STEP = 200;

/** The most points of what else was measured at each step: they are looked at beside the terms, and saved with them. */
const MEASURE_LIMIT = 400;

/** The stretches of a curve of more points: enough for the width of a figure. */
const STRETCHES = 500;

/** A curve as numbers; those that are not finite are NaN. */
export interface PlainCurve {
  steps: Float32Array;
  values: Float32Array;
}

/** A {@link LossCurvesView} before its arrays are encoded. */
export interface PlainLossCurves extends Omit<LossCurvesView, 'series' | 'schedules' | 'measures' | 'figures'> {
  series: (Pick<Series, 'name' | 'split' | 'lastEpoch'> & PlainCurve & { stretches?: PlainStretches })[];
  schedules: ({ name: string } & PlainCurve)[];
  measures: ({ name: string } & PlainCurve)[];
  figures: PlainFigures[];
}

export interface LossCurvesOptions {
  id: string;
  title?: string;
  lastRun?: LastRun | undefined;
}

/**
 * The loss curves of a training as plain data, light enough to be built for every live frame. Curves of more than
 * {@link CURVE_LIMIT} points, or of fewer where the view has little room for them, are thinned so that the extremes of every
 * stretch stay, and a note says so. Values that are not finite become NaN, and a note names them.
 */
export function lossCurves(history: LossHistory, options: LossCurvesOptions): LossCurvesView {
  return encodeLossCurves(plainLossCurves(history, options));
}

/** {@link lossCurves} as numbers. */
export function plainLossCurves(history: LossHistory, options: LossCurvesOptions): PlainLossCurves {
  const notes = [...history.notes];
  const measures = (history.measures ?? []).map(plainMeasure);
  const figures = plainFigures(history.figures);
  const limit = curveLimit(history, { measures, figures, lastRun: options.lastRun });
  const series = totalFirst(history.series).map((one) => {
    const where = `${one.name}${one.split === 'validation' ? ' (validation)' : ''}`;
    notes.push(...nonFiniteNotes(where, one.steps, one.values));
    const mean = one.split === 'train' ? lastEpochOf(one, history) : NaN;
    const lastEpoch = Number.isFinite(mean) ? { lastEpoch: mean } : {};
    const smoothing = one.split === 'train' ? plainStretches(one, limit) : {};
    return { name: one.name, split: one.split, ...plainCurve(where, one, limit, notes), ...smoothing, ...lastEpoch };
  });
  const schedules = history.schedules.map((one) => ({ name: one.name, ...plainCurve(one.name, one, limit, notes) }));
  return {
    version: VIEW_VERSION,
    id: options.id,
    title: options.title ?? `Loss curves of ${history.title}`,
    summary: summarize(history),
    unit: history.unit,
    stepsPerEpoch: history.stepsPerEpoch,
    series,
    schedules,
    measures,
    figures,
    ...(history.weights && { weights: { ...history.weights } }),
    ...(history.broken?.length && { broken: history.broken.map((one) => ({ ...one, value: String(one.value) })) }),
    progress: { ...history.progress },
    ...(options.lastRun && { lastRun: options.lastRun }),
    notes,
  };
}

export function encodeLossCurves({ series, schedules, measures, figures, ...view }: PlainLossCurves): LossCurvesView {
  const curve = ({ steps, values }: PlainCurve) => ({
    steps: encode('float32', steps),
    values: encode('float32', values),
  });
  return {
    ...view,
    series: series.map(
      (one): Series =>
        ({ ...one, ...curve(one), ...(one.stretches && { stretches: encodedStretches(one.stretches) }) }) as Series,
    ),
    schedules: schedules.map((one) => ({ name: one.name, ...curve(one) })),
    ...(measures.length > 0 && { measures: measures.map((one) => ({ name: one.name, ...curve(one) })) }),
    ...(figures.length > 0 && { figures: figures.map((one) => ({ ...one, ...curve(one), ...coded(one) })) }),
  };
}

/** Shades of a map need no more digits than codes have. */
function coded(figure: PlainFigures): { values?: EncodedArray } {
  if (!isMap(figure)) return {};
  const { values, dimensions } = figure;
  return { values: encodeCodes(values, [values.length / dimensions, dimensions]) };
}

const isMap = ({ name, dimensions }: PlainFigures) => name === 'klPerDimension' && dimensions > 1;

/** Characters of numbers in base64, and of the scale of a column of codes. */
const CHARACTERS = { float32: 16 / 3, uint16: 8 / 3, column: 42 };

/** The most points of each curve, so that with what else a view has its output stays as small as outputs are. */
function curveLimit(
  { series, schedules }: LossHistory,
  { measures, figures, lastRun }: Pick<PlainLossCurves, 'measures' | 'figures'> & Pick<LossCurvesOptions, 'lastRun'>,
): number {
  const { float32, uint16, column } = CHARACTERS;
  const lengths = [...series, ...schedules].map(({ values }) => values.length);
  const longOnes = lengths.filter((length) => length > LEAST_CURVE).length;
  if (longOnes === 0) return CURVE_LIMIT;
  const smoothed = series.filter(({ split, values }) => split === 'train' && values.length > LEAST_CURVE).length;
  const others = [
    ...lengths.filter((length) => length <= LEAST_CURVE).map((length) => 2 * float32 * length),
    ...measures.map(({ values }) => 2 * float32 * values.length),
    ...figures.map((one) => float32 * one.steps.length + (isMap(one) ? uint16 * one.values.length + column * one.dimensions : float32 * one.values.length)), // prettier-ignore
    ...(lastRun ? [JSON.stringify(lastRun).length] : []),
    3 * float32 * STRETCHES * smoothed,
  ].reduce((sum, one) => sum + one, 0);
  const points = (VIEW_ROOM - others) / (2 * float32 * longOnes);
  // In steps: live frames tell how curves continue, and another limit thins them anew.
  return Math.min(CURVE_LIMIT, Math.max(LEAST_CURVE, Math.floor(points / LIMIT_STEP) * LIMIT_STEP));
}

/** Until the first epoch has ended, all of its steps have the same number of samples. */
function lastEpochOf(series: LossHistory['series'][number], { final, stepsPerEpoch, progress }: LossHistory): number {
  const before = progress.before?.steps ?? 0;
  return final?.train[series.name] ?? meanOfLastEpoch(series.steps, series.values, stepsPerEpoch, before);
}

/** The order in which curves are read, coloured and listed everywhere. */
function totalFirst<T extends { name: string }>(series: T[]): T[] {
  return [...series.filter(({ name }) => name === 'total'), ...series.filter(({ name }) => name !== 'total')];
}

/** By the means of stretches of equal length: extremes would have another mean. One that never changes is its two ends. */
function plainMeasure({ name, steps, values }: NamedValues): { name: string } & PlainCurve {
  if (values.length > 2 && values.every((value) => value === values[0])) {
    const ends = [0, values.length - 1];
    return {
      ...{ name, steps: Float32Array.from(ends, (i) => steps[i]!), values: Float32Array.from(ends, (i) => values[i]!) },
    };
  }
  const found = plainStretchesOf(steps, values, MEASURE_LIMIT);
  return { name, steps: found.steps, values: found.means };
}

function plainCurve(
  name: string,
  curve: { steps: number[]; values: number[] },
  limit: number,
  notes: string[],
): PlainCurve {
  if (curve.values.length <= limit) return { steps: new Float32Array(curve.steps), values: finiteOrNaN(curve.values) };
  const kept = thinCurve(curve.values, limit);
  notes.push(
    `${name}: ${count(curve.values.length)} points thinned to ${count(kept.length)}, ` +
      'with the minimum and maximum of each stretch',
  );
  return {
    steps: new Float32Array(kept.map((i) => curve.steps[i]!)),
    values: finiteOrNaN(kept.map((i) => curve.values[i]!)),
  };
}

/** In float32; what is not finite is NaN, also what float32 does not hold. */
function finiteOrNaN(values: readonly number[]): Float32Array {
  const found = new Float32Array(values);
  for (let i = 0; i < found.length; i++) if (!Number.isFinite(found[i])) found[i] = NaN;
  return found;
}

/** What is smoothed must not be what is thinned: extremes alone have another mean. */
function plainStretches(
  { steps, values }: { steps: number[]; values: number[] },
  limit: number,
): { stretches?: PlainStretches } {
  if (values.length <= limit) return {};
  return { stretches: plainStretchesOf(steps, values, STRETCHES) };
}

function nonFiniteNotes(name: string, steps: number[], values: number[]): string[] {
  let first = -1;
  let found = 0;
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    if (first < 0) first = i;
    found++;
  }
  if (first < 0) return [];
  const more = found > 1 ? ` and ${counted(found - 1, 'later step')}` : '';
  return [`${values[first]} in ${name} at step ${count(steps[first]!)}${more}`];
}

/** One sentence: how long the training ran and how far the total fell. */
function summarize(history: LossHistory): string {
  const total = history.series.find((one) => one.split === 'train' && one.name === 'total') ?? history.series[0];
  const start = `Loss curves of ${history.title}, ${progressPhrase(history.progress)}`;
  if (total === undefined || total.values.length === 0) {
    return `${start}; ${history.progress.state === 'running' ? NO_STEP_YET : NO_STEP}`;
  }
  const broken = total.values.findIndex((value) => !Number.isFinite(value));
  if (broken >= 0) return `${start}; ${total.name} is not finite from step ${count(total.steps[broken]!)} on.`;

  const first = total.values[0]!;
  const last = lastEpochOf(total, history);
  const verb = last < first ? 'fell' : last > first ? 'rose' : 'stayed';
  const validation = history.series.find((one) => one.split === 'validation' && one.name === total.name)?.values.at(-1);
  return (
    `${start}; ${total.name} ${verb} from ${quantity(first)} at the first step to ${quantity(last)} ${history.unit} ` +
    `over the last epoch${validation === undefined ? '' : ` (validation ${quantity(validation)})`}.`
  );
}
