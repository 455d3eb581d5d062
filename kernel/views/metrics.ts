import { isBest } from './metricRanks';
import { VIEW_VERSION } from './types';
import type { Metric, MetricCell, MetricsView } from './types';
import { counted, measured, minus, quantity } from './wording';

export interface MetricsInput {
  id: string;
  title?: string | undefined;
  models: string[];
  metrics: Metric[];
  /** [models][metrics] */
  cells: ({ value: number; standardError: number; count: number } | null)[][];
}

/** Models beside each other, with as many digits as their standard errors allow. */
export function metrics({ id, title = 'Metrics', models, metrics: columns, cells }: MetricsInput): MetricsView {
  const view: MetricsView = {
    version: VIEW_VERSION,
    id,
    title,
    summary: '',
    models,
    metrics: columns,
    cells: cells.map((row) => row.map((cell, m) => cell && cellOf(cell, placesOf(cells.map((one) => one[m] ?? null))))),
  };
  return { ...view, summary: summarize(view) };
}

type Estimate = NonNullable<MetricsInput['cells'][number][number]>;

function cellOf({ value, standardError, count }: Estimate, places: number | undefined): MetricCell {
  const text = metricText(value, standardError, places);
  return {
    value: Number.isFinite(value) ? value : null,
    text,
    standardError: Number.isFinite(standardError) ? standardError : 0,
    count,
  };
}

/**
 * The decimals of a column: those that its greatest error leaves with two digits, where none of its errors vanishes with
 * them. Undefined: each is written with its own.
 */
function placesOf(cells: readonly (Estimate | null)[]): number | undefined {
  const errors = cells.flatMap((cell) => (cell && isKnown(cell.standardError) ? [cell.standardError] : []));
  const places = placesFor(Math.max(...errors));
  return errors.length > 0 && Math.min(...errors) >= 0.5 * 10 ** -places ? places : undefined;
}

/** Neither 0, as that of an exact number, nor NaN, as that of numbers with a NaN. */
const isKnown = (standardError: number) => standardError > 0 && standardError < Infinity;

const placesFor = (standardError: number) => 1 - Math.floor(Math.log10(standardError));

/** The error to two digits, the value to the same place: `25.31 ± 0.12`; values without one to four digits. */
export function metricText(value: number, standardError: number, places = placesFor(standardError)): string {
  if (!Number.isFinite(value)) return String(value);
  if (!isKnown(standardError)) return Number.isInteger(value) ? quantity(value) : measured(value);
  const size = Math.max(Math.abs(value), standardError);
  if (size >= 1e6 || places > 8) return `${quantity(value)} ± ${quantity(Number(standardError.toPrecision(2)))}`;
  const write = (number: number) =>
    places > 0 ? number.toFixed(places) : String(Math.round(number * 10 ** places) / 10 ** places);
  return `${minus(write(value))} ± ${write(standardError)}`;
}

function summarize(view: MetricsView): string {
  const best = view.metrics.flatMap(({ name }, m) => {
    const model = view.models.find((_, i) => isBest(view, i, m));
    const cell = model === undefined ? undefined : view.cells[view.models.indexOf(model)]![m];
    return cell ? [`${name} ${model} with ${cell.text}`] : [];
  });
  const what = `${view.title}: ${counted(view.models.length, 'model')} by ${counted(view.metrics.length, 'metric')}`;
  return best.length === 0 ? `${what}.` : `${what}; best in ${best.join(', ')}.`;
}
