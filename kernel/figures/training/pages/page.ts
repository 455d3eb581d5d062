/** What the figure of a training can show: a page of panels at a time. */
import type { SmoothedCurve } from '../../../views/smoothing';
import { linearTicks } from '../../../views/ticks';
import { count } from '../../../views/wording';
import { isRate } from '../../../views/training/steering';
import type { Look } from '../../look';
import type { Arrangement } from '../../panel/arrangement';
import type { Axis, Box, Panel, Zoom } from '../../panel/panel';
import type { DecodedLastRun, LossData, NamedCurve, Term } from '../curves';
import type { KeyEntry } from '../key';
import { shownSteps } from '../ranges';
import type { ValueRange } from '../ranges';

export interface Choices {
  /** Weight of the exponential moving average, 0 … 0.99. */
  smoothing: number;
  log: boolean;
  /** Whether the y axes reach to the highest value. */
  full: boolean;
  /** Whether the run before is drawn behind. */
  lastRun: boolean;
}

/** What is drawn, with what was found out about it once. */
export interface Drawing {
  data: LossData;
  /** Empty where it is not drawn. */
  lastRun: DecodedLastRun;
  choices: Choices;
  zoom: Zoom;
  smoothed: ReadonlyMap<Term, SmoothedCurve>;
  /** For each term. */
  ranges: readonly (ValueRange & { log: boolean })[];
}

/** Where the reader's cursor is. */
export interface Cursor {
  step: number | null;
  /** A row of a map of cells, from the top; null for none. */
  row: number | null;
}

/** What stands above a panel, and the dots on its curves at the cursor. */
export interface PanelText {
  name: string;
  colour: string;
  reading: string;
  /** The same in fewer words, for a narrow panel. */
  short?: string;
  /** The same in full. */
  title: string;
  dots: { curve: SmoothedCurve | undefined; colour: string }[];
}

export interface Page {
  id: 'terms' | 'stack' | 'latents' | 'optimizer';
  /** What its tab says. */
  title(data: LossData): string;
  /** How the panels lie: the first large and the others beside it, or all of one size. */
  layout: 'first' | 'grid';
  /** Panels that it has of this training; 0: there is nothing to show. */
  count(data: LossData): number;
  hasRightAxis(data: LossData): boolean;
  /** Characters of the longest label of a value axis. */
  longestLabel(drawing: Drawing, boxes: readonly Box[]): number;
  panels(drawing: Drawing, look: Look, arrangement: Arrangement): Panel[];
  texts(drawing: Drawing, cursor: Cursor, look: Look): PanelText[];
  key(drawing: Drawing, look: Look): KeyEntry[];
  /** Rows of the first panel's map; 0: it has none. */
  rows(data: LossData): number;
}

/** The axis of steps that all panels of a page share. */
export function stepAxis({ data, lastRun, zoom }: Drawing, box: Box): Axis {
  const range = zoom.x ?? shownSteps(data, lastRun);
  const ticks = linearTicks(...range, Math.max(3, Math.floor(box.width / 72)), { whole: true });
  return { range, ticks, title: 'optimizer step' };
}

export function longest(axes: readonly Axis[]): number {
  return Math.max(0, ...axes.flatMap(({ ticks }) => ticks.map(({ text }) => text.length)));
}

/** `∞, batch 55` */
export function brokenText({ value, batch }: { value: string; batch: number }): string {
  return `${value.replace('Infinity', '∞').replace('-', '−')}, batch ${count(batch)}`;
}

export function weightSchedules({ schedules }: LossData): NamedCurve[] {
  return schedules.filter((schedule) => schedule.steps.length > 0 && !isRate(schedule));
}
