/** `npm run sweep -- status|collect FOLDER`: how the runs stand, and one table of them. They change nothing. */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { writeWholeSync } from '../../files/writeWhole';
import { damagedSweep } from '../begin';
import { readSweep, runFolder } from '../results';
import type { Damage, RunRecord, Sweep } from '../results';
import { isWorkedOn } from '../run/ownership';
import type { QueuedTask } from '../slurm/commands';
import type { Seen } from '../slurm/jobs';
import { SweepError } from '../sweepError';
import { summaryText } from '../summary';
import { columnsOf, runsText } from '../terminal/table';
import { oneOf, onlyOf, parsed } from './arguments';
import { damageText, here } from './words';

export interface Opened {
  folder: string;
  sweep: Sweep;
  records: RunRecord[];
  damages: Damage[];
  /** Whether Slurm has, or had, jobs of it. */
  onSlurm: boolean;
  queued: QueuedTask[];
  /** Why Slurm could not be asked; undefined if it was, or there was no need. */
  silence: string | undefined;
}

interface OpenOptions {
  /** Whether to do without Slurm where it cannot be asked. */
  tolerant?: boolean;
}

/**
 * The sweep, and what Slurm says where it has jobs there.
 *
 * @throws {SweepError} when Slurm cannot be asked
 */
export async function opened(name: string, { tolerant = false }: OpenOptions = {}): Promise<Opened> {
  const { folder, sweep, runs, damages } = await readSweep(name, { curves: false, reports: false });
  if (!sweep) throw damagedSweep(folder, damages);
  const before = runs.map(({ record }) => record);
  const { submittedJobs } = await import('../slurm/submitted');
  const { jobs, submitting } = submittedJobs(folder);
  const onSlurm = jobs.length > 0 || submitting !== undefined;
  const { look } = await import('../slurm/jobs');
  let silence: string | undefined;
  const none: Seen = { queued: [], lost: new Map<number, string>() };
  const { queued, lost } = !onSlurm
    ? none
    : await look(folder, before).catch((error: unknown) => {
        if (!tolerant || !(error instanceof SweepError)) throw error;
        silence = error.message;
        return none;
      });
  const records = before.map((one): RunRecord => {
    const reason = lost.get(one.index);
    if (reason !== undefined) return { ...one, state: 'failed', reason };
    const isGone = !onSlurm && one.state === 'running' && !isWorkedOn(runFolder(folder, one.index));
    return isGone ? { ...one, state: 'cancelled', reason: 'Its process has ended; --resume resumes it.' } : one;
  });
  return { folder, sweep, records, damages, onSlurm, queued, silence };
}

/** @returns the exit code */
export async function status(args: string[]): Promise<number> {
  const { sweep, records, damages, queued, folder, silence } = await opened(oneOf(args, 'folder'), { tolerant: true });
  const { tableLines } = await import('../terminal/table');
  const { columns: width = 120, isTTY } = process.stdout;
  const colour = Boolean(isTTY) && process.env['NO_COLOR'] === undefined;
  process.stdout.write(`${tableLines(records, columnsOf(sweep), { width, height: Infinity, colour }).join('\n')}\n\n`);
  process.stdout.write(`${summaryText(sweep, records, here(folder))}\n`);
  const waiting = [...new Set(queued.filter(({ state }) => state === 'PENDING').map(({ reason }) => reason))];
  if (waiting.length > 0) process.stdout.write(`In Slurm’s queue: ${waiting.join(', ')}.\n`);
  complain(damages, silence);
  return 0;
}

/** @returns the exit code */
export async function collect(args: string[]): Promise<number> {
  const { values, positionals } = parsed(() =>
    parseArgs({ args, allowPositionals: true, options: { output: { type: 'string' } } }),
  );
  const { folder, sweep, records, damages, silence } = await opened(onlyOf(positionals, 'folder'), { tolerant: true });
  const { tableOf } = await import('../collect');
  const file = resolve(values.output ?? join(folder, 'results.parquet'));
  writeWholeSync(file, tableOf(records));
  process.stdout.write(`${here(file)}: ${runsText(records.length)}\n${summaryText(sweep, records, here(folder))}\n`);
  complain(damages, silence);
  return 0;
}

function complain(damages: readonly Damage[], silence: string | undefined): void {
  for (const damage of damages) process.stderr.write(`${damageText(damage)}\n`);
  if (silence !== undefined) {
    process.stderr.write(`Slurm could not be asked about its runs, which are shown as they last wrote: ${silence}\n`);
  }
}
