/** Loss curves as plotly traces and layout: a pure function of the data, the reader's choices, the theme and the size. */
import type { Layout, Trace } from 'plotly.js/lib/core';
import { smoothedCurve } from '../../../kernel/views/smoothing';
import { linearTicks, logTicks } from '../../../kernel/views/ticks';
import type { Tick } from '../../../kernel/views/ticks';
import { axisStyle, baseLayout, literal, tickStyle, xDomain, yDomain } from '../../chart/axes';
import type { ChartSpec, Size, Zoom } from '../../chart/chart';
import { withAlpha } from '../../colours';
import { categoryColour } from '../../palette';
import type { Theme } from '../../theme';
import type { Arrangement } from './arrangement';
import { nonFiniteRuns } from './curves';
import type { Curve, LossData, Term } from './curves';
import { canBeLog, shownSteps, valueRange } from './ranges';

export interface Choices {
  /** Weight of the exponential moving average, 0 … 0.99. */
  smoothing: number;
  log: boolean;
  /** Whether the y axes reach to the highest value. */
  full: boolean;
}

/** Above this many validation points their markers would run into each other. */
const MAX_MARKERS = 60;

/** `yaxis`, `yaxis2`, … of the panel with this index. */
export function yAxisName(panel: number): string {
  return panel === 0 ? 'yaxis' : `yaxis${panel + 1}`;
}

export function isLog(term: Term, choices: Choices): boolean {
  return choices.log && canBeLog(term);
}

/** What the value axis of a panel shows, in axis units (log10 on a log axis), and its ticks, in values. */
export function valueAxis(
  term: Term,
  panel: number,
  choices: Choices,
  zoom: Readonly<Zoom>,
  height: number,
): { range: [number, number]; ticks: Tick[] } {
  const log = isLog(term, choices);
  const range = zoom[yAxisName(panel)] ?? valueRange(term, choices.full, log).range;
  const count = Math.max(2, Math.floor(height / 30));
  const ticks = log ? logTicks(10 ** range[0], 10 ** range[1], count) : linearTicks(...range, count);
  return { range, ticks };
}

/** Terms whose highest values lie above the range that is shown. */
export function clippedTerms(data: LossData, choices: Choices): string[] {
  return data.terms
    .filter((term) => valueRange(term, choices.full, isLog(term, choices)).clipped)
    .map((term) => term.name);
}

export function lossCurvesSpec(
  data: LossData,
  choices: Choices,
  zoom: Readonly<Zoom>,
  theme: Theme,
  arrangement: Arrangement,
  size: Size,
): ChartSpec {
  const traces: Trace[] = [];
  const layout: Layout = { ...baseLayout(theme), shapes: [], annotations: [] };
  data.terms.forEach((term, panel) => {
    traces.push(...termTraces(term, panel, choices, theme));
    Object.assign(layout, termAxes(term, panel, data, choices, zoom, theme, arrangement, size));
    (layout.shapes as object[]).push(...brokenSteps(term, panel, theme));
  });
  const schedules = data.schedules.filter(({ steps }) => steps.length > 0);
  traces.push(...schedules.map((schedule, i) => scheduleTrace(schedule, i, data.terms.length, theme)));
  if (schedules.length > 0) layout[yAxisName(data.terms.length)] = scheduleAxis(schedules, theme);
  return { data: traces, layout };
}

function termTraces(term: Term, panel: number, choices: Choices, theme: Theme): Trace[] {
  const colour = categoryColour(theme.categories, panel);
  const axes = { xaxis: panel === 0 ? 'x' : `x${panel + 1}`, yaxis: panel === 0 ? 'y' : `y${panel + 1}` };
  const shared = { type: 'scatter', mode: 'lines', ...axes } as const;
  const traces: Trace[] = [];
  if (term.train !== undefined) {
    const { steps, values } = term.train;
    const raw = withAlpha(colour, choices.smoothing === 0 ? 1 : theme.dark ? 0.42 : 0.3);
    traces.push({ ...shared, uid: `raw ${term.name}`, x: steps, y: values, line: { color: raw, width: 1 } });
    const { smoothing } = choices;
    const smoothed = smoothing === 0 ? { steps, values: [] } : smoothedCurve(term.train, smoothing);
    const line = { color: colour, width: 2 };
    traces.push({ ...shared, uid: `train ${term.name}`, x: smoothed.steps, y: smoothed.values, line });
  }
  if (term.validation !== undefined) {
    const { steps, values } = term.validation;
    traces.push({
      ...shared,
      uid: `validation ${term.name}`,
      mode: steps.length > MAX_MARKERS ? 'lines' : 'lines+markers',
      x: steps,
      y: values,
      line: { color: theme.foreground, width: 1.25 },
      marker: { size: 5, color: theme.background, line: { color: theme.foreground, width: 1.25 } },
    });
  }
  return traces;
}

function termAxes(
  term: Term,
  panel: number,
  data: LossData,
  choices: Choices,
  zoom: Readonly<Zoom>,
  theme: Theme,
  arrangement: Arrangement,
  size: Size,
): Layout {
  const box = arrangement.boxes[panel]!;
  const log = isLog(term, choices);
  const value = valueAxis(term, panel, choices, zoom, box.height);
  const steps = zoom.xaxis ?? shownSteps(data);
  const hasSteps = arrangement.hasStepAxis[panel] ?? true;
  const title = (text: string) => ({ text, standoff: 6, font: { size: 11, color: theme.muted } });
  return {
    [panel === 0 ? 'xaxis' : `xaxis${panel + 1}`]: {
      ...axisStyle(theme),
      anchor: panel === 0 ? 'y' : `y${panel + 1}`,
      domain: xDomain(box, size.width),
      range: steps,
      ...(panel > 0 && { matches: 'x' }),
      ...tickStyle(linearTicks(...steps, Math.max(3, Math.floor(box.width / 72)), { whole: true })),
      showgrid: false,
      showticklabels: hasSteps,
      title: hasSteps ? title('optimizer step') : undefined,
    },
    [yAxisName(panel)]: {
      ...axisStyle(theme),
      anchor: panel === 0 ? 'x' : `x${panel + 1}`,
      domain: yDomain(box, size.height),
      type: log ? 'log' : 'linear',
      range: value.range,
      ...tickStyle(value.ticks),
      title: panel === 0 ? title(literal(data.unit)) : undefined,
    },
  };
}

/** Steps whose value is not finite: a dotted line, or a band where many follow each other. */
function brokenSteps(term: Term, panel: number, theme: Theme): object[] {
  const curves = [term.train, term.validation].filter((curve): curve is Curve => curve !== undefined);
  const axes = { xref: panel === 0 ? 'x' : `x${panel + 1}`, yref: `${panel === 0 ? 'y' : `y${panel + 1}`} domain` };
  return curves.flatMap(nonFiniteRuns).map(([from, to]) => ({
    ...axes,
    type: from === to ? 'line' : 'rect',
    x0: from,
    x1: to,
    y0: 0,
    y1: 1,
    line: { color: theme.error, width: 1, dash: 'dot' },
    fillcolor: withAlpha(theme.error, 0.12),
    label: {
      text: 'NaN',
      textposition: from === to ? 'end' : 'top center',
      textangle: 0,
      font: { size: 10, color: theme.error },
    },
  }));
}

export const SCHEDULE_DASHES = ['dash', 'dot', 'dashdot', 'longdash'] as const;

function scheduleTrace(schedule: { name: string } & Curve, index: number, axis: number, theme: Theme): Trace {
  return {
    type: 'scatter',
    mode: 'lines',
    uid: `schedule ${schedule.name}`,
    x: schedule.steps,
    y: schedule.values,
    xaxis: 'x',
    yaxis: `y${axis + 1}`,
    line: { color: theme.muted, width: 1.25, dash: SCHEDULE_DASHES[index % SCHEDULE_DASHES.length] },
  };
}

/** Characters that fit along the axis; the key has the whole names. */
const LONGEST_TITLE = 32;

function cut(text: string): string {
  return text.length > LONGEST_TITLE ? `${text.slice(0, LONGEST_TITLE - 1)}…` : text;
}

/** The second axis of the first panel, on its right. */
function scheduleAxis(schedules: ({ name: string } & Curve)[], theme: Theme): Layout {
  const highest = schedules.flatMap(({ values }) => Array.from(values)).filter(Number.isFinite);
  const top = highest.reduce((a, b) => Math.max(a, b), 0) || 1;
  return {
    ...axisStyle(theme),
    overlaying: 'y',
    anchor: 'x',
    side: 'right',
    range: [0, top * 1.08],
    fixedrange: true,
    ...tickStyle(linearTicks(0, top * 1.08, 5)),
    showgrid: false,
    title: {
      text: literal(cut(schedules.map(({ name }) => name).join(', '))),
      standoff: 4,
      font: { size: 11, color: theme.muted },
    },
  };
}
