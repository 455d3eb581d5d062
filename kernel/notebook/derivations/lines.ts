/** A line of a text and what ends it. */
export interface Line {
  readonly text: string;
  /** `\n`, `\r\n` or `\r`; empty at the end of a text that does not end with a line break. */
  readonly end: string;
}

/** The lines of a text, which are {@link written} as they were. A text that ends with a line break has no empty last line. */
export function linesOf(text: string): Line[] {
  return [...text.matchAll(/([^\r\n]*)(\r\n|\r|\n|$)/g)]
    .map(([, line, end]) => ({ text: line!, end: end! }))
    .filter(({ text: line, end }) => line !== '' || end !== '');
}

export function written(lines: readonly Line[]): string {
  return lines.map(({ text, end }) => text + end).join('');
}

/** The lines as an editor has them, which knows one way to end a line; the last one is not ended. */
export function plainText(lines: readonly Line[]): string {
  return lines.map(({ text }) => text).join('\n');
}

/** How most lines of a text end; `\n` where none does. */
export function commonEnd(text: string): string {
  const counts = new Map<string, number>();
  for (const { end } of linesOf(text)) if (end !== '') counts.set(end, (counts.get(end) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? '\n';
}
