/** Rows of an earlier run, for what this one leaves out. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { UsageError } from '../commandLineArguments';

/**
 * The rows that `--json` has written on this machine.
 *
 * @param file  what `--with` names; undefined: none
 * @param row   what a row is
 * @throws {UsageError} when the file cannot be read, or holds something else
 */
export function earlierRows<Row>(file: string | undefined, row: z.ZodType<Row>): Row[] {
  if (file === undefined) return [];
  const found = z.array(row).safeParse(jsonIn(file));
  if (found.success) return found.data;
  throw new UsageError(`--with ${file}: expected the rows that --json of this bench writes; ${problem(found.error)}`);
}

function jsonIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`--with ${file} cannot be read: ${(error as Error).message}`);
  }
}

/** The first thing that is wrong: an array of other rows has the same hundreds of times. */
function problem({ issues: [first] }: z.ZodError): string {
  const [index, ...field] = first!.path;
  const where = index === undefined ? '' : ` (row ${Number(index) + 1}${field.map((name) => `, ${String(name)}`)})`;
  return `${first!.message}${where}`;
}
