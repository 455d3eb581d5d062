/** What the commands print in the same words. */
import { basename, relative } from 'node:path';
import { readSweep, RUN_FILES } from '../results';
import type { Damage, Sweep } from '../results';
import { summaryText } from '../summary';

/** A path as the user would type it. */
export const here = (path: string) => relative(process.cwd(), path) || path;

export const threadsText = (threads: number) => (threads === 1 ? '1 thread' : `${threads} threads`);

export function damageText({ file, reason }: Damage): string {
  const isRecord = basename(file) === RUN_FILES.record;
  const what = isRecord ? 'the run counts as one that has not begun, and --resume runs it' : 'what it said is left out';
  return `${here(file)} is damaged: ${reason}; ${what}`;
}

/** How the runs stand. @returns the exit code */
export async function conclude(folder: string, sweep: Sweep): Promise<number> {
  const { runs, damages } = await readSweep(folder, { curves: false, reports: false });
  const records = runs.map(({ record }) => record);
  process.stdout.write(`${summaryText(sweep, records, here(folder))}\n`);
  for (const damage of damages) process.stderr.write(`${damageText(damage)}\n`);
  return records.some(({ state }) => state === 'failed') ? 1 : 0;
}
