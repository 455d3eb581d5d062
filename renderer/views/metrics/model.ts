/** A table of models and metrics, in the order of one of them, and as text for papers. */
import * as z from '../../schema';
import { isBest, metricHead } from '../../../kernel/views/metricRanks';
import type { MetricsView } from '../../../kernel/views/types';
import { viewBase } from '../../data';
import type { Cell, TableData } from '../../figure/table';

export const metricsSchema: z.Schema<MetricsView> = z.object({
  ...viewBase,
  models: z.array(z.string()),
  metrics: z.array(z.object({ name: z.string(), unit: z.string(), better: z.nullable(z.enum(['lower', 'higher'])) })),
  cells: z.array(
    z.array(
      z.nullable(
        z.object({ value: z.nullable(z.number()), text: z.string(), standardError: z.number(), count: z.number() }),
      ),
    ),
  ),
});

export interface Sorting {
  /** −1 for the names of the models. */
  metric: number;
  descending: boolean;
}

/** Models in the order of a metric, those without it last; in their own order without one. */
export function orderOf({ models, cells }: MetricsView, sorting: Sorting | undefined): number[] {
  const order = models.map((_, i) => i);
  if (!sorting) return order;
  const way = sorting.descending ? -1 : 1;
  if (sorting.metric < 0)
    return order.sort((a, b) => way * models[a]!.localeCompare(models[b]!, 'en', { numeric: true }));
  const at = (i: number) => cells[i]?.[sorting.metric]?.value ?? null;
  return order.sort((a, b) => {
    const [one, other] = [at(a), at(b)];
    if (one === null || other === null) return Number(one === null) - Number(other === null) || a - b;
    return way * (one - other) || a - b;
  });
}

/** In full precision: a column for each metric, and one for its standard error where any has one. */
export function metricsData(view: MetricsView, order: readonly number[]): TableData {
  const { models, metrics, cells } = view;
  const uncertain = metrics.map((_, m) => cells.some((row) => (row[m]?.standardError ?? 0) > 0));
  const head = metrics.flatMap((metric, m) => {
    const name = metric.unit === '' ? metric.name : `${metric.name} (${metric.unit})`;
    return uncertain[m] ? [name, `${name}, s.e.`] : [name];
  });
  return {
    columns: ['model', ...head],
    rows: models.length,
    row: (i): Cell[] => {
      const model = order[i]!;
      return [
        models[model]!,
        ...metrics.flatMap((_, m): Cell[] => {
          const cell = cells[model]?.[m] ?? null;
          const value = cell === null ? null : (cell.value ?? cell.text);
          return uncertain[m] ? [value, cell?.standardError || null] : [value];
        }),
      ];
    },
  };
}

const SPECIAL: Record<string, string> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  β: '$\\beta$',
  '↓': '$\\downarrow$',
  '↑': '$\\uparrow$',
  '²': '$^2$',
  κ: '$\\kappa$',
  λ: '$\\lambda$',
};

function escaped(text: string): string {
  return text.replace(/[\\~^β↓↑²κλ]|[&%$#_{}]/g, (character) => SPECIAL[character] ?? `\\${character}`);
}

/** `25.31 ± 0.12` as `25.31 \pm 0.12`, powers of ten as such. */
function mathOf(text: string): string {
  const digits = '⁰¹²³⁴⁵⁶⁷⁸⁹';
  return text
    .replaceAll('−', '-')
    .replaceAll('±', '\\pm')
    .replaceAll('×', '\\times')
    .replaceAll(',', '{,}')
    .replace(/10(⁻?)([⁰¹²³⁴⁵⁶⁷⁸⁹]+)/g, (_, sign: string, power: string) => {
      const exponent = [...power].map((digit) => digits.indexOf(digit)).join('');
      return `10^{${sign === '' ? '' : '-'}${exponent}}`;
    });
}

/** A tabular of the package booktabs. */
export function latexOf(view: MetricsView, order: readonly number[]): string {
  const { models, metrics, cells } = view;
  const line = (parts: string[]) => `    ${parts.join(' & ')} \\\\`;
  const rows = order.map((model) => {
    const values = metrics.map((_, m) => {
      const cell = cells[model]?.[m];
      if (!cell) return '--';
      if (cell.value === null) return escaped(cell.text);
      const math = mathOf(cell.text);
      return isBest(view, model, m) ? `$\\mathbf{${math}}$` : `$${math}$`;
    });
    return line([escaped(models[model]!), ...values]);
  });
  return [
    '% needs \\usepackage{booktabs}',
    `\\begin{tabular}{l${'r'.repeat(metrics.length)}}`,
    '  \\toprule',
    line(['Model', ...metrics.map((metric) => escaped(metricHead(metric)))]),
    '  \\midrule',
    ...rows,
    '  \\bottomrule',
    '\\end{tabular}',
    '',
  ].join('\n');
}
