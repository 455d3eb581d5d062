/** Which runs are one setting with several seeds. */
import type { Column, SweepData, Value } from './data';

export interface Setting {
  /** Its values of the parameters, in their order. */
  values: readonly Value[];
  /** Places of its runs, ascending. */
  runs: number[];
}

export const parametersOf = ({ columns }: SweepData): Column[] => columns.filter(({ kind }) => kind === 'parameter');

/** Parameters that are not the same in all runs; all of them where none differs. */
export function varying(data: SweepData): Column[] {
  const all = parametersOf(data);
  const differ = all.filter(({ values }) => values.some((value) => value !== values[0]));
  return differ.length > 0 ? differ : all;
}

/** Runs with equal values of these columns, in the order of their first runs. */
export function settingsOf(columns: readonly Column[], runs: Iterable<number>): Setting[] {
  const found = new Map<string, Setting>();
  for (const run of runs) {
    const values = columns.map((column) => column.values[run]!);
    const key = JSON.stringify(values);
    const known = found.get(key);
    if (known) known.runs.push(run);
    else found.set(key, { values, runs: [run] });
  }
  return [...found.values()];
}

/** `beta 4, latent 10` */
export function settingName(columns: readonly Column[], values: readonly Value[]): string {
  return columns.map(({ name }, i) => `${name} ${valueText(values[i] ?? null)}`).join(', ');
}

export function valueText(value: Value): string {
  if (value === null) return '–';
  if (typeof value !== 'number') return String(value);
  const size = Math.abs(value);
  const text =
    size !== 0 && (size >= 1e6 || size < 1e-3)
      ? value.toExponential(2).replace(/\.?0+e/, 'e')
      : String(Number(value.toPrecision(5)));
  return text.replace('e+', 'e').replace(/-/g, '−');
}
