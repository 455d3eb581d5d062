/** `npm run verify`: every identity and oracle, as one table. */
import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import { shiftSeeds } from '../autoencoders/random';
import { chooseDevice } from '../engine/devices';
import { writeWhole } from '../files/writeWhole';
import { vary } from '../engine/variation';
import { verify } from './run';
import type { Variant } from './spread';
import { verificationTable } from './table';
import type { Verification } from './verification';
import { verifications } from './verifications';

export interface VerifyOptions {
  device: string;
  /** The subset that `npm test` runs. */
  quick: boolean;
  /** Only those whose id contains this text. */
  only?: string;
  /** The width of the terminal. Without it, rows keep their length. */
  columns?: number;
  /** Other seeds, threads and convolutions than the machine's own. */
  variant?: Variant;
  /** Where the rows go: `[{ id, system, identity, expected, found, tolerance, ok, … }]`. */
  json?: string;
}

/** @returns the table, and whether all of it holds */
export async function runVerify(
  options: VerifyOptions,
  tell: (line: string) => void,
): Promise<{ table: string; ok: boolean }> {
  const chosen = chosenOf(verifications, options);
  // Before the work: rows that cannot be written would be lost.
  if (options.json) await access(path.dirname(path.resolve(options.json)), constants.W_OK);
  if (options.variant) {
    const { seeds, threads, convolutions } = options.variant;
    shiftSeeds(seeds);
    vary({ ...(threads === null ? {} : { threads }), blocks: convolutions === 'blocked' });
  }
  const device = await chooseDevice(options.device);
  tell(`${chosen.length} of ${verifications.length} on ${device.description}`);
  const rows = await verify(chosen, ({ id, ok, seconds }) => tell(`${ok ? '✓' : '✗'} ${id} (${seconds.toFixed(1)} s)`));
  if (options.json) await writeWhole(options.json, `${JSON.stringify(rows, null, 2)}\n`);
  return { table: verificationTable(rows, options.columns), ok: rows.every(({ ok }) => ok) };
}

/** @throws RangeError when nothing is left to verify */
export function chosenOf(
  all: readonly Verification[],
  { quick, only = '' }: Pick<VerifyOptions, 'quick' | 'only'>,
): Verification[] {
  const chosen = all.filter((one) => (one.quick || !quick) && one.id.includes(only));
  if (chosen.length > 0) return chosen;
  const systems = [...new Set(all.map(({ id }) => id.split('/')[0]))].join(', ');
  throw new RangeError(`No verification has “${only}” in its id; they begin with ${systems}.`);
}
