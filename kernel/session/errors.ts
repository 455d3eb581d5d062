/** What can end a cell besides the cell's own errors. */

/** The cell does not parse; `line` and `column` count from 1. */
export class CellSyntaxError extends SyntaxError {
  override readonly name = 'SyntaxError';

  constructor(
    message: string,
    source: string,
    cellName: string,
    readonly line: number,
    readonly column: number,
  ) {
    super(message);
    this.stack = `SyntaxError: ${message}\n    at ${cellName}:${line}:${column}\n\n${codeFrame(source, line, column)}`;
  }
}

/** The user stopped the cell. The state of the session is kept. */
export class InterruptedError extends Error {
  override readonly name = 'Interrupted';

  constructor() {
    super('The cell was interrupted. Variables and models keep the state they had.');
  }
}

/** The line in question with a caret below the column, and the line before it. */
export function codeFrame(source: string, line: number, column: number): string {
  const lines = source.split('\n');
  const width = String(line).length;
  const show = (number: number) => `${String(number).padStart(width)} | ${lines[number - 1] ?? ''}`;
  const frame = line > 1 ? [show(line - 1), show(line)] : [show(line)];
  return [...frame, `${' '.repeat(width)} | ${' '.repeat(column - 1)}^`].join('\n');
}
