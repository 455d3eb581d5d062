/** What part of the axes is shown while the reader has not zoomed. */
import { stepRange } from '../../../kernel/views/progress';
import type { Curve, LossData, Term } from './curves';

/** Share of the highest training values that the axis may leave out: the first steps of a training, seldom more. */
const TOP_LEFT_OUT = 0.05;
/** It does so only where the rest then has more than twice the room. */
const WORTH = 0.5;
const PADDING = 0.05;

export interface ValueRange {
  /** Axis units: log10 of the value on a log axis. */
  range: [number, number];
  /** Whether values lie above the range. */
  clipped: boolean;
}

/**
 * The y range of a panel: all values, or without the highest 5 % of the training's where these alone would take more than
 * half of the height (`full` keeps them).
 * Values that are not finite, and on a log axis those that are not positive, do not count.
 */
export function valueRange(term: Term, full: boolean, log: boolean): ValueRange {
  const train = usable(term.train, log);
  const validation = usable(term.validation, log);
  const all = [...train, ...validation].sort((a, b) => a - b);
  const lowest = all[0];
  const highest = all.at(-1);
  if (lowest === undefined || highest === undefined) return { range: log ? [-1, 1] : [0, 1], clipped: false };
  const sorted = train.sort((a, b) => a - b);
  const kept = sorted[Math.max(0, Math.ceil(sorted.length * (1 - TOP_LEFT_OUT)) - 1)] ?? highest;
  const rest = Math.max(kept, ...validation);
  const top = full || rest - lowest > WORTH * (highest - lowest) ? highest : rest;
  return { range: padded(lowest, top), clipped: highest > top };
}

/** A log axis needs positive values; a panel that has others stays linear. */
export function canBeLog(term: Term): boolean {
  const all = [...(term.train?.values ?? []), ...(term.validation?.values ?? [])].filter(Number.isFinite);
  return all.length > 0 && all.every((value) => value > 0);
}

function usable(curve: Curve | undefined, log: boolean): number[] {
  const values = Array.from(curve?.values ?? []).filter(Number.isFinite);
  return log ? values.filter((value) => value > 0).map(Math.log10) : values;
}

function padded(low: number, high: number): [number, number] {
  const span = high - low || Math.abs(high) || 1;
  return [low - span * PADDING, high + span * PADDING];
}

/** The x range; see {@link stepRange}, with a little room at its end. */
export function shownSteps({ progress, firstStep, lastStep }: LossData): [number, number] {
  const [start, end] = lastStep === 0 ? stepRange(progress) : stepRange(progress, firstStep, lastStep);
  return [start, end + 0.02 * (end - start)];
}
