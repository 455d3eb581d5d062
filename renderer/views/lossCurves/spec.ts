/** Loss curves as panels: a pure function of the data, the reader's choices, the theme and the arrangement. */
import { smooth } from '../../../kernel/views/smoothing';
import type { SmoothedCurve } from '../../../kernel/views/smoothing';
import { linearTicks, logTicks } from '../../../kernel/views/ticks';
import type { Tick } from '../../../kernel/views/ticks';
import { withAlpha } from '../../colours';
import { categoryColour } from '../../palette';
import type { Axis, Line, Panel, Range } from '../../panels/panel';
import type { Zoom } from '../../panels/panels';
import type { Theme } from '../../theme';
import type { Arrangement } from './arrangement';
import { nonFiniteRuns } from './curves';
import type { Curve, DecodedLastRun, DecodedStretches, LossData, Term, TermBefore } from './curves';
import { shownSteps } from './ranges';
import type { ValueRange } from './ranges';

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

/** Above this many validation points their markers would run into each other. */
const MAX_MARKERS = 60;

/** What the value axis of a panel shows, in axis units (log10 on a log axis), and its ticks, in values. */
export function valueAxis({ ranges, zoom }: Drawing, panel: number, height: number): Axis {
  const { range: all, log } = ranges[panel]!;
  const range = zoom[`y${panel}`] ?? all;
  const count = Math.max(2, Math.floor(height / 30));
  return { range, log, ticks: valueTicks(range, log, count) };
}

function valueTicks([low, high]: Range, log: boolean, count: number): Tick[] {
  return log ? logTicks(10 ** low, 10 ** high, count) : linearTicks(low, high, count);
}

export function lossPanels(drawing: Drawing, theme: Theme, arrangement: Arrangement): Panel[] {
  const { data, lastRun, zoom } = drawing;
  const steps = zoom.x ?? shownSteps(data, lastRun);
  const schedules = data.schedules.filter((schedule) => schedule.steps.length > 0);
  return data.terms.map((term, i): Panel => {
    const box = arrangement.boxes[i]!;
    const value = valueAxis(drawing, i, box.height);
    const ticks = linearTicks(...steps, Math.max(3, Math.floor(box.width / 72)), { whole: true });
    const isFirst = i === 0;
    return {
      box,
      x: { range: steps, ticks, title: 'optimizer step' },
      hasLabels: arrangement.hasStepAxis[i] ?? true,
      y: { ...value, title: isFirst ? data.unit : undefined },
      right: isFirst && schedules.length > 0 ? scheduleAxis(schedules) : undefined,
      bands: [],
      lines: [
        ...termLines(term, i, drawing, theme),
        ...(isFirst ? schedules.map((schedule, k) => scheduleLine(schedule, k, theme)) : []),
      ],
      broken: [term.train, term.validation].flatMap((curve) => (curve ? nonFiniteRuns(curve) : [])),
    };
  });
}

function termLines(term: Term, panel: number, { choices, smoothed, lastRun }: Drawing, theme: Theme): Line[] {
  const colour = categoryColour(theme.categories, panel);
  const lines = lastRunLines(term.name, lastRun.get(term.name), choices, theme);
  if (term.train !== undefined) {
    const { steps, values } = term.train;
    const isAlone = choices.smoothing === 0;
    const raw = withAlpha(colour, isAlone ? 1 : theme.dark ? 0.42 : 0.3);
    lines.push({ name: `raw ${term.name}`, x: steps, y: values, colour: raw, width: 1 });
    const average = smoothed.get(term);
    if (!isAlone && average)
      lines.push({ name: `train ${term.name}`, x: average.steps, y: average.values, colour, width: 2 });
  }
  if (term.validation !== undefined) {
    const { steps, values } = term.validation;
    const markers = steps.length > MAX_MARKERS ? undefined : theme.background;
    const look = { colour: theme.foreground, width: 1.25, markers };
    lines.push({ name: `validation ${term.name}`, x: steps, y: values, ...look });
  }
  return lines;
}

/** Behind all others, in a tone that is none of theirs. */
function lastRunLines(name: string, before: TermBefore | undefined, { smoothing }: Choices, theme: Theme): Line[] {
  const colour = lastRunColour(theme);
  const line = (split: string, stretches: DecodedStretches, weight: number): Line => ({
    name: `last run ${split} ${name}`,
    ...{ x: stretches.steps, y: smooth(stretches.means, weight, stretches.sizes), colour },
    ...(split === 'train' ? { width: 2 } : { width: 1.25, dash: LAST_VALIDATION }),
  });
  return [
    ...(before?.train ? [line('train', before.train, smoothing)] : []),
    ...(before?.validation ? [line('validation', before.validation, 0)] : []),
  ];
}

const LAST_VALIDATION = [2, 3] as const;

export function lastRunColour(theme: Theme): string {
  return withAlpha(theme.foreground, theme.kind.startsWith('high-contrast') ? 0.6 : theme.dark ? 0.38 : 0.3);
}

/** Dash patterns of schedules, in pixels. */
export const SCHEDULE_DASHES = [
  [7, 5],
  [2, 3],
  [7, 4, 2, 4],
  [11, 5],
] as const;

function scheduleLine(schedule: { name: string } & Curve, index: number, theme: Theme): Line {
  const dash = SCHEDULE_DASHES[index % SCHEDULE_DASHES.length]!;
  const { name, steps, values } = schedule;
  return { name: `schedule ${name}`, x: steps, y: values, colour: theme.muted, width: 1.25, dash, right: true };
}

/** Characters that fit along the axis; the key has the whole names. */
const LONGEST_TITLE = 32;

function cut(text: string): string {
  return text.length > LONGEST_TITLE ? `${text.slice(0, LONGEST_TITLE - 1)}…` : text;
}

/** The second axis of the first panel, on its right. */
function scheduleAxis(schedules: ({ name: string } & Curve)[]): Axis {
  let highest = 0;
  for (const { values } of schedules) for (const value of values) if (value > highest) highest = value;
  const top = (Number.isFinite(highest) && highest > 0 ? highest : 1) * 1.08;
  return { range: [0, top], ticks: linearTicks(0, top, 5), title: cut(schedules.map(({ name }) => name).join(', ')) };
}
