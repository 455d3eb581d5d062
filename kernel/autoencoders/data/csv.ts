/** Tables of numbers as text: comma, semicolon, tab or blanks between the values. */
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { DataError } from '../training/checkData';
import { Dataset } from './dataset';
import { readMaybeZipped, textOf } from './files';
import { columnNames, numberOf, Table } from './table';

export interface CsvOptions {
  /** Whether the first row names the columns; `auto` (default): when it holds text where the second holds numbers. */
  header?: 'auto' | boolean;
  /** Column that holds the class of each sample, text or numbers. Without a header columns are `x0`, `x1`, … */
  label?: string;
  /** Default: tab, semicolon or comma, the first of these in the first line, else blanks. */
  delimiter?: string;
  /** Whether to bring each column to mean 0 and standard deviation 1; see `Dataset.standardized`. */
  normalize?: boolean;
  /** What messages call it. */
  name?: string;
}

/**
 * Reads a file of comma- or tab-separated numbers. Empty cells, `NaN`, `NA` and the like are missing numbers (NaN): they
 * stay in the data set (`firstNonFinite` finds them), and training refuses them.
 *
 * @throws {DataError} naming line, column and value when a cell holds text or a row is shorter or longer than the first
 */
export async function readCsv(file: string, options: CsvOptions = {}): Promise<Dataset> {
  const text = (await readMaybeZipped(file)).toString('utf8');
  const delimiter = options.delimiter ?? (path.extname(file).toLowerCase() === '.tsv' ? '\t' : undefined);
  return parseCsv(text, { ...options, delimiter, name: options.name ?? file });
}

/** The same for text. */
export function parseCsv(text: string, options: CsvOptions = {}): Dataset {
  const { name = 'the text', normalize = false } = options;
  const delimiter = options.delimiter ?? delimiterOf(text);
  const rows = new Rows({ ...options, name });
  try {
    parse(delimiter === ' ' ? singleBlanks(text) : text, {
      delimiter,
      bom: true,
      trim: delimiter !== ' ',
      skip_empty_lines: true,
      relax_column_count: true,
      on_record: (cells: string[], { lines }) => rows.add(cells, lines),
    });
  } catch (error) {
    throw error instanceof DataError ? error : new DataError(`${name}: ${textOf(error)}`);
  }
  const dataset = rows.finish();
  return normalize ? dataset.standardized() : dataset;
}

interface Row {
  cells: string[];
  line: number;
}

/** Takes rows as they are parsed; the first two tell whether there is a header. */
class Rows {
  private first: Row | undefined;
  private table: Table | undefined;

  constructor(private readonly options: CsvOptions & { name: string }) {}

  /** @returns null, so that the parser keeps no row */
  add(cells: string[], line: number): null {
    if (this.table) this.table.add(cells, `line ${line}`);
    else if (this.first) this.start(this.first, { cells, line });
    else this.first = { cells, line };
    return null;
  }

  finish(): Dataset {
    const { name } = this.options;
    if (!this.first) throw new DataError(`${name}: it is empty; expected rows of numbers`);
    const table = this.table ?? this.start(this.first, undefined);
    return new Dataset(table.parts());
  }

  private start(first: Row, second: Row | undefined): Table {
    const { name, label } = this.options;
    const header = isHeader(first.cells, second?.cells, this.options);
    const names = columnNames(first.cells.length);
    const columns = header ? first.cells.map((cell, i) => cell || names[i]!) : names;
    this.table = new Table({ name, columns, label });
    const rows = header ? [second] : [first, second];
    for (const row of rows) if (row) this.table.add(row.cells, `line ${row.line}`);
    return this.table;
  }
}

/** Whether the first row names the columns: because the options say so, or as it looks beside the second. */
export function isHeader(
  first: string[],
  second: string[] | undefined,
  { header = 'auto', label }: Pick<CsvOptions, 'header' | 'label'>,
): boolean {
  if (header !== 'auto') return header;
  if (label !== undefined && first.includes(label)) return true;
  const isText = first.map((cell) => numberOf(cell) === undefined);
  const aboveNumber = second?.some((cell, i) => isText[i] && numberOf(cell) !== undefined) ?? false;
  return aboveNumber || isText.every(Boolean);
}

/** Tab, semicolon or comma, the first of these in the first line, else blanks. */
export function delimiterOf(text: string): string {
  const line = /[^\r\n]*\S[^\r\n]*/.exec(text)?.[0].trim() ?? '';
  const found = ['\t', ';', ','].find((one) => line.includes(one));
  return found ?? (/\s/.test(line) ? ' ' : ',');
}

/** Columns that are lined up by several blanks, as NumPy and many archives write them. */
export function singleBlanks(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim().replace(/\s+/g, ' '))
    .join('\n');
}
