/** The command line of sweeps, read. */
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { sweepFolder } from '../begin';
import { RUNS_FOLDER, SWEEP_FILE } from '../results';

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

/** A sweep file may stand for its folder, as the sweep.json in that does. */
export function onlyOf(positionals: readonly string[], what: string): string {
  const [one, ...others] = positionals;
  if (one === undefined) throw new SweepUsageError(`name the ${what}`);
  if (others.length > 0) throw new SweepUsageError(`one ${what} at a time; found also ${others.join(', ')}`);
  if (one === '') throw new SweepUsageError(`name the ${what}; found an empty name`);
  if (what !== 'folder' || !/\.jsonc?$/i.test(one)) return one;
  const own = sweepFolder(one);
  if (existsSync(own)) return own;
  return basename(one) === SWEEP_FILE && existsSync(join(dirname(one), RUNS_FOLDER)) ? dirname(one) : one;
}
