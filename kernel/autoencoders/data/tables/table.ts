/** Tables that are rows of cells in memory: of JSON, or of a cell of a notebook. */
import { DataError } from '../checkData';
import { cut, listed } from '../words';
import type { Cell } from './cells';
import { headOf, type TableHead } from './head';
import { RowSink } from './rowSink';
import type { Pass, TablePart, TableSourceNow } from './source';

export interface RowsOptions {
  name: string;
  /** Column of the class. */
  label?: string;
  /** Columns of numbers. Default: all but the label. */
  columns?: readonly string[];
  /** Whether to look for the class where it is not told. */
  find?: boolean;
}

/** Rows of numbers; null is a missing one. */
export function tableOfRows(rows: readonly ArrayLike<unknown>[], options: RowsOptions): TableSourceNow {
  const columns = columnNames(rows[0]?.length ?? 0);
  return source(rows, columns, (row) => row, options);
}

/** Flat records, all with the fields of the first. */
export function tableOfRecords(records: readonly Record<string, unknown>[], options: RowsOptions): TableSourceNow {
  const columns = Object.keys(records[0] ?? {});
  const known = new Set(columns);
  const cells = (record: Record<string, unknown>, i: number): unknown[] => {
    const fields = Object.keys(record);
    const odd = columns.find((column) => !Object.hasOwn(record, column)) ?? fields.find((field) => !known.has(field));
    if (odd === undefined) return columns.map((column) => record[column]);
    throw new DataError(
      `${options.name}, row ${i}: the field “${cut(odd)}” is not in every record; the first has ${listed(columns)}`,
    );
  };
  return source(records, columns, cells, options);
}

/** A list for each column, all of one length. */
export function tableOfColumns(
  lists: Readonly<Record<string, ArrayLike<unknown>>>,
  options: RowsOptions,
): TableSourceNow {
  const columns = Object.keys(lists);
  const length = lists[columns[0]!]!.length;
  const odd = columns.find((column) => lists[column]!.length !== length);
  if (odd !== undefined) {
    throw new DataError(
      `${options.name}, column “${cut(odd)}”: found ${lists[odd]!.length} values; expected ${length}, as in “${cut(columns[0]!)}”`,
    );
  }
  const rows = Array.from({ length }, (_, i) => i);
  return source(rows, columns, (row) => columns.map((column) => lists[column]![row]), options);
}

/** `x0`, `x1`, …: names for columns that have none. */
export function columnNames(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `x${i}`);
}

/**
 * Names of columns from the cells of a header. Those without one are named by their place; of several with one name, the
 * later ones are `name.1`, `name.2`, as pandas has them, so that each can be named.
 */
export function headerNames(cells: readonly string[]): string[] {
  const places = columnNames(cells.length);
  const wanted = cells.map((cell, i) => cell.trim() || places[i]!);
  const all = new Set(wanted);
  const met = new Map<string, number>();
  return wanted.map((name) => {
    let times = met.get(name) ?? 0;
    const first = times === 0;
    while (times > 0 && all.has(`${name}.${times}`)) times += 1;
    met.set(name, times + 1);
    const given = first ? name : `${name}.${times}`;
    all.add(given);
    return given;
  });
}

/** Rows that are looked at to find the class. */
const START = 100;

function source<R>(
  rows: readonly R[],
  columns: string[],
  cells: (row: R, i: number) => ArrayLike<unknown>,
  { name, label, columns: features, find = false }: RowsOptions,
): TableSourceNow {
  const start = find ? rows.slice(0, START).map((row, i) => Array.from(cells(row, i)) as Cell[]) : undefined;
  const head = headOf({ name, columns, label, features, start });
  return { head, parts: (pass) => partsOf(head, pass, rows, cells) };
}

function* partsOf<R>(
  head: TableHead,
  pass: Pass,
  rows: readonly R[],
  cells: (row: R, i: number) => ArrayLike<unknown>,
): Generator<TablePart> {
  const sink = new RowSink(head, pass);
  for (const [i, row] of rows.entries()) {
    sink.add(cells(row, i), () => `row ${i}`);
    if (sink.full) yield sink.take();
  }
  if (sink.rows > 0) yield sink.take(true);
}
