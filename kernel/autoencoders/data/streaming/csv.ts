/** Tables of numbers as text, as a stream of samples. */
import path from 'node:path';
import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import type { SampleStream } from '../../samples';
import { DataError } from '../../training/checkData';
import { delimiterOf, isHeader, singleBlanks } from '../csv';
import type { CsvOptions } from '../csv';
import { textOf } from '../files';
import { columnNames } from '../table';
import { fileBytes } from './byteReader';
import { tableStream } from './tableStream';
import type { TableRow } from './tableStream';

/**
 * Rows of a file of comma- or tab-separated numbers, which may be compressed by gzip; the file is read twice at first.
 * Missing numbers are NaN, which training refuses.
 *
 * @throws {DataError} naming line, column and value when a cell holds text or a row is shorter or longer than the first
 */
export async function streamCsv(file: string, options: Omit<CsvOptions, 'normalize'> = {}): Promise<SampleStream> {
  const name = options.name ?? file;
  const delimiter = options.delimiter ?? (await delimiterIn(file));
  const records = () => recordsOf(file, name, delimiter);
  const start: TableRow[] = [];
  for await (const row of records()) if (start.push(row) === 2) break;
  const [first, second] = start;
  if (!first) throw new DataError(`${name}: it is empty; expected rows of numbers`);
  const header = isHeader(first.cells as string[], second?.cells as string[] | undefined, options);
  const names = columnNames(first.cells.length);
  const columns = header ? first.cells.map((cell, i) => String(cell) || names[i]!) : names;
  return tableStream({ name, columns, label: options.label }, () => (header ? behindFirst(records()) : records()));
}

async function* behindFirst(rows: AsyncIterable<TableRow>): AsyncGenerator<TableRow> {
  let first = true;
  for await (const row of rows) {
    if (!first) yield row;
    first = false;
  }
}

async function delimiterIn(file: string): Promise<string> {
  if (path.extname(file).toLowerCase() === '.tsv') return '\t';
  for await (const piece of fileBytes(file)) return delimiterOf(piece.toString('utf8'));
  return ',';
}

async function* recordsOf(file: string, name: string, delimiter: string): AsyncGenerator<TableRow> {
  const options = { delimiter, bom: true, trim: delimiter !== ' ', skip_empty_lines: true, relax_column_count: true };
  const text = Readable.from(delimiter === ' ' ? blanksOf(file) : fileBytes(file));
  const parser = text.pipe(parse({ ...options, info: true }));
  text.on('error', (error) => parser.destroy(error));
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      yield { cells: record, place: `line ${info.lines}` };
    }
  } catch (error) {
    throw error instanceof DataError ? error : new DataError(`${name}: ${textOf(error)}`);
  } finally {
    text.destroy();
    parser.destroy();
  }
}

/** Columns that are lined up by several blanks, line by line. */
async function* blanksOf(file: string): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of fileBytes(file)) {
    const lines = (rest + piece.toString('latin1')).split('\n');
    rest = lines.pop()!;
    yield `${singleBlanks(lines.join('\n'))}\n`;
  }
  yield singleBlanks(rest);
}
