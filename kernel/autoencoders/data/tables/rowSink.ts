/** Puts rows of cells into parts of a table, number by number. */
import { DataError } from '../checkData';
import { UNKNOWN } from '../classes';
import { cut } from '../words';
import { isCell, isHuge, isTruthText, looksLikeDate, numberOf, type Cell } from './cells';
import { LABEL, type TableHead } from './head';
import type { Pass, TablePart } from './source';

/** Values of a part: 4 MB. */
const PART = 1 << 20;

/** Takes row after row of one pass; a part is full after some MB. */
export class RowSink {
  values: Float32Array;
  codes: Int32Array | null;
  rows = 0;
  /** Rows that a part holds. */
  readonly capacity: number;
  readonly width: number;

  constructor(
    readonly head: TableHead,
    readonly pass: Pass,
    /** Rows of a part; default: what fills some MB. */
    capacity?: number,
  ) {
    this.width = head.features.length;
    this.capacity = capacity ?? Math.max(1, Math.floor(PART / this.width));
    this.values = new Float32Array(this.capacity * this.width);
    this.codes = head.label === undefined ? null : new Int32Array(this.capacity);
  }

  get full(): boolean {
    return this.rows === this.capacity;
  }

  /**
   * The rows so far; the next come into a separate part.
   *
   * @param last whether there are none
   */
  take(last = false): TablePart {
    const { width, rows } = this;
    const all = rows === this.capacity;
    // Memory that nothing was written to costs nothing, but a copy of a large part does.
    const most = last && rows >= this.capacity / 2;
    const values = all || most ? this.values.subarray(0, rows * width) : this.values.slice(0, rows * width);
    const codes = this.codes && (all || most ? this.codes.subarray(0, rows) : this.codes.slice(0, rows));
    this.rows = 0;
    if (all && !last) this.values = new Float32Array(this.capacity * width);
    if (all && !last && this.codes) this.codes = new Int32Array(this.capacity);
    return { values, codes };
  }

  /**
   * @param place of the row, for messages: `line 7`
   * @throws {DataError} when the row is shorter or longer than the others, or a cell holds text
   */
  add(cells: ArrayLike<unknown>, place: () => string): void {
    const { columns } = this.head;
    if (cells.length !== columns.length) throw this.ragged(cells.length, place());
    for (let column = 0; column < cells.length; column++) this.put(cells[column], column, place);
    this.rows += 1;
  }

  /** Puts a cell of the row under way into its place. */
  put(cell: unknown, column: number, place: () => string): void {
    const { head, pass, rows, width } = this;
    const role = head.roles[column]!;
    if (role >= 0) {
      const number = isCell(cell) ? numberOf(cell) : undefined;
      if (number === undefined) throw this.noNumber(cell, column, place());
      pass.facts?.see(number, role, isHuge(cell as Cell));
      if (isTruthText(cell)) pass.facts?.seeTruth(cell, role, () => this.placeOf(place(), column));
      if (Number.isNaN(number)) pass.facts?.seeMissing(1, () => this.placeOf(place(), column));
      this.values[rows * width + role] = pass.offsets ? number - pass.offsets[role]! : number;
    } else if (role === LABEL) {
      // Only text has blanks around it.
      this.codes![rows] = pass.classes.add(cell, () => this.placeOf(place(), column)) ?? UNKNOWN;
    }
  }

  ragged(found: number, place: string): DataError {
    const { name, columns } = this.head;
    const values = found === 1 ? 'value' : 'values';
    return new DataError(
      `${name}, ${place}: found ${found} ${values}; expected ${columns.length}, as in the first row`,
    );
  }

  placeOf(place: string, column: number): string {
    return `${place}, column “${cut(this.head.columns[column]!)}”`;
  }

  /** What to tell about a cell that is not a number. */
  noNumber(cell: unknown, column: number, place: string): DataError {
    const { name, columns, label } = this.head;
    const title = cut(columns[column]!);
    const found = isCell(cell) ? `“${cut(String(cell))}”` : cell instanceof Date ? 'a date' : 'a nested value';
    const date = cell instanceof Date || (typeof cell === 'string' && looksLikeDate(cell));
    const advice = date
      ? 'write instants as numbers (days since the first, say), or name the columns to take: { columns: […] }'
      : label === undefined
        ? `if this column is the class of each sample, pass { label: '${title}' }; else leave it out`
        : 'correct the cell, or name the columns to take: { columns: […] }';
    const what = date && isCell(cell) ? `${found}, a date` : found;
    return new DataError(`${name}, ${this.placeOf(place, column)}: found ${what}; expected a number; ${advice}`);
  }
}
