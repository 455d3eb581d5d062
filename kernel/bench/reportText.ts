/** What sections of the report are made of. */
import type { Refusal } from './measure';
import type { RowWorkload } from './rows';

/** A Markdown table, numbers to the right. */
export function table(header: readonly string[], lines: readonly (readonly (string | number)[])[]): string {
  const isNumber = (column: number) => lines.every((line) => /^[\d.,–]/.test(String(line[column])));
  const rule = header.map((_, column) => (isNumber(column) ? '---:' : '---'));
  return [header, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Three significant digits, and no fewer than there are before the point. */
export function digits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/** A line for each engine that could not do a workload. */
export function refused(of: RowWorkload, refusals: readonly Refusal[]): string {
  return refusals
    .filter(({ workload }) => workload === of)
    .map(({ engine, device, reason }) => `- \`${engine}\`${device ? ` (${device})` : ''} not measured: ${reason}`)
    .join('\n');
}
