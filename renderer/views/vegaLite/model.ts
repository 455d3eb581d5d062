/** A specification of Vega-Lite's as a view: in the page's colours, with the rows of its data. */
import * as z from '../../schema';
import type { Config, TopLevelSpec } from 'vega-lite';
import type { ViewBase } from '../../../kernel/views/types';
import { viewBase } from '../../data';
import type { Cell, TableData } from '../../figure/table';
import type { Theme } from '../../theme';

export interface VegaLiteView extends ViewBase {
  spec: Record<string, unknown>;
}

export const vegaLiteSchema: z.Schema<VegaLiteView> = z.object({
  ...viewBase,
  spec: z.record(z.string(), z.unknown()),
});

const CONTAINER = 'container';

/** Whether the chart is as wide as the page lets it. */
function fillsWidth({ width }: VegaLiteView['spec']): boolean {
  return width === CONTAINER;
}

/** Whether its width depends on that of the page: it fills it, or says nothing. */
export function followsWidth(spec: VegaLiteView['spec']): boolean {
  return fillsWidth(spec) || spec['width'] === undefined;
}

/** Room for axis and legend beside a plot. */
const BESIDE = 150;

/**
 * The specification to be drawn. Vega-Lite asks for the width of its container where it cannot be had.
 *
 * @param width pixels that there are
 */
export function specFor(spec: VegaLiteView['spec'], width: number, isPrinted: boolean): TopLevelSpec {
  const own: Record<string, unknown> = fillsWidth(spec)
    ? { ...spec, width, autosize: spec['autosize'] ?? { type: 'fit-x', contains: 'padding' } }
    : { ...spec };
  // The figure around it has the title.
  if (!isPrinted) delete own['title'];
  return own as unknown as TopLevelSpec;
}

/** The colours of a theme, and a width that fits; what the specification's own `config` says goes before. */
export function configFor(theme: Theme, width: number): Config {
  const { foreground, line, grid, background } = theme;
  const labels = { labelColor: foreground, titleColor: foreground };
  return {
    background,
    font: theme.fontFamily,
    axis: { ...labels, gridColor: grid, domainColor: line, tickColor: line },
    legend: labels,
    header: labels,
    title: { color: foreground, subtitleColor: foreground },
    view: { stroke: line, continuousWidth: Math.max(160, Math.min(480, width - BESIDE)), continuousHeight: 280 },
    mark: { color: theme.categories[0]! },
    text: { color: foreground },
    rule: { color: foreground },
    range: { category: [...theme.categories] },
  };
}

/** Rows of data as a table, under the names that they have. */
export function tableOf(records: readonly Record<string, unknown>[]): TableData {
  const columns = [...new Set(records.flatMap((record) => Object.keys(record)))];
  return {
    columns,
    rows: records.length,
    row: (index) => columns.map((column) => cellOf(records[index]![column])),
  };
}

function cellOf(value: unknown): Cell {
  if (typeof value === 'number' || typeof value === 'string') return value;
  if (value === undefined || value === null) return null;
  return value instanceof Date ? value.toISOString() : JSON.stringify(value);
}
