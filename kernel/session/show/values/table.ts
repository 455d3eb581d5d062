/** Lists of flat records as tables. */
import { types } from 'node:util';
import type { MimeBundle } from '../../../protocol';
import { VALUE_MIME, VIEW_VERSION, type TableView } from '../../../views/types';
import { counted } from '../../../views/wording';
import { keyOfRecords } from '../../../autoencoders/data/tables/records';
import { escapeHtml } from './escape';

/** Rows in HTML and in text; these say so where there are more. */
const MAX_ROWS = 50;
/** Rows that can be paged through, and bytes of JSON that they take. */
const MOST_ROWS = 5000;
const ROOM = 500_000;
const LONGEST_CELL = 500;

export type Cell = string | number | boolean | bigint | null | undefined;

/** A non-empty array of plain flat objects: what people mean as a table. */
export function recordsOf(value: unknown): Record<string, Cell>[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const flat = value.every(
    (row: unknown) =>
      typeof row === 'object' &&
      row !== null &&
      Object.getPrototypeOf(row) === Object.prototype &&
      Object.keys(row).length > 0 &&
      Object.values(row).every((cell) => cell === null || typeof cell !== 'object' || types.isDate(cell)),
  );
  return flat ? (value as Record<string, Cell | Date>[]).map(withoutDates) : undefined;
}

/** Dates as ISO 8601 has them, which also sorts. */
function withoutDates(row: Record<string, Cell | Date>): Record<string, Cell> {
  const cells = Object.entries(row).map(([name, cell]): [string, Cell] => [name, isDate(cell) ? isoOf(cell) : cell]);
  return Object.fromEntries(cells);
}

const isDate = (cell: Cell | Date): cell is Date => types.isDate(cell);

function isoOf(date: Date): string {
  return Number.isNaN(date.getTime()) ? 'Invalid Date' : date.toISOString();
}

/** A table that is paged and sorted, beside what shows its first rows elsewhere. */
export function recordsBundle(records: Record<string, Cell>[]): MimeBundle {
  return { [VALUE_MIME.table]: tableOf(records), ...tableBundle(records) };
}

/** As many of the records as there is room for. */
export function tableOf(records: Record<string, Cell>[]): TableView {
  const columns = columnsOf(records);
  const numeric = numericColumns(records, columns);
  const rows: TableView['rows'] = [];
  let room = ROOM;
  for (const record of records.slice(0, MOST_ROWS)) {
    const row = columns.map((column) => plainCell(record[column]));
    room -= Buffer.byteLength(JSON.stringify(row)) + 1;
    if (room < 0) break;
    rows.push(row);
  }
  const total = records.length;
  const data = total > 0 ? { data: keyOfRecords(records) } : {};
  const summary = `A table of ${counted(total, 'row')} and ${counted(columns.length, 'column')}`;
  const named = columns.map((name, i) => ({ name, numeric: numeric[i]! }));
  return { version: VIEW_VERSION, id: 'table', title: 'Table', summary, ...data, columns: named, rows, total };
}

function plainCell(value: Cell): string | number | boolean | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  const text = String(value);
  return text.length > LONGEST_CELL ? `${text.slice(0, LONGEST_CELL)}…` : text;
}

function columnsOf(records: Record<string, Cell>[]): string[] {
  return [...new Set(records.flatMap((row) => Object.keys(row)))];
}

function numericColumns(records: Record<string, Cell>[], columns: string[]): boolean[] {
  return columns.map((column) => records.every((row) => row[column] == null || typeof row[column] === 'number'));
}

/** One line for each record, as HTML and as text. */
export function tableBundle(records: Record<string, Cell>[]): MimeBundle {
  const columns = columnsOf(records);
  const rows = records.slice(0, MAX_ROWS).map((row) => columns.map((column) => cellText(row[column])));
  const numeric = numericColumns(records, columns);
  const cut = records.length > MAX_ROWS ? `${MAX_ROWS} of ${records.length} rows` : '';
  return { 'text/html': htmlTable(columns, rows, numeric, cut), 'text/plain': textTable(columns, rows, numeric, cut) };
}

function cellText(value: Cell): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number' && !Number.isInteger(value)) return Number(value.toPrecision(7)).toString();
  return String(value);
}

function htmlTable(columns: string[], rows: string[][], numeric: boolean[], cut: string): string {
  const align = (index: number) => ` style="text-align:${numeric[index] ? 'right' : 'left'}"`;
  const head = columns.map((name, index) => `<th${align(index)}>${escapeHtml(name)}</th>`).join('');
  const line = (cells: string[]) =>
    `<tr>${cells.map((cell, i) => `<td${align(i)}>${escapeHtml(cell)}</td>`).join('')}</tr>`;
  const caption = cut ? `<caption>${cut}</caption>` : '';
  return `<table>${caption}<thead><tr>${head}</tr></thead><tbody>${rows.map(line).join('')}</tbody></table>`;
}

function textTable(columns: string[], rows: string[][], numeric: boolean[], cut: string): string {
  const widths = columns.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: string[]) =>
    cells
      .map((cell, i) => (numeric[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return [line(columns), rule, ...rows.map(line), ...(cut ? [cut] : [])].join('\n');
}
