/** Which model is best by a metric: one rule for the live table and for pictures. */
import type { Metric, MetricsView } from './types';

/** Whether a model has the best value of a metric, alone or with others; where no way is better, nobody has. */
export function isBest(
  { metrics, cells }: Pick<MetricsView, 'metrics' | 'cells'>,
  model: number,
  metric: number,
): boolean {
  const { better } = metrics[metric]!;
  const value = cells[model]?.[metric]?.value;
  if (better === null || value === null || value === undefined) return false;
  const others = cells.flatMap((row) => row[metric]?.value ?? []);
  if (others.length < 2) return false;
  return value === (better === 'lower' ? Math.min(...others) : Math.max(...others));
}

/** `MSE ↓`, `ELBO (nats) ↑` */
export function metricHead({ name, unit, better }: Metric): string {
  const way = better === null ? '' : better === 'lower' ? ' ↓' : ' ↑';
  return `${name}${unit === '' ? '' : ` (${unit})`}${way}`;
}

/** What bold and ± mean. */
export function metricNotes({ metrics, cells }: MetricsView): string[] {
  const notes: string[] = [];
  if (metrics.some(({ better }) => better !== null))
    notes.push('Bold: the best value of each metric (↓ lower is better, ↑ higher is better).');
  if (cells.some((row) => row.some((cell) => (cell?.standardError ?? 0) > 0)))
    notes.push('After ± the standard error of the mean.');
  return notes;
}
