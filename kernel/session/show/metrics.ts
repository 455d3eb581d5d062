/** Models beside each other by what was measured of them. */
import { randomUUID } from 'node:crypto';
import { object, optional, takes, text, type Kind } from '../../autoencoders/arguments';
import { estimate } from '../../autoencoders/index';
import type { Estimate } from '../../autoencoders/index';
import * as views from '../../views/index';
import { MIME } from '../../views/index';
import { viewOf, type View } from './modelViews';

/** A number, an estimate with its standard error, or numbers whose mean it is: of samples, or of seeds. */
export type MetricValue = number | Estimate | ArrayLike<number>;

/** Options of {@link metricsTable}. */
export interface MetricsOptions {
  title?: string;
  /** Which way is better, by the names of metrics. Default: told by names such as `error`, `ELBO`, `AUC`; else nothing is best. */
  better?: Readonly<Record<string, 'lower' | 'higher'>>;
  /** By the names of metrics. */
  units?: Readonly<Record<string, string>>;
}

type Rows = Readonly<Record<string, Readonly<Record<string, MetricValue | Promise<MetricValue>>>>>;

/**
 * A table of models and metrics: means with their standard errors, the best of each metric in bold; sorted by any column,
 * copied as CSV or LaTeX.
 *
 * ```ts
 * await metricsTable({
 *   VAE: { 'squared error': reconstructionErrors(vae, test), ELBO: estimateEvidenceLowerBound(vae, test) … },
 *   PCA: { 'squared error': reconstructionErrors(pca, test) },
 * })
 * ```
 */
export async function metricsTable(rows: Rows, options: MetricsOptions = {}): Promise<View<views.MetricsView>> {
  takes('metricsTable', ['rows', rows, tableOf], ['options', options, object()]);
  takes('metricsTable', ['title', options.title, optional(text)], ['better', options.better, optional(ways)]);
  takes('metricsTable', ['units', options.units, optional(texts)]);
  const models = Object.keys(rows);
  const names = [...new Set(models.flatMap((model) => Object.keys(rows[model]!)))];
  const unknown = [...Object.keys(options.better ?? {}), ...Object.keys(options.units ?? {})].find(
    (name) => !names.includes(name),
  );
  if (unknown !== undefined) {
    throw new RangeError(
      `metricsTable: there is no metric "${unknown}"; found ${names.map((name) => `"${name}"`).join(', ')}.`,
    );
  }
  const cells = [];
  for (const model of models) {
    const row = [];
    for (const name of names) {
      const value = rows[model]![name];
      row.push(value === undefined ? null : cellOf(await value, model, name));
    }
    cells.push(row);
  }
  const metrics = names.map((name): views.Metric => ({
    name,
    unit: options.units?.[name] ?? '',
    better: options.better?.[name] ?? views.usualWay(name),
  }));
  return viewOf(MIME.metrics, views.metrics({ id: randomUUID(), title: options.title, models, metrics, cells }));
}

function cellOf(
  value: MetricValue,
  model: string,
  metric: string,
): { value: number; standardError: number; count: number } {
  if (typeof value === 'number') return { value, standardError: 0, count: 1 };
  if (isEstimate(value)) return { value: value.value, standardError: value.standardError, count: 1 };
  if (isNumbers(value)) {
    if (value.length === 1) return { value: value[0]!, standardError: 0, count: 1 };
    return { ...estimate(value), count: value.length };
  }
  throw new TypeError(
    `metricsTable: "${metric}" of ${model} is a number, an estimate { value, standardError } or a list of numbers; ` +
      `found ${value === null ? 'null' : `a value of type ${typeof value}`}.`,
  );
}

function isEstimate(value: unknown): value is Estimate {
  const known = value as Partial<Estimate> | null | undefined;
  return typeof known?.value === 'number' && typeof known.standardError === 'number';
}

function isNumbers(value: unknown): value is ArrayLike<number> {
  const isList = Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
  const numbers = value as ArrayLike<unknown>;
  return isList && numbers.length > 0 && Array.prototype.every.call(numbers, (one) => typeof one === 'number');
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);

const tableOf: Kind = (value) => {
  const expected =
    'models by name, each an object of metrics by name, such as { VAE: { MSE: 25.3 }, PCA: { MSE: 36.1 } }';
  const rows = isRecord(value) ? Object.values(value) : [];
  const isTable =
    rows.length > 0 && rows.every((row) => isRecord(row)) && rows.some((row) => Object.keys(row as object).length > 0);
  return isTable ? undefined : expected;
};

const ways: Kind = (value) =>
  isRecord(value) && Object.values(value).every((way) => way === 'lower' || way === 'higher')
    ? undefined
    : 'an object of "lower" or "higher" by the names of metrics';

const texts: Kind = (value) =>
  isRecord(value) && Object.values(value).every((unit) => typeof unit === 'string')
    ? undefined
    : 'an object of units by the names of metrics';
