/** A look at tables as text: the whole of a file of some MB, the first rows of a larger one. */
import path from 'node:path';
import { DataError } from '../checkData';
import { delimiterOf, isHeader, plain } from '../csv';
import { fileBytes, fileSource } from '../streaming/byteReader';
import { CsvText } from '../tables/csvParser';
import { columnNames, headerNames } from '../tables/table';
import { Utf8Bytes } from '../tables/textBytes';
import type { DataSurvey } from './facts';
import { TableLook } from './tableLook';

/** Bytes of a file that is looked at from its start to its end, and of the head of a larger one. */
const WHOLE = 16 << 20;
const HEAD = 4 << 20;

/**
 * @throws {DataError} naming the line of a row that is shorter or longer than the others, or saying that it is not text
 */
export async function surveyCsv(file: string): Promise<DataSurvey> {
  const { size, exact } = await fileSource(file);
  const most = exact && size <= WHOLE ? WHOLE : HEAD;
  const utf8 = new Utf8Bytes(file);
  const pieces: Buffer[] = [];
  let length = 0;
  let ended = true;
  for await (const piece of fileBytes(file)) {
    const text = Buffer.from(utf8.push(piece));
    pieces.push(text);
    length += text.length;
    if (length < most || (exact && length >= size)) continue;
    ended = false;
    break;
  }
  if (ended) pieces.push(utf8.end());
  const told = /\.tsv(\.gz)?$/i.test(path.basename(file)) ? '\t' : undefined;
  const look = lookedAt(file, Buffer.concat(pieces), { ended, told });
  const found = { reader: 'readCsv' as const, format: told ? 'TSV' : 'CSV', bytes: exact ? size : null };
  if (ended) return look.table.finish(found);
  const rows = Math.round((look.table.rows * size) / Math.max(1, look.bytes));
  // Nobody knows how long a packed file is before it is read.
  return look.table.finish({ ...found, rows: exact ? rows : look.table.rows, exact: false });
}

/** The same of text. */
export function surveyCsvText(name: string, text: string): DataSurvey {
  const bytes = Buffer.from(text.replace(/^\uFEFF/, ''));
  const { table } = lookedAt(name, bytes, { ended: true, told: undefined });
  return table.finish({ reader: 'parseCsv', format: 'CSV', bytes: bytes.length });
}

/** @param ended whether the text ends where the bytes do; a row that is cut short is left out otherwise */
function lookedAt(
  name: string,
  text: Buffer,
  { ended, told }: { ended: boolean; told: string | undefined },
): { table: TableLook; bytes: number } {
  const syntax = { delimiter: told ?? delimiterOf(text) };
  const bytes = Buffer.concat([text, Buffer.from('\n')]);
  const reader = new CsvText(name, syntax);
  let at = 0;
  const next = (): { cells: string[]; line: number } | undefined => {
    const start = reader.filled(bytes, at, text.length, ended);
    if (start < 0 || start >= text.length) return undefined;
    const { line } = reader;
    const row = reader.cells(bytes, start, text.length, ended);
    if (!row) return undefined;
    reader.pass(bytes, start, row.next, text.length);
    at = row.next;
    return { cells: row.cells, line };
  };
  const first = next();
  if (!first) throw new DataError(`${name}: it is empty; expected rows of numbers`);
  const second = next();
  const header = isHeader(first.cells, second && plain(second.cells, syntax), {});
  const table = new TableLook(name, header ? headerNames(first.cells) : columnNames(first.cells.length));
  const see = ({ cells, line }: { cells: string[]; line: number }) =>
    table.see(plain(cells, syntax), () => `line ${line}`);
  if (!header) see(first);
  for (let row = second; row; row = next()) see(row);
  return { table, bytes: at };
}
