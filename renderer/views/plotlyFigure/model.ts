/** Plotly's JSON as a view: `{ data, layout }` with what every figure has. */
import type { AnyTrace, Layout } from 'plotly.js/lib/core';
import * as z from '../../schema';
import type { ViewBase } from '../../../kernel/views/types';
import { viewBase } from '../../data';
import type { Cell, TableData } from '../../figure/table';
import type { Theme } from '../../theme';
import { nameOf } from './asView';

export interface PlotlyView extends ViewBase {
  data: AnyTrace[];
  layout: Layout;
}

const attributes = z.record(z.string(), z.unknown());

export const plotlySchema: z.Schema<PlotlyView> = z.object({
  ...viewBase,
  data: z.array(attributes),
  layout: attributes,
});

/** The numbers of the traces under each other. */
export function tableOf(data: readonly AnyTrace[]): TableData {
  const keys = ['x', 'y', 'z', 'r', 'theta', 'labels', 'values'].filter((key) =>
    data.some((trace) => Array.isArray(trace[key])),
  );
  const lengths = data.map((trace) => Math.max(0, ...keys.map((key) => listIn(trace, key).length)));
  const starts = lengths.map((_, i) => lengths.slice(0, i).reduce((sum, length) => sum + length, 0));
  return {
    columns: ['trace', ...keys],
    rows: lengths.reduce((sum, length) => sum + length, 0),
    row: (index) => {
      const i = starts.findLastIndex((start, at) => index >= start && lengths[at]! > 0);
      const trace = data[i]!;
      return [nameOf(trace, i), ...keys.map((key) => cellOf(listIn(trace, key)[index - starts[i]!]))];
    },
  };
}

function listIn(trace: AnyTrace, key: string): unknown[] {
  return Array.isArray(trace[key]) ? (trace[key] as unknown[]) : [];
}

function cellOf(value: unknown): Cell {
  if (typeof value === 'number' || typeof value === 'string') return value;
  return value === undefined || value === null ? null : JSON.stringify(value);
}

/** The layout on a page of this theme: what the user says goes before. */
export function layoutFor(layout: Layout, theme: Theme): Layout {
  const axis = { gridcolor: theme.grid, zerolinecolor: theme.line, linecolor: theme.line, automargin: true };
  const themed = {
    paper_bgcolor: theme.background,
    plot_bgcolor: theme.background,
    font: { color: theme.foreground, family: theme.fontFamily, size: 12 },
    colorway: [...theme.categories],
    hoverlabel: { bgcolor: theme.control, bordercolor: theme.line, font: { color: theme.foreground } },
    margin: { t: 24, r: 24, b: 48, l: 56 },
    xaxis: axis,
    yaxis: axis,
    polar: { bgcolor: theme.background, radialaxis: axis, angularaxis: axis },
  };
  // The figure around it has the title.
  return { ...layout, title: undefined, template: layout['template'] ?? { layout: themed } };
}
