/** The histogram as plotly traces and layout: a pure function of the usage, the reader's choices, the theme and the size. */
import type { Layout, Trace } from 'plotly.js/lib/core';
import { linearTicks, logTicks } from '../../../kernel/views/ticks';
import { axisStyle, baseLayout, tickStyle, xDomain, yDomain } from '../../chart/axes';
import type { Box } from '../../chart/axes';
import type { ChartSpec, Size, Zoom } from '../../chart/chart';
import { withAlpha } from '../../colours';
import { count } from '../../numbers';
import { categoryColour } from '../../palette';
import type { Theme } from '../../theme';
import { codeAt } from './usage';
import type { Order, Usage } from './usage';

export interface Choices {
  order: Order;
  log: boolean;
}

/** From this many codes on bars are thinner than a pixel: the outline is drawn instead. */
const MAX_BARS = 400;
const HEIGHT = 280;
/** Room for counts of seven characters, with the title. */
const LEFT = 74;

export function plotBox(width: number): Box {
  return { left: LEFT, top: 10, width: Math.max(60, width - LEFT - 12), height: HEIGHT - 10 - 42 };
}

export function chartSize(width: number): Size {
  return { width, height: HEIGHT };
}

export function histogramSpec(
  usage: Usage,
  { order, log }: Choices,
  zoom: Readonly<Zoom>,
  theme: Theme,
  box: Box,
  size: Size,
): ChartSpec {
  const codes = usage.counts.length;
  const offset = order === 'rank' ? 1 : 0;
  const x = Array.from({ length: codes }, (_, i) => i + offset);
  const y = x.map((_, i) => usage.counts[codeAt(usage, order, i)!]!);
  const across = zoom.xaxis ?? [offset - 0.7, codes - 1 + offset + 0.7];
  const up = zoom.yaxis ?? countRange(usage, log);
  // Beyond the first and the last code there is none to be named.
  const [first, last] = [Math.max(offset, across[0]), Math.min(codes - 1 + offset, across[1])];
  const codeTicks = linearTicks(first, last, Math.max(3, Math.floor(box.width / 90)), { whole: true });
  const countTicks = log
    ? logTicks(10 ** up[0], 10 ** up[1], 6, { whole: true })
    : linearTicks(Math.max(0, up[0]), up[1], 6, { whole: true });
  const title = (text: string) => ({ text, standoff: 6, font: { size: 11, color: theme.muted } });
  const layout: Layout = {
    ...baseLayout(theme),
    bargap: codes > 100 ? 0.08 : 0.18,
    xaxis: {
      ...axisStyle(theme),
      domain: xDomain(box, size.width),
      range: across,
      ...tickStyle(codeTicks),
      showgrid: false,
      title: title(order === 'rank' ? 'rank (most used first)' : 'code index'),
    },
    yaxis: {
      ...axisStyle(theme),
      domain: yDomain(box, size.height),
      type: log ? 'log' : 'linear',
      range: up,
      ...tickStyle(countTicks),
      title: title(log ? 'uses (log)' : 'uses'),
    },
    ...references(usage, order, theme),
  };
  return { data: [usageTrace(x, y, log, theme)], layout };
}

function usageTrace(x: number[], y: number[], log: boolean, theme: Theme): Trace {
  const colour = categoryColour(theme.categories, 0);
  if (x.length <= MAX_BARS) return { type: 'bar', x, y, marker: { color: colour, line: { width: 0 } } };
  const shown = log ? y.map((uses) => (uses === 0 ? NaN : uses)) : y;
  return {
    type: 'scatter',
    mode: 'lines',
    x,
    y: shown,
    line: { color: colour, width: 1.25, shape: 'hvh' },
    fill: 'tozeroy',
    fillcolor: withAlpha(colour, 0.35),
  };
}

function countRange({ counts }: Usage, log: boolean): [number, number] {
  const highest = counts.reduce((a, b) => Math.max(a, b), 1);
  return log ? [Math.log10(0.7), Math.log10(highest) + 0.1] : [0, highest * 1.06];
}

/** The level of uniform use, and in rank order the stretch of codes that were never used. */
function references({ counts, total, dead }: Usage, order: Order, theme: Theme): Layout {
  const uniform = total / Math.max(1, counts.length);
  const shapes: object[] = [];
  if (uniform > 0) {
    shapes.push({
      type: 'line',
      xref: 'x domain',
      yref: 'y',
      x0: 0,
      x1: 1,
      y0: uniform,
      y1: uniform,
      line: { color: theme.muted, width: 1, dash: 'dash' },
      label: { text: 'uniform use', textposition: 'end', font: { size: 10, color: theme.muted } },
    });
  }
  if (order === 'rank' && dead.length > 0) {
    shapes.push({
      type: 'rect',
      xref: 'x',
      yref: 'y domain',
      x0: counts.length - dead.length + 0.5,
      x1: counts.length + 0.5,
      y0: 0,
      y1: 1,
      line: { width: 0 },
      fillcolor: withAlpha(theme.muted, 0.14),
      layer: 'below',
      label: { text: `${count(dead.length)} dead`, textposition: 'top right', font: { size: 10, color: theme.muted } },
    });
  }
  return { shapes };
}
