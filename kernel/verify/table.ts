/** The rows of a verification as text. */
import type { VerifiedRow } from './verification';

const HEADINGS = ['', 'system', 'what holds', 'expected', 'found', 'tolerance', 'seconds'];
/** The column that is wrapped where lines would be too long. */
const IDENTITY = 2;
const LEAST_IDENTITY = 32;
const GAP = '  ';

/**
 * @param columns of the terminal; without one, each row is one line
 */
export function verificationTable(rows: readonly VerifiedRow[], columns = Infinity): string {
  const cells = rows.map(cellsOf);
  const widths = HEADINGS.map((heading, i) => Math.max(heading.length, ...cells.map((row) => row[i]!.length)));
  const others = widths.reduce((sum, width, i) => sum + (i === IDENTITY ? 0 : width + GAP.length), 0);
  widths[IDENTITY] = Math.min(widths[IDENTITY]!, Math.max(LEAST_IDENTITY, columns - others));
  const rule = widths.map((width) => '─'.repeat(width)).join(GAP);
  const lines = cells.flatMap((row) => linesOf(row, widths));
  const failures = rows.filter(({ ok }) => !ok).map(({ id, error }) => `✗ ${id}${error ? `: ${error}` : ''}`);
  return [...linesOf(HEADINGS, widths), rule, ...lines, '', ...failures, verdict(rows)].join('\n');
}

function cellsOf({ ok, system, identity, expected, found, tolerance, relation, seconds }: VerifiedRow): string[] {
  return [
    ok ? '✓' : '✗',
    system,
    identity,
    expected === null ? '' : `${relation === '=' ? '' : `${relation} `}${number(expected)}`,
    found === null ? 'error' : number(found),
    tolerance === null ? '' : number(tolerance),
    seconds.toFixed(1),
  ];
}

/** A row, on as many lines as its identity takes. */
function linesOf(row: readonly string[], widths: readonly number[]): string[] {
  return wrapped(row[IDENTITY]!, widths[IDENTITY]!).map((part, i) =>
    row
      .map((cell, column) => (column === IDENTITY ? part : i === 0 ? cell : ''))
      // Numbers stand right.
      .map((cell, column) => (column > IDENTITY ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
      .join(GAP)
      .trimEnd(),
  );
}

function wrapped(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const longer = lines.at(-1) === '' ? word : `${lines.at(-1)} ${word}`;
    if (longer.length <= width || lines.at(-1) === '') lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

function verdict(rows: readonly VerifiedRow[]): string {
  const failed = rows.filter(({ ok }) => !ok).length;
  const seconds = rows.reduce((sum, row) => sum + row.seconds, 0);
  const time = seconds < 90 ? `${seconds.toFixed(0)} s` : `${(seconds / 60).toFixed(1)} min`;
  if (failed === 0) return `All ${rows.length} hold (${time}).`;
  return `${failed} of ${rows.length} ${failed === 1 ? 'does' : 'do'} not hold (${time}).`;
}

export function number(value: number): string {
  if (value === Infinity) return '∞';
  if (value === 0 || Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  return size < 1e-3 || size >= 1e6 ? value.toExponential(2) : String(Number(value.toPrecision(6)));
}
