/** `npm run sweep -- cancel|rerun FOLDER` */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { resolvedAnew } from '../begin';
import { markCancelled, putBack } from '../cancelled';
import { changed } from '../changed';
import type { Changed } from '../changed';
import { underClaim } from '../claim';
import { givenOf } from '../given';
import { keptNotebook, located, requirePlace } from '../kept';
import type { RunRecord, Sweep } from '../results';
import { SweepError } from '../sweepError';
import { countText, runsText } from '../terminal/table';
import { oneOf, onlyOf, parsed } from './arguments';
import { runLocally } from './local';
import { opened } from './look';
import { submittedText } from './submitted';
import { here } from './words';

/** @returns the exit code */
export async function cancel(args: string[]): Promise<number> {
  const { folder, onSlurm } = await opened(oneOf(args, 'folder'));
  // A process that runs it here has it, and is named.
  return underClaim(folder, 'cancels this sweep', async () => {
    if (!onSlurm) throw new SweepError(`${here(folder)} was not submitted to Slurm, and no process runs it`);
    const { cancelJobs } = await import('../slurm/jobs');
    await cancelJobs(folder);
    const waiting = markCancelled(folder, (await opened(folder)).records);
    process.stdout.write(`Cancelled. ${runsText(waiting)} had not started; running ones save themselves and end.\n`);
    return 0;
  });
}

/** @returns the exit code */
export async function rerun(args: string[]): Promise<number> {
  const options = { fresh: { type: 'boolean', default: false } } as const;
  const { values, positionals } = parsed(() => parseArgs({ args, allowPositionals: true, options }));
  const seen = await opened(onlyOf(positionals, 'folder'));
  const { folder, onSlurm } = seen;
  if (openRuns(seen).length === 0) return nothing(seen.records);
  return underClaim(folder, onSlurm ? 'submits this sweep to Slurm' : 'runs this sweep', async (claim) => {
    const now = await opened(folder);
    const open = openRuns(now);
    if (open.length === 0) return nothing(now.records);
    const runs = open.map(({ index }) => index);
    const notebook = keptNotebook(folder);
    const sweep = located(now.sweep, folder);
    requirePlace(sweep, folder);
    const { file, notes } = filed(sweep, notebook);
    putBack(folder, sweep, open, values.fresh);
    for (const note of notes) process.stderr.write(`${note}\n`);
    if (!onSlurm) return runLocally({ folder, sweep, file, notebook }, runs, claim);
    const { submit } = await import('../slurm/jobs');
    const jobs = await submit({ folder, sweep, file, runs, claim });
    process.stdout.write(submittedText(jobs, runs.length, folder));
    return 0;
  });
}

/** The sweep's own file, as it is now, says what runs are given; one that is gone or damaged changes nothing. */
function filed(sweep: Sweep, notebook: string): Changed {
  const before = { file: givenOf(sweep), notes: [] };
  if (sweep.file === null || !existsSync(sweep.file)) return before;
  const now = resolvedAnew(sweep.file);
  if (now instanceof SweepError) return before;
  return changed(here(sweep.file), sweep, notebook, now);
}

function openRuns({ records, queued, onSlurm }: Awaited<ReturnType<typeof opened>>): RunRecord[] {
  const inQueue = new Set(queued.map(({ task }) => task));
  return records.filter(
    ({ index, state }) =>
      !inQueue.has(index) &&
      (state === 'failed' || state === 'cancelled' || (!onSlurm && state !== 'done' && state !== 'stopped')),
  );
}

function nothing(records: readonly RunRecord[]): number {
  process.stdout.write(`No run has failed or been cancelled (${countText(records)}).\n`);
  return 0;
}
