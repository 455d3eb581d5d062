/** Tables: rows of cells that come from text, JSON or a cell of a notebook, one of whose columns may be the class. */
import { DataError } from '../training/checkData';
import type { DatasetParts } from './parts';

export type Cell = string | number | boolean | null | undefined;

/** What stands for a missing number, as in R, pandas and NumPy. */
const MISSING = new Set(['', 'na', 'nan', 'n/a', 'null', '?']);
const INFINITIES = new Map([
  ['inf', Infinity],
  ['+inf', Infinity],
  ['-inf', -Infinity],
]);

/** The number that a cell holds (NaN where it says that one is missing), or undefined when it holds text. */
export function numberOf(cell: Cell): number | undefined {
  if (typeof cell === 'number') return cell;
  if (typeof cell === 'boolean') return cell ? 1 : 0;
  const text = cell?.trim().toLowerCase() ?? '';
  if (MISSING.has(text)) return NaN;
  const number = INFINITIES.get(text) ?? Number(text === 'infinity' || text === '-infinity' ? cell : text);
  return Number.isNaN(number) ? undefined : number;
}

export interface TableOptions {
  /** For messages: a file, say. */
  name: string;
  columns: string[];
  /** Name of the column that holds the class. */
  label?: string;
}

/** Grows row by row; keeps numbers alone, so that a large file fits into memory. */
export class Table {
  private values = new Float32Array(1024);
  private used = 0;
  private readonly classes: string[] = [];
  private readonly features: string[];
  private readonly labelColumn: number;

  /** @throws {DataError} when there is no such label column, or none besides it */
  constructor(private readonly options: TableOptions) {
    const { name, columns, label } = options;
    this.labelColumn = label === undefined ? -1 : columns.indexOf(label);
    if (label !== undefined && this.labelColumn < 0) {
      throw new DataError(
        `${name} has no column “${label}” to take labels from; its columns are ${columns.join(', ')}`,
      );
    }
    this.features = columns.filter((_, column) => column !== this.labelColumn);
    if (this.features.length === 0) throw new DataError(`${name} has no column of numbers besides the label`);
  }

  /**
   * @param place of the row, for messages: `line 7`
   * @throws {DataError} when the row is shorter or longer than the others, or a cell holds text
   */
  add(cells: readonly Cell[], place: string): void {
    const { name, columns } = this.options;
    if (cells.length !== columns.length) {
      throw new DataError(
        `${name}, ${place}: found ${cells.length} values; expected ${columns.length}, as in the first row`,
      );
    }
    this.reserve(this.features.length);
    for (const [column, cell] of cells.entries()) {
      if (column === this.labelColumn) this.classes.push(String(cell ?? '').trim());
      else this.values[this.used++] = this.number(cell, column, place);
    }
  }

  /** Rows so far. */
  get length(): number {
    return this.used / this.features.length;
  }

  /** The names of classes in the order of their indices. */
  static sorted(classes: Iterable<string>): string[] {
    return [...new Set(classes)].sort(byNumberThenText);
  }

  /**
   * @param classNames of the whole table, where this is a part of it
   * @throws {DataError} when no row was added
   */
  parts(classNames = Table.sorted(this.classes)): DatasetParts {
    const { name } = this.options;
    if (this.used === 0) throw new DataError(`${name} holds no rows of numbers`);
    const values = this.values.slice(0, this.used);
    const shape = { kind: 'vector' as const, features: this.features };
    if (this.labelColumn < 0) return { name, values, shape };
    const index = new Map(classNames.map((one, i) => [one, i]));
    return { name, values, shape, labels: Int32Array.from(this.classes, (one) => index.get(one)!), classNames };
  }

  private number(cell: Cell, column: number, place: string): number {
    const number = isCell(cell) ? numberOf(cell) : undefined;
    if (number !== undefined) return number;
    const { name, columns } = this.options;
    const title = columns[column]!;
    const found = isCell(cell) ? `“${String(cell)}”` : 'a nested value';
    throw new DataError(
      `${name}, ${place}, column “${title}”: found ${found}; expected a number. If this column is the class of each sample, pass { label: '${title}' }; else leave it out`,
    );
  }

  private reserve(count: number): void {
    if (this.used + count <= this.values.length) return;
    const larger = new Float32Array(Math.max(this.used + count, this.values.length * 2));
    larger.set(this.values);
    this.values = larger;
  }
}

/** Rows of numbers; null is a missing one. */
export function tableOfRows(name: string, rows: readonly ArrayLike<Cell>[], label?: string): Table {
  const table = new Table({ name, columns: columnNames(rows[0]?.length ?? 0), label });
  for (const [i, row] of rows.entries()) table.add(Array.from(row), `row ${i}`);
  return table;
}

/** Flat records, all with the fields of the first. */
export function tableOfRecords(name: string, records: readonly Record<string, unknown>[], label?: string): Table {
  const columns = Object.keys(records[0] ?? {});
  const table = new Table({ name, columns, label });
  for (const [i, record] of records.entries()) {
    const fields = Object.keys(record);
    const odd = columns.find((column) => !(column in record)) ?? fields.find((field) => !columns.includes(field));
    if (odd !== undefined) {
      throw new DataError(
        `${name}, row ${i}: the field “${odd}” is not in every record; the first has ${columns.join(', ')}`,
      );
    }
    table.add(
      columns.map((column) => record[column] as Cell),
      `row ${i}`,
    );
  }
  return table;
}

/** `x0`, `x1`, …: names for columns that have none. */
export function columnNames(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `x${i}`);
}

function isCell(cell: unknown): cell is Cell {
  return cell == null || ['string', 'number', 'boolean'].includes(typeof cell);
}

function byNumberThenText(a: string, b: string): number {
  const [x, y] = [Number(a), Number(b)];
  return Number.isNaN(x) || Number.isNaN(y) ? (a < b ? -1 : 1) : x - y;
}
