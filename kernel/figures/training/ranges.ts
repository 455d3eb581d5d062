/** What part of the axes is shown while the reader has not zoomed. */
import { quickselect } from 'd3-array';
import { stepRange } from '../../views/progress';
import type { DecodedLastRun, LossData, Term, TermBefore } from './curves';

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
export function valueRange({ train, validation }: Term, full: boolean, log: boolean, before?: TermBefore): ValueRange {
  const trained = usable(train, log);
  const [lowTrain, highTrain] = ends(trained);
  const [lowCheck, highCheck] = ends(Float64Array.of(...usable(validation, log), ...settled(before, log)));
  const [lowest, highest] = [Math.min(lowTrain, lowCheck), Math.max(highTrain, highCheck)];
  if (lowest > highest) return { range: log ? [-1, 1] : [0, 1], clipped: false };
  if (full || trained.length === 0) return { range: padded(lowest, highest), clipped: false };
  const place = Math.max(0, Math.ceil(trained.length * (1 - TOP_LEFT_OUT)) - 1);
  const rest = Math.max(quickselect(trained, place)[place]!, highCheck);
  const top = rest - lowest > WORTH * (highest - lowest) ? highest : rest;
  return { range: padded(lowest, top), clipped: highest > top };
}

/** Where the last run went, without its first twentieth: it is drawn behind, and its start is not what one looks for. */
function settled(before: TermBefore | undefined, log: boolean): Float64Array {
  const means = before?.train?.means;
  if (!means) return new Float64Array();
  return usable({ values: means.subarray(Math.floor(means.length / 20)) }, log);
}

/** A log axis needs positive values; a panel that has others stays linear. */
export function canBeLog({ train, validation }: Term): boolean {
  let isAny = false;
  for (const values of [train?.values ?? [], validation?.values ?? []]) {
    for (const value of values) {
      if (!Number.isFinite(value)) continue;
      if (value <= 0) return false;
      isAny = true;
    }
  }
  return isAny;
}

/** In axis units. Written out: it looks at each point of each curve at each step of a training. */
function usable(curve: { values: ArrayLike<number> } | undefined, log: boolean): Float64Array {
  const values = curve?.values ?? [];
  const found = new Float64Array(values.length);
  let n = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!(value - value === 0) || (log && value <= 0)) continue;
    found[n++] = log ? Math.log10(value) : value;
  }
  return found.subarray(0, n);
}

function ends(values: Float64Array): [low: number, high: number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

function padded(low: number, high: number): [number, number] {
  const span = high - low || Math.abs(high) || 1;
  return [low - span * PADDING, high + span * PADDING];
}

/** The x range; see {@link stepRange}, with a little room at its end. */
export function shownSteps({ progress, firstStep, lastStep }: LossData, lastRun?: DecodedLastRun): [number, number] {
  const [start, reached] = lastStep === 0 ? stepRange(progress) : stepRange(progress, firstStep, lastStep);
  const end = Math.max(reached, ...[...(lastRun?.values() ?? [])].map(({ train }) => train?.steps.at(-1) ?? 0));
  return [start, end + 0.02 * (end - start)];
}
