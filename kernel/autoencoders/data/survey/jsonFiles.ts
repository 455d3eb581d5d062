/** A look at tables as JSON; of a large file at its first rows alone. */
import { open } from 'node:fs/promises';
import { isColumns, isRecord, isRow, noData } from '../convert';
import { DataError } from '../checkData';
import { readMaybeZipped, unreadable } from '../files';
import { parsed } from '../json';
import { columnNames } from '../tables/table';
import { textOfBytes, Utf8Bytes } from '../tables/textBytes';
import { cut, listed } from '../words';
import type { DataSurvey, Reader } from './facts';
import { TableLook } from './tableLook';

const WHOLE = 32 << 20;
const HEAD = 4 << 20;

/** @throws {DataError} naming row and field of what is not a table */
export async function surveyJson(file: string): Promise<DataSurvey> {
  const { size, head } = await startOf(file);
  if (size <= WHOLE) {
    const text = utf8Of(file, await readMaybeZipped(file), true);
    return tableIn(file, parsed(file, text), 'readJson').finish({ reader: 'readJson', format: 'JSON', bytes: size });
  }
  const { text, length } = wholeRows(file, utf8Of(file, head, false));
  const table = tableIn(file, parsed(file, text), 'readJson');
  const rows = Math.round((table.rows * size) / length);
  return table.finish({ reader: 'readJson', format: 'JSON', bytes: size, rows, exact: false });
}

/** The same of text. */
export function surveyJsonText(name: string, text: string): DataSurvey {
  const told = { reader: 'parseJson' as const, format: 'JSON', bytes: Buffer.byteLength(text) };
  return tableIn(name, parsed(name, text), 'parseJson').finish(told);
}

/** What rows, records or columns in memory are. */
export function surveyRows(name: string, source: unknown): DataSurvey {
  const format = isColumns(source) ? 'an object of columns' : 'rows';
  return tableIn(name, source, 'Dataset.from').finish({ reader: 'Dataset.from', format, bytes: null });
}

function tableIn(name: string, source: unknown, reader: Reader): TableLook {
  if (isColumns(source)) return ofColumns(name, source);
  if (!Array.isArray(source) || source.length === 0) throw noData(name, source);
  if (source.every(isRow)) return ofRows(name, source);
  // Records of a file may hold what none of a cell does; their fields are looked at all the same.
  if (source.every(isRecord)) return ofRecords(name, source);
  if (reader === 'Dataset.from') throw noData(name, source);
  throw new DataError(
    `${name}, row ${source.findIndex((row) => !isRow(row))}: found no row of cells; expected [1, 2], or {"a": 1}`,
  );
}

function ofColumns(name: string, lists: Record<string, ArrayLike<unknown>>): TableLook {
  const names = Object.keys(lists);
  const length = lists[names[0]!]!.length;
  const odd = names.find((column) => lists[column]!.length !== length);
  if (odd !== undefined) {
    throw new DataError(
      `${name}, column “${cut(odd)}”: found ${lists[odd]!.length} values; expected ${length}, as in “${cut(names[0]!)}”`,
    );
  }
  const table = new TableLook(name, names);
  for (let row = 0; row < length; row++) {
    table.see(
      names.map((column) => lists[column]![row]),
      () => `row ${row}`,
    );
  }
  return table;
}

function ofRows(name: string, rows: readonly ArrayLike<unknown>[]): TableLook {
  const table = new TableLook(name, columnNames(rows[0]!.length));
  rows.forEach((row, i) => table.see(row, () => `row ${i}`));
  return table;
}

function ofRecords(name: string, records: readonly Record<string, unknown>[]): TableLook {
  const names = Object.keys(records[0]!);
  const known = new Set(names);
  const table = new TableLook(name, names);
  for (const [i, record] of records.entries()) {
    const odd =
      names.find((field) => !Object.hasOwn(record, field)) ?? Object.keys(record).find((field) => !known.has(field));
    if (odd !== undefined) {
      throw new DataError(
        `${name}, row ${i}: the field “${cut(odd)}” is not in every record; the first has ${listed(names)}`,
      );
    }
    table.see(
      names.map((field) => record[field]),
      () => `row ${i}`,
    );
  }
  return table;
}

async function startOf(file: string): Promise<{ size: number; head: Buffer }> {
  const handle = await open(file).catch((error: unknown) => {
    throw unreadable(file, error);
  });
  try {
    const { size } = await handle.stat();
    const head = Buffer.alloc(Math.min(size, HEAD));
    await handle.read(head, 0, head.length, 0);
    // A letter of several bytes may be cut in the middle.
    return { size, head: head.subarray(0, head.findLastIndex((byte) => byte < 0x80) + 1) };
  } finally {
    await handle.close();
  }
}

function utf8Of(name: string, bytes: Uint8Array, whole: boolean): string {
  const utf8 = new Utf8Bytes(name);
  const text = [utf8.push(bytes), ...(whole ? [utf8.end()] : [])];
  return textOfBytes(Buffer.concat(text));
}

/**
 * The rows of a list that are whole in the head of a file, as a list.
 *
 * @throws {DataError} if the file is no list of rows
 */
function wholeRows(name: string, head: string): { text: string; length: number } {
  const begin = /^\uFEFF?\s*\[/.exec(head);
  let [depth, quoted, end] = [0, false, 0];
  for (let i = 0; begin && i < head.length; i++) {
    const one = head[i]!;
    if (one === '\\') i += quoted ? 1 : 0;
    else if (one === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (one === '[' || one === '{') depth += 1;
    else if (one === ']' || one === '}') {
      depth -= 1;
      if (depth === 1) end = i + 1;
    }
  }
  if (end > 0) return { text: `${head.slice(0, end)}]`, length: end };
  throw new DataError(
    `${name}: its start is no list of rows; expected [[1, 2], …] or [{"a": 1}, …] in a file of this size`,
  );
}
