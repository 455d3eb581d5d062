/** Which records a data set was made of, so that a table of the records and views of the data set know each other. */
import { types } from 'node:util';
import { checksum } from '../checksum';

/** Records that are looked at, evenly spread. */
const LOOKED_AT = 256;

const keys = new WeakMap<object, string>();

/** The same for lists of as many records with the same cells. */
export function keyOfRecords(records: readonly object[]): string {
  const stride = Math.max(1, Math.floor(records.length / LOOKED_AT));
  const some = records.filter((_, i) => i % stride === 0).map((record) => Object.entries(record).map(pair));
  return `records-${records.length}-${checksum(Buffer.from(JSON.stringify(some))).toString(16)}`;
}

/** Texts, since a cell may be a bigint, and a date is shown as one. */
function pair([name, cell]: [string, unknown]): [string, string] {
  if (types.isDate(cell)) return [name, `string ${Number.isNaN(cell.getTime()) ? 'Invalid Date' : cell.toISOString()}`];
  return [name, typeof cell === 'object' && cell !== null ? 'object' : `${typeof cell} ${String(cell)}`];
}

/** Notes that a data set has these records as its rows, one each and in their order. */
export function noteRecords(dataset: object, source: unknown): void {
  if (Array.isArray(source) && source.every(isFlat)) keys.set(dataset, keyOfRecords(source));
}

const isFlat = (record: unknown): record is object =>
  typeof record === 'object' && record !== null && Object.getPrototypeOf(record) === Object.prototype;

/** Notes that a data set has the rows of another, in their order. @returns it */
export function sameRows<T extends object>(from: object, to: T): T {
  const key = keys.get(from);
  if (key !== undefined) keys.set(to, key);
  return to;
}

/** The key of the records that a data set was made of; undefined if it was made of something else. */
export function recordsKeyOf(dataset: object): string | undefined {
  return keys.get(dataset);
}
