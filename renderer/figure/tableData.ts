/** What a figure's table holds. */

export type Cell = string | number | null;

/** Rows are made when they are asked for: a scatter has many thousands. */
export interface TableData {
  columns: string[];
  readonly rows: number;
  row(index: number): Cell[];
  /** Columns of words, which are aligned at their beginning; absent: the first. */
  words?: readonly boolean[];
  /** How a cell is written; absent: as figures write numbers. */
  format?(cell: Cell): string;
  /** Which data its rows are from, and where they stand there, for views of the same data. */
  linked?: LinkedTable | undefined;
}

export interface LinkedTable {
  data: string;
  /** The row of the data that a row of the table is of. */
  rowOf(index: number): number;
}

/** A table's rows are of these data, where the view names any. */
export function withRows(table: TableData, data: string | undefined, rowOf: LinkedTable['rowOf']): TableData {
  return data === undefined ? table : { ...table, linked: { data, rowOf } };
}
