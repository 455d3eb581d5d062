/** Questions of cells on a terminal, which wait for a line. */
import { readSync } from 'node:fs';

/**
 * Asks for a line of text on the terminal.
 *
 * @param proposal what an empty line means
 * @returns null at the end of the input
 */
export function prompt(message: unknown = '', proposal?: unknown): string | null {
  process.stderr.write(`${String(message)}${proposal === undefined ? '' : ` [${String(proposal)}]`} `);
  const line = readLine();
  return line === '' && proposal !== undefined ? String(proposal) : (line ?? null);
}

/** Asks for yes or no on the terminal; whatever does not begin with a y is a no. */
export function confirm(message: unknown = ''): boolean {
  process.stderr.write(`${String(message)} [y/N] `);
  return /^\s*y/i.test(readLine() ?? '');
}

/** Prints a message, and waits for a line. */
export function alert(message: unknown = ''): void {
  process.stderr.write(`${String(message)} `);
  readLine();
}

function readLine(): string | undefined {
  const bytes: number[] = [];
  const byte = Buffer.alloc(1);
  for (;;) {
    let read: number;
    try {
      read = readSync(0, byte);
    } catch (error) {
      // A terminal without a line yet.
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') continue;
      if ((error as NodeJS.ErrnoException).code === 'EOF') read = 0;
      else throw error;
    }
    if (read === 0) return bytes.length > 0 ? Buffer.from(bytes).toString('utf8') : undefined;
    if (byte[0] === 10) return Buffer.from(bytes).toString('utf8').replace(/\r$/, '');
    bytes.push(byte[0]!);
  }
}
