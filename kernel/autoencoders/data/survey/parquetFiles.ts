/** A look at Parquet: all columns by the file's own word, and the first rows of them. */
import type { FileHandle } from 'node:fs/promises';
import { DataError } from '../checkData';
import { ColumnCursor } from '../parquet/cursor';
import { openParquet, withHandle, type ParquetColumn, type ParquetFile } from '../parquet/file';
import { ColumnLook, textOf } from './columnLook';
import { PREVIEW_COLUMNS, PREVIEW_ROWS, type ColumnSurvey, type DataSurvey } from './facts';
import { rangeOfColumns, tableSurvey } from './tableLook';

/** Cells that are looked at, in all columns. */
const MOST_CELLS = 2_000_000;

interface Looked {
  look: ColumnLook;
  survey: ColumnSurvey;
  /** Whether each row lacks the value; undefined for what no samples are made of. */
  lacks: boolean[] | undefined;
  preview: string[];
}

/** @throws {DataError} when it is not a complete Parquet file, or damaged */
export async function surveyParquet(file: string): Promise<DataSurvey> {
  const parquet = await openParquet(file, file);
  if (parquet.rows === 0) throw new DataError(`${file} holds no rows of numbers`);
  const rows = Math.min(parquet.rows, Math.max(100, Math.floor(MOST_CELLS / parquet.names.length)));
  const looked = await withHandle(file, async (handle) => {
    const all: Looked[] = [];
    for (const name of parquet.names) all.push(await lookedAt(handle, parquet, name, rows));
    return all;
  });
  const usable = looked.filter(({ survey }) => survey.usable);
  const rowsMissing = Array.from({ length: rows }, (_, row) => usable.some(({ lacks }) => lacks?.[row])).filter(
    Boolean,
  );
  return {
    ...tableSurvey(file, { reader: 'readParquet', format: 'Parquet', bytes: parquet.size }),
    rows: parquet.rows,
    looked: rows,
    columns: looked.map(({ survey }) => survey),
    range: rangeOfColumns(usable.map(({ look }) => look), rowsMissing.length), // prettier-ignore
    preview: Array.from({ length: Math.min(rows, PREVIEW_ROWS) }, (_, row) =>
      looked.slice(0, PREVIEW_COLUMNS).map(({ preview }) => preview[row] ?? ''),
    ),
  };
}

async function lookedAt(handle: FileHandle, file: ParquetFile, name: string, rows: number): Promise<Looked> {
  const column = file.columns.get(name);
  if (!column) return nothing(name, 'other');
  if (column.maxRepetition > 0) return lists(handle, file, column);
  const instants = column.kind.form === 'instant';
  const look = new ColumnLook(name, instants);
  const cells = await new ColumnCursor(handle, file, column).cells(rows);
  const lacks: boolean[] = [];
  for (const [row, cell] of cells.entries()) {
    const number = look.see(cell, () => `row ${row}`);
    lacks.push(number !== undefined && Number.isNaN(number));
  }
  const shown = (cell: unknown) => (instants && typeof cell === 'number' ? new Date(cell) : cell);
  const preview = cells.slice(0, PREVIEW_ROWS).map((cell) => textOf(shown(cell)));
  const survey = look.survey;
  const truth = column.kind.physical === 'BOOLEAN' && survey.kind === 'numbers';
  // The reader takes the file's own word, and no numbers out of text.
  const text = column.kind.form === 'text' || column.kind.form === 'uuid';
  const told = {
    ...survey,
    ...(text && survey.kind !== 'empty' && { kind: 'text' as const, usable: false, odd: null }),
    ...(truth && { kind: 'truth' as const }),
    ...(instants && { examples: preview.slice(0, 3) }),
  };
  return { look, survey: told, lacks, preview };
}

async function lists(handle: FileHandle, file: ParquetFile, column: ParquetColumn): Promise<Looked> {
  const entries = await new ColumnCursor(handle, file, column).firstLength();
  const { survey, ...rest } = nothing(column.name, 'lists');
  const usable = entries > 0 && column.kind.form !== 'text' && column.kind.form !== 'uuid';
  const preview = Array<string>(PREVIEW_ROWS).fill(`[${entries} values]`);
  return { ...rest, survey: { ...survey, usable, entries }, preview };
}

function nothing(name: string, kind: ColumnSurvey['kind']): Looked {
  const look = new ColumnLook(name);
  return { look, survey: { ...look.survey, kind, usable: false }, lacks: undefined, preview: [] };
}
