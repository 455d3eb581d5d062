/** Tables of numbers as text: comma, semicolon, tab or blanks between the values. */
import path from 'node:path';
import { object, takes, text as textKind } from '../arguments';
import type { SampleStream } from '../samples';
import { DataError } from './checkData';
import { Dataset } from './dataset';
import { fileBytes, fileSource } from './streaming/byteReader';
import { numberOf } from './tables/cells';
import { CsvParser, CsvText, withPoint, type CsvSyntax } from './tables/csvParser';
import { headOf, type TableHead } from './tables/head';
import { loadTable, loadTableNow, streamTable, type Pass, type TablePart, type TableSource } from './tables/source';
import { columnNames, headerNames } from './tables/table';
import { textOfBytes, Utf8Bytes } from './tables/textBytes';

/** Options of {@link loadData} for CSV. */
export interface CsvOptions {
  /** Whether the first row names the columns; `auto` (default): when it holds text where the second holds numbers. */
  header?: 'auto' | boolean;
  /**
   * The column with the class of each sample, text or whole numbers. Without a header columns are `x0`, `x1`, …
   * Default: the only column of text, or one named label, class, target or species; a notice says so.
   */
  label?: string;
  /** Columns of numbers to take, in this order. Default: all but the label. */
  columns?: string[];
  /** Default: the first line's first tab, semicolon, comma or |; blanks if it has none. */
  delimiter?: string;
  /** Whether to bring each column to mean 0 and standard deviation 1; see `Dataset.standardized`. */
  normalize?: boolean;
  /** What messages call it. */
  name?: string;
}

/**
 * Reads a file of comma- or tab-separated numbers, in UTF-8 or UTF-16. Empty cells, `NaN`, `NA` and the like are
 * missing numbers (NaN): they stay in the data set (`firstNonFinite` finds them), and training refuses them. If float32
 * would merge the values of a column (timestamps, for example), the smallest value is subtracted from the column;
 * `notices` says so.
 *
 * @throws {DataError} with line, column and value, if a cell contains text or a row is shorter or longer than the first
 */
export async function readCsv(file: string, options: CsvOptions = {}): Promise<Dataset> {
  const dataset = new Dataset(await loadTable(await csvFile(file, options)));
  return options.normalize ? dataset.standardized() : dataset;
}

/**
 * Rows of the same kind of file as a stream, which may be compressed by gzip; the file is read twice at first.
 *
 * @throws {DataError} as {@link readCsv}
 */
export async function streamCsv(file: string, options: Omit<CsvOptions, 'normalize'> = {}): Promise<SampleStream> {
  return streamTable(await csvFile(file, options));
}

/** The same as {@link readCsv} for text. */
export function parseCsv(text: string, options: CsvOptions = {}): Dataset {
  takes('parseCsv', ['text', text, textKind], ['options', options, object()]);
  const { name = 'the text' } = options;
  const bytes = Buffer.from(text.replace(/^\uFEFF/, ''));
  const start = startOf(name, bytes, true, options.delimiter)!;
  const { head, syntax, header } = described(name, start, options);
  const parts = function* (pass: Pass): Generator<TablePart> {
    const parser = new CsvParser(syntax, head, pass, header);
    yield* parser.push(bytes);
    yield* parser.end();
  };
  const dataset = new Dataset(loadTableNow({ head, parts }));
  return options.normalize ? dataset.standardized() : dataset;
}

async function csvFile(file: string, options: CsvOptions): Promise<TableSource> {
  const name = options.name ?? file;
  const told = options.delimiter ?? (/\.tsv(\.gz)?$/i.test(path.basename(file)) ? '\t' : undefined);
  const start = await startOfFile(file, name, told);
  const { head, syntax, header } = described(name, start, options);
  const rows = await roughRows(file, start, head);
  const parserFor = (pass: Pass) => new CsvParser(syntax, head, pass, header, pass.whole ? rows : undefined);
  return { head, parts: (pass) => partsOf(file, parserFor(pass), name) };
}

/** Values that room is made for at most before they are read; more are read in parts that are joined. */
const MOST_AT_ONCE = 2 ** 30;

/** A little more rows than the file has, if they continue as they start; undefined when nothing tells. */
async function roughRows(file: string, { rows, length }: Start, { features }: TableHead): Promise<number | undefined> {
  const { size, exact } = await fileSource(file);
  const rough = Math.ceil((1.1 * size * rows.length) / Math.max(1, length));
  // A few rows fit into one part in any case.
  return exact && rows.length === START && rough * features.length <= MOST_AT_ONCE ? rough : undefined;
}

async function* partsOf(file: string, parser: CsvParser, name: string): AsyncGenerator<TablePart> {
  const utf8 = new Utf8Bytes(name);
  for await (const piece of fileBytes(file)) yield* parser.push(utf8.push(piece));
  yield* parser.push(utf8.end());
  yield* parser.end();
}

interface Start {
  rows: string[][];
  /** Bytes that these rows take. */
  length: number;
  syntax: CsvSyntax;
}

/** Rows that are looked at to tell the columns apart. */
const START = 101;
/** Bytes of wide rows that are enough to look at. */
const MOST = 4 << 20;

async function startOfFile(file: string, name: string, told: string | undefined): Promise<Start> {
  const utf8 = new Utf8Bytes(name);
  let bytes = Buffer.alloc(0);
  let looked = 0;
  for await (const piece of fileBytes(file)) {
    bytes = Buffer.concat([bytes, utf8.push(piece)]);
    // Looks again when there is twice as much, so that rows without an end are not read over and over.
    const start = bytes.length < 2 * looked ? undefined : startOf(name, bytes, false, told);
    if (start) return start;
    if (bytes.length >= 2 * looked) looked = bytes.length;
  }
  return startOf(name, Buffer.concat([bytes, utf8.end()]), true, told)!;
}

/** The first rows; undefined when there may be more to look at. */
function startOf(name: string, text: Buffer, last: boolean, told: string | undefined): Start | undefined {
  const syntax = { delimiter: told ?? delimiterOf(text) };
  if (syntax.delimiter === '' || /[\r\n"]/.test(syntax.delimiter)) {
    throw new DataError(`${name}: the delimiter cannot be ${JSON.stringify(syntax.delimiter)}; expected ',', ';', a tab or the like`); // prettier-ignore
  }
  const bytes = Buffer.concat([text, Buffer.from('\n')]);
  const reader = new CsvText(name, syntax);
  const rows: string[][] = [];
  let at = 0;
  while (at < text.length && rows.length < START) {
    const start = reader.filled(bytes, at, text.length, last);
    if (start < 0 || start >= text.length) break;
    const row = reader.cells(bytes, start, text.length, last);
    if (!row) break;
    rows.push(row.cells);
    reader.pass(bytes, start, row.next, text.length);
    at = row.next;
  }
  const enough = rows.length === START || (rows.length >= 2 && text.length >= MOST);
  return last || enough ? { rows, length: at, syntax } : undefined;
}

function described(
  name: string,
  { rows, syntax }: Start,
  options: CsvOptions,
): { head: TableHead; syntax: CsvSyntax; header: number } {
  // prettier-ignore
  const [first, second] = rows;
  if (!first) throw new DataError(`${name}: it is empty; expected rows of numbers`);
  const header = isHeader(first, second && plain(second, syntax), options);
  const columns = header ? headerNames(first) : columnNames(first.length);
  const { label, columns: features } = options;
  const head = headOf({
    name,
    columns,
    label,
    features,
    start: rows.slice(header ? 1 : 0).map((row) => plain(row, syntax)),
  });
  return { head, syntax, header: header ? 1 : 0 };
}

/** Cells with decimal points. */
export function plain(cells: readonly string[], syntax: CsvSyntax): string[] {
  return cells.map((cell) => withPoint(cell, syntax) ?? cell);
}

/** Whether the first row names the columns: because the options say so, or as it looks beside the second. */
export function isHeader(
  first: string[],
  second: string[] | undefined,
  { header = 'auto', label, columns }: Pick<CsvOptions, 'header' | 'label' | 'columns'>,
): boolean {
  if (header !== 'auto') return header;
  if ([label, ...(columns ?? [])].some((told) => told !== undefined && first.includes(told))) return true;
  const isText = first.map((cell) => numberOf(cell) === undefined);
  const aboveNumber = second?.some((cell, i) => isText[i] && !Number.isNaN(numberOf(cell) ?? NaN)) ?? false;
  return aboveNumber || isText.every(Boolean);
}

/** The first line's first tab, semicolon, comma or |; blanks if it has none. */
export function delimiterOf(bytes: Buffer): string {
  const text = textOfBytes(bytes.subarray(0, 1 << 20));
  const line = /[^\r\n]*\S[^\r\n]*/.exec(text)?.[0].trim() ?? '';
  const bare = line.replace(/"[^"]*"/g, '""');
  const found = ['\t', ';', ',', '|'].find((one) => bare.includes(one));
  return found ?? (/\s/.test(bare) ? ' ' : ',');
}
