/** The look that all plotly axes of ours share. */
import type { Layout } from 'plotly.js/lib/core';
import type { Tick } from '../../kernel/views/ticks';
import type { Theme } from '../theme';

/** Where an axis pair lies on the chart, in pixels: the plot area without ticks and titles. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Layout without margins: every plot area is placed by its {@link Box}. */
export function baseLayout(theme: Theme, background = 'rgba(0,0,0,0)'): Layout {
  return {
    margin: { l: 0, r: 0, t: 0, b: 0, pad: 0 },
    paper_bgcolor: background,
    plot_bgcolor: 'rgba(0,0,0,0)',
    font: { family: theme.fontFamily, size: 11, color: theme.muted },
    showlegend: false,
    hovermode: false,
    dragmode: 'zoom',
    autosize: false,
  };
}

export function axisStyle(theme: Theme): Layout {
  return {
    automargin: false,
    gridcolor: theme.grid,
    gridwidth: 1,
    linecolor: theme.line,
    linewidth: 1,
    showline: true,
    zeroline: false,
    ticks: 'outside',
    ticklen: 4,
    tickcolor: theme.line,
    tickfont: { size: 11, color: theme.muted },
  };
}

/** Our own ticks: plotly rounds labels to a format whatever the ticks are, and names small and large numbers otherwise. */
export function tickStyle(ticks: readonly Tick[]): Layout {
  return { tickmode: 'array', tickvals: ticks.map(({ value }) => value), ticktext: ticks.map(({ text }) => text) };
}

export function xDomain(box: Box, width: number): [number, number] {
  return [box.left / width, Math.min(1, (box.left + box.width) / width)];
}

export function yDomain(box: Box, height: number): [number, number] {
  return [Math.max(0, 1 - (box.top + box.height) / height), 1 - box.top / height];
}

/** Pixels from the left edge of the chart. */
export function toX(value: number, range: readonly [number, number], box: Box): number {
  return box.left + ((value - range[0]) / (range[1] - range[0])) * box.width;
}

export function fromX(x: number, range: readonly [number, number], box: Box): number {
  return range[0] + ((x - box.left) / box.width) * (range[1] - range[0]);
}

/** Pixels from the top edge of the chart. `value` in axis units. */
export function toY(value: number, range: readonly [number, number], box: Box): number {
  return box.top + (1 - (value - range[0]) / (range[1] - range[0])) * box.height;
}

/** A range made smaller (factor < 1) or larger around a centre. */
export function scaleRange([low, high]: readonly [number, number], centre: number, factor: number): [number, number] {
  return [centre + (low - centre) * factor, centre + (high - centre) * factor];
}

/** Text as it is: plotly reads a few HTML tags in titles, labels and annotations. */
export function literal(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
