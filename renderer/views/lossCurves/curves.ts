/** The curves of a training as they are sent. */
import * as z from '../../schema';
import { decodedCurves, decodedLastRun } from '../../../kernel/figures/training/curves';
import type { DecodedLastRun, LossData } from '../../../kernel/figures/training/curves';
import type { LossCurvesView, TrainingProgress } from '../../../kernel/views/types';
import { decode, encodedArray, viewBase, stretchedSeries } from '../../data';

const curve = { steps: encodedArray, values: encodedArray };

const namedCurve = z.object({ name: z.string(), ...curve });

const progressState = z.enum(['running', 'done', 'cancelled', 'failed', 'stopped']);

export const progressSchema: z.Schema<TrainingProgress> = z.object({
  state: progressState,
  step: z.number(),
  totalSteps: z.number(),
  epoch: z.number(),
  epochs: z.number(),
  before: z.optional(z.object({ steps: z.number(), epochs: z.number() })),
  secondsElapsed: z.optional(z.number()),
  secondsLeft: z.optional(z.number()),
});

export const lossCurvesSchema: z.Schema<LossCurvesView> = z.object({
  ...viewBase,
  revision: z.optional(z.number()),
  unit: z.string(),
  stepsPerEpoch: z.number(),
  series: z.array(
    z.object({
      name: z.string(),
      split: z.enum(['train', 'validation']),
      ...curve,
      stretches: z.optional(z.object({ steps: encodedArray, means: encodedArray, sizes: encodedArray })),
      lastEpoch: z.optional(z.number()),
    }),
  ),
  schedules: z.array(namedCurve),
  measures: z.optional(z.array(namedCurve)),
  figures: z.optional(z.array(z.object({ name: z.string(), ...curve, dimensions: z.int().check(z.minimum(1)) }))),
  weights: z.optional(z.record(z.string(), z.union([z.number(), z.string()]))),
  broken: z.optional(
    z.array(
      z.object({
        ...{ quantity: z.string(), value: z.string(), step: z.number(), epoch: z.number(), batch: z.number() },
      }),
    ),
  ),
  progress: progressSchema,
  lastRun: z.optional(
    z.object({
      unit: z.string(),
      state: progressState,
      stepsBefore: z.number(),
      series: z.array(stretchedSeries),
      note: z.string(),
    }),
  ),
  notes: z.array(z.string()),
});

/** @throws RangeError when a curve's bytes or lengths do not fit */
export const decodeCurves = (view: LossCurvesView): LossData => decodedCurves(view, decode);

/** @throws RangeError when a curve's bytes or lengths do not fit */
export const decodeLastRun = (view: LossCurvesView): DecodedLastRun => decodedLastRun(view, decode);

/**
 * Whether a state of a training may replace the one on screen: the final snapshot and the last frames come by
 * different ways, and a saved snapshot of the beginning may be rendered again while frames have moved on.
 */
export function supersedes(next: LossCurvesView, shown: LossCurvesView): boolean {
  if (next.id !== shown.id || next.progress.state !== 'running') return true;
  const mayGoOn = shown.progress.state === 'running' || shown.progress.state === 'stopped';
  return next.progress.step >= shown.progress.step && mayGoOn;
}
