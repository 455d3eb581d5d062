/** Looks at a table row by row, and says what its columns are. */
import { ColumnLook, textOf } from './columnLook';
import { PREVIEW_COLUMNS, PREVIEW_ROWS, type DataSurvey, type ValueRange } from './facts';
import { DataError } from '../checkData';

export class TableLook {
  readonly columns: ColumnLook[];
  rows = 0;
  rowsMissing = 0;
  private readonly preview: string[][] = [];

  constructor(
    private readonly name: string,
    names: readonly string[],
  ) {
    this.columns = names.map((one) => new ColumnLook(one));
  }

  /** @throws {DataError} for a row that is shorter or longer than the others */
  see(cells: ArrayLike<unknown>, place: () => string): void {
    const { columns } = this;
    if (cells.length !== columns.length) {
      throw new DataError(
        `${this.name}, ${place()}: found ${cells.length} value${cells.length === 1 ? '' : 's'}; expected ${columns.length}, as in the first row`,
      );
    }
    let lacks = false;
    for (const [i, column] of columns.entries()) {
      const number = column.see(cells[i], place);
      if (number !== undefined && Number.isNaN(number)) lacks = true;
    }
    if (lacks) this.rowsMissing += 1;
    if (this.rows < PREVIEW_ROWS) this.preview.push(Array.from(cells).slice(0, PREVIEW_COLUMNS).map(textOf));
    this.rows += 1;
  }

  /** @throws {DataError} when there is no row */
  finish(found: Pick<DataSurvey, 'reader' | 'format' | 'bytes'> & { rows?: number; exact?: boolean }): DataSurvey {
    if (this.rows === 0) throw new DataError(`${this.name} holds no rows of numbers`);
    const { rows = this.rows, exact = true, ...told } = found;
    return {
      ...tableSurvey(this.name, told),
      rows,
      exact,
      looked: this.rows,
      columns: this.columns.map((column) => column.survey),
      range: rangeOfColumns(this.columns, this.rowsMissing),
      preview: this.preview,
    };
  }
}

/** A survey of a table in which nothing has been found yet. */
export function tableSurvey(name: string, told: Pick<DataSurvey, 'reader' | 'format' | 'bytes'>): DataSurvey {
  return {
    name,
    ...told,
    kind: 'table',
    rows: 0,
    exact: true,
    looked: 0,
    columns: [],
    shape: null,
    range: null,
    classes: null,
    images: null,
    arrays: [],
    preview: [],
  };
}

/** The columns that samples can be made of. */
export function rangeOfColumns(looks: readonly ColumnLook[], rowsMissing: number): ValueRange | null {
  const columns = looks.filter(({ survey }) => survey.usable);
  if (columns.length === 0) return null;
  const titled = (column: ColumnLook, place: string | null) => place && `${place}, column “${column.name}”`;
  const lacking = columns.find(({ missing }) => missing > 0);
  const infinite = columns.find((column) => column.infinite > 0);
  return {
    low: Math.min(...columns.map(({ low }) => low)),
    high: Math.max(...columns.map(({ high }) => high)),
    binary: columns.every(({ binary }) => binary),
    missing: columns.reduce((sum, { missing }) => sum + missing, 0),
    rowsMissing,
    firstMissing: lacking ? titled(lacking, lacking.firstMissing) : null,
    infinite: columns.reduce((sum, column) => sum + column.infinite, 0),
    firstInfinite: infinite ? titled(infinite, infinite.firstInfinite) : null,
  };
}
