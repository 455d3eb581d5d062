/** The table of runs: which columns it has, and in which order its rows stand. */
import type { Column, SweepData, Value } from './data';
import { minus, quantity } from '../wording';
import { valueText } from './settings';

export interface Sorting {
  column: string;
  descending: boolean;
}

/** Columns that say something: parameters that are the same everywhere stand behind the others. */
export function tableColumns({ columns }: SweepData): Column[] {
  const differs = ({ values }: Column) => values.some((value) => value !== values[0]);
  const rank = (column: Column) => {
    const order = ['run', 'state', 'parameter', 'seed', 'metric'].indexOf(column.kind);
    return column.kind === 'parameter' && !differs(column) ? 5 : order;
  };
  return columns
    .filter(({ values, kind }) => kind !== 'metric' || values.some((value) => value !== null))
    .sort((a, b) => rank(a) - rank(b));
}

/** Places of runs in the order of a column: numbers before words, what is missing last whichever way. */
export function sortedRuns(runs: readonly number[], column: Column | undefined, descending: boolean): number[] {
  if (!column) return [...runs];
  const way = descending ? -1 : 1;
  const rank = (value: Value) => (value === null ? 2 : typeof value === 'number' ? 0 : 1);
  return [...runs].sort((a, b) => {
    const [one, other] = [column.values[a] ?? null, column.values[b] ?? null];
    const ranks = rank(one) - rank(other);
    if (ranks !== 0 || one === null || other === null) return ranks || a - b;
    if (typeof one === 'number' && typeof other === 'number') return way * (one - other) || a - b;
    return way * COLLATOR.compare(String(one), String(other)) || a - b;
  });
}

const COLLATOR = new Intl.Collator('en', { numeric: true });

/** As the table writes it: metrics of a column with as many decimals. */
export function cellText(column: Column, value: Value): string {
  if (value === null) return '–';
  if (column.kind !== 'metric' || typeof value !== 'number') return valueText(value);
  const decimals = decimalsOf(column);
  const isTold =
    decimals !== null && Number.isFinite(value) && (value === 0 || Math.abs(value) >= 0.5 * 10 ** -decimals);
  return isTold ? minus(value.toFixed(decimals)) : quantity(value);
}

const known = new WeakMap<readonly Value[], { length: number; decimals: number | null }>();

/** The decimals that four digits of the greatest value leave; null if it is written otherwise. */
function decimalsOf({ values }: Column): number | null {
  const before = known.get(values);
  if (before?.length === values.length) return before.decimals;
  const greatest = values.reduce<number>(
    (most, value) => (typeof value === 'number' && Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most),
    0,
  );
  const decimals = greatest >= 1e-3 && greatest < 1000 ? 3 - Math.floor(Math.log10(greatest)) : null;
  known.set(values, { length: values.length, decimals });
  return decimals;
}
