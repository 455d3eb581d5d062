/** The first page: the total large, each term in a panel, measured and smoothed. */
import { smooth } from '../../../views/smoothing';
import { linearTicks, logTicks } from '../../../views/ticks';
import type { Tick } from '../../../views/ticks';
import { withAlpha } from '../../colourSpace';
import { categoryColour } from '../../look';
import type { Axis, Broken, Line, Panel, Range } from '../../panel/panel';
import type { Look } from '../../look';
import type { Arrangement } from '../../panel/arrangement';
import { nonFiniteRuns } from '../curves';
import type { Curve, DecodedStretches, LossData, Term, TermBefore } from '../curves';
import type { KeyEntry } from '../key';
import { readingText, readingTitle } from '../reading';
import { brokenText, longest, stepAxis, weightSchedules } from './page';
import type { Choices, Cursor, Drawing, Page, PanelText } from './page';

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

export const terms: Page = {
  id: 'terms',
  title: () => 'Terms',
  layout: 'first',
  count: (data) => data.terms.length,
  hasRightAxis: (data) => weightSchedules(data).length > 0,
  longestLabel: (drawing, boxes) => longest(boxes.map(({ height }, i) => valueAxis(drawing, i, height))),
  panels,
  texts,
  key,
  rows: () => 0,
};

function panels(drawing: Drawing, look: Look, arrangement: Arrangement): Panel[] {
  const { data } = drawing;
  const schedules = weightSchedules(data);
  return data.terms.map((term, i): Panel => {
    const box = arrangement.boxes[i]!;
    const value = valueAxis(drawing, i, box.height);
    const isFirst = i === 0;
    return {
      box,
      x: stepAxis(drawing, box),
      hasLabels: arrangement.hasStepAxis[i] ?? true,
      y: { ...value, title: isFirst ? data.unit : undefined },
      right: isFirst && schedules.length > 0 ? scheduleAxis(schedules) : undefined,
      bands: [],
      lines: [
        ...termLines(term, i, drawing, look),
        ...(isFirst ? schedules.map((schedule, k) => scheduleLine(schedule, k, look)) : []),
      ],
      broken: brokenOf(term, data),
    };
  });
}

/** Values that are no numbers, and steps that were not taken for one; those of the gradient stand at the total. */
function brokenOf({ name, train, validation }: Term, { broken }: LossData): Broken[] {
  const [trained = [], checked = []] = [train, validation].map((curve) => (curve ? nonFiniteRuns(curve) : []));
  // Most often validation breaks with the training, somewhat later: one mark says so.
  const alone = checked.filter(([from, to]) => !trained.some(([start, end]) => start <= from && to <= end));
  const own = broken.filter(({ quantity }) => quantity === name || name === 'total');
  return [
    ...[...trained, ...alone].map(([from, to]) => ({ from, to, text: 'NaN' })),
    ...own.map(({ quantity, value, step, batch }) => {
      const what = quantity === name ? '' : `${quantity} `;
      return { from: step, to: step, text: `${what}${brokenText({ value, batch })}` };
    }),
  ];
}

function texts({ data, choices, smoothed }: Drawing, { step }: Cursor, look: Look): PanelText[] {
  const reading = { step, weight: choices.smoothing, smoothed: (term: Term) => smoothed.get(term) };
  return data.terms.map((term, i) => {
    const colour = categoryColour(look.categories, i);
    const dots = [
      { curve: smoothed.get(term), colour },
      { curve: term.validation, colour: look.foreground },
    ];
    const text = readingText(term, reading);
    const short = text.replace(/ (last epoch|smoothed)/, '');
    return { name: term.name, colour, reading: text, short, title: readingTitle(term, reading), dots };
  });
}

function key({ data, choices, lastRun }: Drawing, look: Look): KeyEntry[] {
  const colour = categoryColour(look.categories, 0);
  const entries: KeyEntry[] = [];
  if (data.terms.some((term) => term.train !== undefined)) {
    if (choices.smoothing > 0) {
      entries.push({ text: 'training, smoothed', colour, width: 2 });
      entries.push({ text: 'each step', colour: withAlpha(colour, look.dark ? 0.5 : 0.4), width: 3 });
    } else {
      entries.push({ text: 'training, each step', colour, width: 1 });
    }
  }
  if (data.terms.some(({ validation }) => validation && validation.steps.length > 0)) {
    entries.push({ text: 'validation', colour: look.foreground, width: 1.25, marker: true });
  }
  if (data.terms.some(({ name }) => lastRun.has(name)))
    entries.push({ text: 'last run', colour: lastRunColour(look), width: 2 });
  weightSchedules(data).forEach(({ name }, i) => {
    const dash = SCHEDULE_DASHES[i % SCHEDULE_DASHES.length]!.join(' ');
    entries.push({ text: `${name} (right axis)`, colour: look.muted, width: 1.25, dash });
  });
  return entries;
}

function termLines(term: Term, panel: number, { choices, smoothed, lastRun }: Drawing, look: Look): Line[] {
  const colour = categoryColour(look.categories, panel);
  const lines = lastRunLines(term.name, lastRun.get(term.name), choices, look);
  if (term.train !== undefined) {
    const { steps, values } = term.train;
    const isAlone = choices.smoothing === 0;
    const raw = withAlpha(colour, isAlone ? 1 : look.dark ? 0.42 : 0.3);
    // A line needs two steps: one alone is a dot.
    const dot = steps.length === 1 ? { markers: colour } : {};
    lines.push({ name: `raw ${term.name}`, x: steps, y: values, colour: raw, width: 1, ...(isAlone && dot) });
    const average = smoothed.get(term);
    if (!isAlone && average)
      lines.push({ name: `train ${term.name}`, x: average.steps, y: average.values, colour, width: 2, ...dot });
  }
  if (term.validation !== undefined) {
    const { steps, values } = term.validation;
    const markers = steps.length > MAX_MARKERS ? undefined : look.background;
    const ink = { colour: look.foreground, width: 1.25, markers };
    lines.push({ name: `validation ${term.name}`, x: steps, y: values, ...ink });
  }
  return lines;
}

/** Behind all others, in a tone that is none of theirs. */
function lastRunLines(name: string, before: TermBefore | undefined, { smoothing }: Choices, look: Look): Line[] {
  const colour = lastRunColour(look);
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

export function lastRunColour(look: Look): string {
  return withAlpha(look.foreground, look.strong ? 0.6 : look.dark ? 0.38 : 0.3);
}

/** Dash patterns of schedules, in pixels. */
export const SCHEDULE_DASHES = [
  [7, 5],
  [2, 3],
  [7, 4, 2, 4],
  [11, 5],
] as const;

function scheduleLine(schedule: { name: string } & Curve, index: number, look: Look): Line {
  const dash = SCHEDULE_DASHES[index % SCHEDULE_DASHES.length]!;
  const { name, steps, values } = schedule;
  const ink = { colour: look.muted, width: 1.25, ...(steps.length === 1 ? { markers: look.muted } : { dash }) };
  return { name: `schedule ${name}`, x: steps, y: values, ...ink, right: true };
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
