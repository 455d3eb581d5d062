/** The curves of a training, decoded and put in the order in which they are drawn. */
import * as z from 'zod/mini';
import type { LossCurvesView, TrainingProgress } from '../../../kernel/views/types';
import { decode, encodedArray, viewBase } from '../../data';
import type { TypedArray } from '../../data';

const curve = { steps: encodedArray, values: encodedArray };

export const lossCurvesSchema: z.ZodMiniType<LossCurvesView> = z.object({
  ...viewBase,
  unit: z.string(),
  stepsPerEpoch: z.number(),
  series: z.array(
    z.object({
      name: z.string(),
      split: z.enum(['train', 'validation']),
      ...curve,
      lastEpoch: z.optional(z.number()),
    }),
  ),
  schedules: z.array(z.object({ name: z.string(), ...curve })),
  progress: z.object({
    state: z.enum(['running', 'done', 'cancelled', 'failed', 'stopped']),
    step: z.number(),
    totalSteps: z.number(),
    epoch: z.number(),
    epochs: z.number(),
    before: z.optional(z.object({ steps: z.number(), epochs: z.number() })),
    secondsElapsed: z.number(),
    secondsLeft: z.optional(z.number()),
  }),
  notes: z.array(z.string()),
});

export interface Curve {
  steps: TypedArray;
  values: TypedArray;
}

/** One term of the loss with its curves on the two parts of the data. */
export interface Term {
  name: string;
  train: Curve | undefined;
  validation: Curve | undefined;
}

export interface LossData {
  /** `total` first, the others as they came. */
  terms: Term[];
  schedules: ({ name: string } & Curve)[];
  unit: string;
  stepsPerEpoch: number;
  progress: TrainingProgress;
  /** Smallest and largest step of any curve; 0 where there is none. */
  firstStep: number;
  lastStep: number;
}

/** @throws RangeError when a curve's bytes or lengths do not fit */
export function decodeCurves(view: LossCurvesView): LossData {
  const terms = new Map<string, Term>();
  for (const series of view.series) {
    const term = terms.get(series.name) ?? { name: series.name, train: undefined, validation: undefined };
    terms.set(series.name, { ...term, [series.split]: decodeCurve(series.name, series) });
  }
  const schedules = view.schedules.map((one) => ({ name: one.name, ...decodeCurve(one.name, one) }));
  const ordered = [...terms.values()].sort((a, b) => Number(b.name === 'total') - Number(a.name === 'total'));
  const curves = [...ordered.flatMap((term) => [term.train, term.validation]), ...schedules];
  return {
    terms: ordered,
    schedules,
    unit: view.unit,
    stepsPerEpoch: view.stepsPerEpoch,
    progress: view.progress,
    firstStep: firstOf(curves),
    lastStep: Math.max(0, ...curves.map((one) => one?.steps.at(-1) ?? 0)),
  };
}

function firstOf(curves: readonly (Curve | undefined)[]): number {
  const firsts = curves.flatMap((one) => (one && one.steps.length > 0 ? [one.steps[0]!] : []));
  return firsts.length === 0 ? 0 : Math.min(...firsts);
}

function decodeCurve(name: string, encoded: Pick<LossCurvesView['series'][number], 'steps' | 'values'>): Curve {
  const [steps, values] = [decode(encoded.steps), decode(encoded.values)];
  if (steps.length !== values.length) {
    throw new RangeError(`${name}: ${steps.length} steps and ${values.length} values`);
  }
  return { steps, values };
}

/** Index of the last point at or before a step, −1 when there is none. */
export function indexAt(curve: Curve | undefined, step: number): number {
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

/**
 * Whether a state of a training may replace the one on screen: the final snapshot and the last frames come by
 * different ways, and a saved snapshot of the beginning may be rendered again while frames have moved on.
 */
export function supersedes(next: LossCurvesView, shown: LossCurvesView): boolean {
  if (next.id !== shown.id || next.progress.state !== 'running') return true;
  const mayGoOn = shown.progress.state === 'running' || shown.progress.state === 'stopped';
  return next.progress.step >= shown.progress.step && mayGoOn;
}
