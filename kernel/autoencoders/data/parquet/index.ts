/** Apache Parquet: column by column, without a record for each row. */
import type { FileHandle } from 'node:fs/promises';
import type { SampleStream } from '../../samples';
import { DataError } from '../checkData';
import { Dataset } from '../dataset';
import type { Cell } from '../tables/cells';
import { headOf, type TableHead } from '../tables/head';
import { RowSink } from '../tables/rowSink';
import { loadTable, streamTable, type Pass, type TablePart, type TableSource } from '../tables/source';
import { cut, listed } from '../words';
import { ColumnCursor } from './cursor';
import { checkedColumn, opened, openParquet, withHandle, type ParquetColumn, type ParquetFile } from './file';

/** Options of {@link loadData} for Parquet. */
export interface ParquetOptions {
  /** Columns of numbers to take, in this order. Default: all but the label. */
  columns?: string[];
  /**
   * The column with the class of each sample, text or whole numbers. Default: the only column of text, or one named
   * label, class, target or species; a notice says so.
   */
  label?: string;
  name?: string;
}

/**
 * Reads a Parquet file: a feature for each column of numbers, and for each entry of columns that hold lists of one length.
 * Truth values are 0 and 1, instants milliseconds since 1970, dates days; see {@link readCsv} for what float32 would merge.
 *
 * @throws {DataError} when it is missing, no Parquet file, damaged, or a column holds anything else
 */
export async function readParquet(file: string, options: ParquetOptions = {}): Promise<Dataset> {
  return new Dataset(await loadTable(await parquetFile(file, options)));
}

/**
 * The same as a stream.
 *
 * @throws {DataError} as {@link readParquet}
 */
export async function streamParquet(file: string, options: ParquetOptions = {}): Promise<SampleStream> {
  return streamTable(await parquetFile(file, options));
}

/** A column and the names of its features. */
interface Taken {
  column: ParquetColumn;
  features: readonly string[];
}

async function parquetFile(file: string, options: ParquetOptions): Promise<TableSource> {
  const name = options.name ?? file;
  const parquet = await openParquet(file, name);
  const { names } = parquet;
  for (const wanted of [...(options.columns ?? []), ...[options.label ?? []].flat()]) {
    if (names.includes(wanted)) continue;
    throw new DataError(`${name} has no column “${cut(wanted)}”; its columns are ${listed(names)}`);
  }
  if (parquet.rows === 0) throw new DataError(`${name} holds no rows of numbers`);
  return withHandle(file, async (handle) => {
    const label = options.label ?? (options.columns ? undefined : await foundLabel(handle, parquet));
    const taken: Taken[] = [];
    for (const one of new Set(options.columns ?? names)) {
      if (one !== label) taken.push(await takenColumn(handle, parquet, one));
    }
    const features = taken.flatMap((one) => one.features);
    const notices = options.label === label ? [] : [`${name}: the column “${cut(label!)}” is used as the class of each sample; { label: '…' } chooses another.`]; // prettier-ignore
    const columns = label === undefined ? features : [...features, label];
    const head = { ...headOf({ name, columns, label }), notices };
    const classes = label === undefined ? undefined : checkedColumn(parquet, label);
    return { head, parts: (pass) => partsOf(parquet, head, taken, classes, pass) };
  });
}

/** Rows that are looked at to find the class. */
const START = 100;

async function foundLabel(handle: FileHandle, file: ParquetFile): Promise<string | undefined> {
  const rows = Math.min(START, file.rows);
  const cells: Cell[][] = [];
  for (const name of file.names) {
    const column = file.columns.get(name);
    const flat = column?.maxRepetition === 0 && column.kind.form !== 'instant';
    cells.push(flat ? await new ColumnCursor(handle, file, column).cells(rows) : new Array<Cell>(rows).fill(0.5));
  }
  const start = Array.from({ length: rows }, (_, row) => cells.map((column) => column[row]));
  return headOf({ name: file.name, columns: file.names, start }).label;
}

async function takenColumn(handle: FileHandle, file: ParquetFile, name: string): Promise<Taken> {
  const column = checkedColumn(file, name);
  if (column.kind.form === 'text' || column.kind.form === 'uuid') {
    throw new DataError(
      `${file.name}, column “${cut(name)}”: found text; expected numbers; if this column is the class of each sample, pass { label: '${cut(name)}' }; else name the columns to take: { columns: […] }`,
    );
  }
  if (column.maxRepetition === 0) return { column, features: [name] };
  const length = await new ColumnCursor(handle, file, column).firstLength();
  if (length === 0)
    throw new DataError(`${file.name}, column “${cut(name)}”, row 0: found no list; expected one of numbers`);
  return { column, features: Array.from({ length }, (_, i) => `${name}[${i}]`) };
}

/** Values that memory is taken for on the word of the file, and such for each of its bytes; others are taken as they come. */
const TRUSTED = 1 << 24;
const PER_BYTE = 16;

async function* partsOf(
  file: ParquetFile,
  head: TableHead,
  taken: readonly Taken[],
  label: ParquetColumn | undefined,
  pass: Pass,
): AsyncGenerator<TablePart> {
  const handle = await opened(file.file);
  try {
    const open = taken.map(
      ({ column, features }) =>
        () =>
          new ColumnCursor(handle, file, column, features.length),
    );
    // With all rows in one part each column is read to its end before the next is opened.
    const whole = pass.whole && file.rows * head.features.length <= Math.max(TRUSTED, PER_BYTE * file.size);
    const sink = new RowSink(head, pass, whole ? file.rows : undefined);
    // Where the rows come in parts all columns are looked at before, so that faults are found in the same order.
    const looks = !whole && pass.facts !== null;
    if (looks) await lookedAt(file, open, sink);
    const facts = looks ? null : pass.facts;
    const cursors = whole ? open : open.map((one) => one()).map((cursor) => () => cursor);
    const classes = label && new ColumnCursor(handle, file, label);
    const numbers = pass.whole || !pass.facts;
    for (let row = 0; row < file.rows; row += sink.capacity) {
      const rows = Math.min(sink.capacity, file.rows - row);
      let role = 0;
      for (const next of numbers ? cursors : []) {
        const cursor = next();
        await cursor.numbers(rows, { values: sink.values, width: sink.width, role, facts, offsets: pass.offsets });
        role += cursor.entries;
      }
      const cells = (await classes?.cells(rows)) ?? [];
      for (const [i, cell] of cells.entries()) {
        sink.codes![i] = pass.classes.add(cell, () => sink.placeOf(`row ${row + i}`, head.columns.length - 1));
      }
      sink.rows = rows;
      yield sink.take(row + rows === file.rows);
    }
  } finally {
    await handle.close();
  }
}

async function lookedAt(file: ParquetFile, open: readonly (() => ColumnCursor)[], sink: RowSink): Promise<void> {
  let role = 0;
  for (const next of open) {
    const cursor = next();
    for (let row = 0; row < file.rows; row += sink.capacity) {
      const rows = Math.min(sink.capacity, file.rows - row);
      await cursor.numbers(rows, { values: sink.values, width: sink.width, role, ...sink.pass });
    }
    role += cursor.entries;
  }
}
