/** The rows of a verification as text. */
import type { VerifiedRow } from './verification';

const HEADINGS = ['', 'system', 'what holds', 'expected', 'found', 'tolerance', 'seconds'];
/** Columns of numbers stand right. */
const RIGHT = new Set([3, 4, 5, 6]);

export function verificationTable(rows: readonly VerifiedRow[]): string {
  const cells = rows.map((row) => [
    row.ok ? '✓' : '✗',
    row.system,
    row.identity,
    row.expected === null ? '' : `${row.relation === '=' ? '' : `${row.relation} `}${number(row.expected)}`,
    row.found === null ? `error` : number(row.found),
    row.tolerance === null ? '' : number(row.tolerance),
    row.seconds.toFixed(1),
  ]);
  const widths = HEADINGS.map((heading, i) => Math.max(heading.length, ...cells.map((row) => row[i]!.length)));
  const line = (row: string[]) =>
    row
      .map((cell, i) => (RIGHT.has(i) ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  const failures = rows.filter(({ ok }) => !ok).map(({ id, error }) => `✗ ${id}${error ? `: ${error}` : ''}`);
  return [line(HEADINGS), rule, ...cells.map(line), '', ...failures, verdict(rows)].join('\n');
}

function verdict(rows: readonly VerifiedRow[]): string {
  const failed = rows.filter(({ ok }) => !ok).length;
  const seconds = rows.reduce((sum, row) => sum + row.seconds, 0);
  const time = seconds < 90 ? `${seconds.toFixed(0)} s` : `${(seconds / 60).toFixed(1)} min`;
  if (failed === 0) return `All ${rows.length} hold (${time}).`;
  return `${failed} of ${rows.length} ${failed === 1 ? 'does' : 'do'} not hold (${time}).`;
}

function number(value: number): string {
  if (value === 0 || Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  return size < 1e-3 || size >= 1e6 ? value.toExponential(2) : String(Number(value.toPrecision(6)));
}
