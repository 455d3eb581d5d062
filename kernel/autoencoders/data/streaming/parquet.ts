/** Apache Parquet as a stream of samples. */
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, parquetSchema } from 'hyparquet';
import type { AsyncBuffer, FileMetaData } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { SampleStream } from '../../samples';
import { DataError } from '../../training/checkData';
import { textOf, unreadable } from '../files';
import type { Cell } from '../table';
import { tableStream } from './tableStream';
import type { TableRow } from './tableStream';

export interface ParquetOptions {
  /** Columns of numbers to take, in this order. Default: all but the label. */
  columns?: string[];
  /** Column that holds the class of each sample, text or numbers. */
  label?: string;
  name?: string;
}

/** Rows that are held at a time. */
const ROWS = 4096;

/**
 * Rows of a Parquet file: a feature for each column of numbers, and for each entry of columns that hold lists of one
 * length.
 *
 * @throws {DataError} when it is missing, no Parquet file, or a column holds anything else
 */
export async function streamParquet(file: string, options: ParquetOptions = {}): Promise<SampleStream> {
  const name = options.name ?? file;
  const { buffer, metadata } = await openedParquet(file);
  const known = parquetSchema(metadata).children.map(({ element }) => element.name);
  const wanted = [
    ...(options.columns ?? known.filter((one) => one !== options.label)),
    ...[options.label ?? []].flat(),
  ];
  const absent = wanted.find((column) => !known.includes(column));
  if (absent !== undefined)
    throw new DataError(`${name} has no column “${absent}”; its columns are ${known.join(', ')}`);
  const rows = () => rowsOf(buffer, metadata, wanted, name);
  const columns: string[] = [];
  for await (const first of objectsOf(buffer, metadata, wanted, 1, name)) {
    for (const column of wanted) columns.push(...namesOf(column, first[column]));
    break;
  }
  return tableStream({ name, columns, label: options.label }, rows);
}

async function openedParquet(file: string): Promise<{ buffer: AsyncBuffer; metadata: FileMetaData }> {
  const buffer = await asyncBufferFromFile(file).catch((error: unknown) => {
    throw unreadable(file, error);
  });
  try {
    return { buffer, metadata: await parquetMetadataAsync(buffer) };
  } catch (error) {
    throw new DataError(`${file}: this is no whole Parquet file (${textOf(error)})`);
  }
}

async function* rowsOf(
  buffer: AsyncBuffer,
  metadata: FileMetaData,
  columns: string[],
  name: string,
): AsyncGenerator<TableRow> {
  let row = 0;
  for await (const record of objectsOf(buffer, metadata, columns, ROWS, name)) {
    yield { cells: columns.flatMap((column) => cellsOf(record[column])), place: `row ${row}` };
    row += 1;
  }
}

async function* objectsOf(
  file: AsyncBuffer,
  metadata: FileMetaData,
  columns: string[],
  rows: number,
  name: string,
): AsyncGenerator<Record<string, unknown>> {
  const length = Number(metadata.num_rows);
  for (let rowStart = 0; rowStart < length; rowStart += rows) {
    const rowEnd = Math.min(length, rowStart + rows);
    try {
      yield* await parquetReadObjects({ file, metadata, columns, rowStart, rowEnd, compressors });
    } catch (error) {
      throw new DataError(`${name}: rows ${rowStart} to ${rowEnd - 1} cannot be read (${textOf(error)})`);
    }
  }
}

function namesOf(column: string, value: unknown): string[] {
  return isList(value) ? Array.from(value, (_, i) => `${column}[${i}]`) : [column];
}

function cellsOf(value: unknown): Cell[] {
  const cells = isList(value) ? Array.from(value) : [value];
  return cells.map((cell) => (typeof cell === 'bigint' ? Number(cell) : (cell as Cell)));
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}
