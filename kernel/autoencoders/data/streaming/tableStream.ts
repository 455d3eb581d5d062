/** Tables as streams of samples: read twice, first for their length and classes. */
import type { SampleChunk, SampleStream } from '../../samples';
import { Table } from '../table';
import type { Cell, TableOptions } from '../table';
import { chunkLength } from './arrayStream';

export interface TableRow {
  cells: readonly Cell[];
  /** Of the row, for messages: `line 7`. */
  place: string;
}

/**
 * @param rows opens the table afresh
 * @throws {DataError} for a table without rows, a cell with text, or a row that is shorter or longer than the others
 */
export async function tableStream(options: TableOptions, rows: () => AsyncIterable<TableRow>): Promise<SampleStream> {
  const { name, label, columns } = options;
  const classes = new Set<string>();
  const labelColumn = label === undefined ? -1 : columns.indexOf(label);
  let length = 0;
  let first: Table | undefined;
  for await (const row of rows()) {
    // The first row tells all that can be wrong with the columns.
    if (!first) (first = new Table(options)).add(row.cells, row.place);
    if (labelColumn >= 0) classes.add(String(row.cells[labelColumn] ?? '').trim());
    length += 1;
  }
  const { shape } = (first ?? new Table(options)).parts();
  const width = shape.kind === 'vector' ? shape.features.length : 0;
  const classNames = Table.sorted(classes);
  return { name, shape, length, width, classNames, chunks: () => chunksOf(options, rows, width, classNames) };
}

async function* chunksOf(
  options: TableOptions,
  rows: () => AsyncIterable<TableRow>,
  width: number,
  classNames: string[],
): AsyncGenerator<SampleChunk> {
  const most = chunkLength(width);
  let table = new Table(options);
  for await (const { cells, place } of rows()) {
    table.add(cells, place);
    if (table.length < most) continue;
    yield chunkOf(table, classNames);
    table = new Table(options);
  }
  if (table.length > 0) yield chunkOf(table, classNames);
}

function chunkOf(table: Table, classNames: string[]): SampleChunk {
  const { values, labels = null } = table.parts(classNames);
  return { values, labels };
}
