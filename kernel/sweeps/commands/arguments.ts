/** The command line of sweeps, read. */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { sweepFolder } from '../begin';

/** What is wrong with the command line. */
export class SweepUsageError extends Error {
  override readonly name = 'SweepUsageError';
}

/** @throws {SweepUsageError} with what `parseArgs` says */
export function parsed<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new SweepUsageError((error as Error).message);
  }
}

export function oneOf(args: string[], what: string): string {
  return onlyOf(parsed(() => parseArgs({ args, allowPositionals: true, options: {} })).positionals, what);
}

/** A sweep file may stand for its folder. */
export function onlyOf(positionals: readonly string[], what: string): string {
  const [one, ...others] = positionals;
  if (one === undefined) throw new SweepUsageError(`name the ${what}`);
  if (others.length > 0) throw new SweepUsageError(`one ${what} at a time; found also ${others.join(', ')}`);
  const own = what === 'folder' && /\.jsonc?$/i.test(one) ? sweepFolder(one) : undefined;
  return own !== undefined && existsSync(own) ? own : one;
}
