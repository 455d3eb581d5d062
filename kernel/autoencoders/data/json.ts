/** Tables of numbers as JSON. */
import { object, takes, text as textKind } from '../arguments';
import type { SampleStream } from '../samples';
import { DataError } from './checkData';
import { isColumns, isRecord, isRow, noData } from './convert';
import { Dataset } from './dataset';
import { readMaybeZipped, textOf } from './files';
import { loadTableNow, streamTable, type TableSourceNow } from './tables/source';
import { tableOfColumns, tableOfRecords, tableOfRows } from './tables/table';
import { textOfBytes, Utf8Bytes } from './tables/textBytes';

/** Options of {@link loadData} for JSON. */
export interface JsonOptions {
  /**
   * The column with the class of each sample, text or whole numbers: a field of the records, or `x0`, `x1`, … for rows.
   * Default: the only one with text, or one named label, class, target or species; a notice says so.
   */
  label?: string;
  /** Columns of numbers to take, in this order. Default: all but the label. */
  columns?: string[];
  /** What messages call it. */
  name?: string;
}

/**
 * Reads `[[1, 2], [3, 4]]`, `[{"height": 1.8, "weight": 75}, …]` or `{"height": [1.8, …], "weight": [75, …]}`; `null` is a
 * missing number (NaN).
 *
 * @throws {DataError} naming row, field and value when it holds anything else
 */
export async function readJson(file: string, options: JsonOptions = {}): Promise<Dataset> {
  return new Dataset(loadTableNow(await jsonFile(file, options)));
}

/** The same as a stream. The text is held in memory: large tables are better in another format. */
export async function streamJson(file: string, options: JsonOptions = {}): Promise<SampleStream> {
  return streamTable(await jsonFile(file, options));
}

/** The same as {@link readJson} for text. */
export function parseJson(text: string, options: JsonOptions = {}): Dataset {
  takes('parseJson', ['text', text, textKind], ['options', options, object()]);
  return new Dataset(loadTableNow(tableOf(text, { ...options, name: options.name ?? 'the text' })));
}

async function jsonFile(file: string, options: JsonOptions): Promise<TableSourceNow> {
  const name = options.name ?? file;
  const utf8 = new Utf8Bytes(name);
  const bytes = utf8.push(await readMaybeZipped(file));
  return tableOf(textOfBytes(Buffer.concat([bytes, utf8.end()])), { ...options, name });
}

function tableOf(text: string, { name, label, columns }: JsonOptions & { name: string }): TableSourceNow {
  const source = parsed(name, text);
  const options = { name, label, columns, find: true };
  if (isColumns(source)) return tableOfColumns(source, options);
  if (!Array.isArray(source) || source.length === 0) throw noData(name, source);
  if (source.every(isRow)) return tableOfRows(source, options);
  if (source.every(isRecord)) return tableOfRecords(source, options);
  throw noData(name, source);
}

/** @throws {DataError} for text that is not JSON */
export function parsed(name: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new DataError(`${name}: this is not JSON (${textOf(error)}); JSON has null instead of NaN`);
  }
}
