/** What a cell of a table says: a number, a truth value, that one is missing, or text. */

export type Cell = string | number | boolean | bigint | null | undefined;

/** What stands for a missing number, as in R, pandas and NumPy. */
const MISSING = new Set(['', 'na', 'nan', '-nan', 'n/a', 'null', '?', '<na>', '#n/a']);
const INFINITIES = new Map([
  ['inf', Infinity],
  ['+inf', Infinity],
  ['-inf', -Infinity],
]);
const TRUTHS = new Map([
  ['true', 1],
  ['false', 0],
]);
const DATE = /^\s*\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T]|\s*$)|^\s*\d{1,2}:\d{2}(:\d{2}|\s*$)/;

export function isMissingText(text: string): boolean {
  return MISSING.has(text.trim().toLowerCase());
}

/** Whether a text is `true` or `false`, in letters of any case. */
export function isTruthText(cell: unknown): cell is string {
  return typeof cell === 'string' && TRUTHS.has(cell.trim().toLowerCase());
}

/** The number that a cell holds (1 for true, NaN where it says that one is missing), or undefined when it holds text. */
export function numberOf(cell: Cell): number | undefined {
  if (typeof cell === 'number') return cell;
  if (typeof cell === 'boolean') return cell ? 1 : 0;
  if (typeof cell === 'bigint') return Number(cell);
  const text = cell?.trim().toLowerCase() ?? '';
  if (MISSING.has(text)) return NaN;
  const number =
    INFINITIES.get(text) ?? TRUTHS.get(text) ?? Number(text === 'infinity' || text === '-infinity' ? cell : text);
  return Number.isNaN(number) ? undefined : number;
}

/** Whether a cell is a whole number that a float64 does not hold. */
export function isHuge(cell: Cell): boolean {
  if (typeof cell === 'bigint') return !Number.isSafeInteger(Number(cell));
  return typeof cell === 'string' && /^\s*[-+]?\d{16,}\s*$/.test(cell) && !Number.isSafeInteger(Number(cell));
}

export function isCell(cell: unknown): cell is Cell {
  return cell === null || ['undefined', 'string', 'number', 'boolean', 'bigint'].includes(typeof cell);
}

export function looksLikeDate(text: string): boolean {
  return DATE.test(text);
}
