/** `npm run sweep -- FILE.json`: a new sweep, or the rest of one, here or on Slurm. */
import { parseArgs } from 'node:util';
import { openSweep, writeBegun } from '../begin';
import type { Begun } from '../begin';
import { underClaim } from '../claim';
import type { Claim } from '../claim';
import { requirePlace } from '../kept';
import { unfinished } from '../local/pool';
import { slotsFor } from '../local/slots';
import { columnsOf, runsText, settingText } from '../terminal/table';
import { onlyOf, parsed, SweepUsageError } from './arguments';
import { runLocally } from './local';
import { conclude, here, threadsText } from './words';

/** @returns the exit code */
export async function start(args: string[]): Promise<number> {
  const options = {
    on: { type: 'string', default: 'local' },
    'dry-run': { type: 'boolean', default: false },
    resume: { type: 'boolean', default: false },
    folder: { type: 'string' },
  } as const;
  const { values, positionals } = parsed(() => parseArgs({ args, allowPositionals: true, options }));
  const file = onlyOf(positionals, 'sweep file');
  const { on, resume, folder } = values;
  if (folder === '') throw new SweepUsageError('--folder names a folder; found an empty name');
  if (on !== 'local' && on !== 'slurm') throw new SweepUsageError(`--on is local or slurm; found "${on}"`);
  const seen = await openSweep({ file, folder, resume });
  for (const note of seen.notes) process.stderr.write(`${note}\n`);
  if (values['dry-run']) return dryRun(seen, on);
  // Nothing is written where nothing is left to do.
  if (seen.isOld && (await unfinished(seen.folder, seen.sweep)).length === 0) return conclude(seen.folder, seen.sweep);
  const doing = on === 'slurm' ? 'submits this sweep to Slurm' : 'runs this sweep';
  return underClaim(seen.folder, doing, async (claim) => {
    // Another process may have begun one there since.
    const begun = seen.isOld ? seen : await openSweep({ file, folder, resume });
    requirePlace(begun.sweep, begun.folder);
    writeBegun(begun);
    return on === 'slurm' ? submitOpen(begun, claim) : runOpen(begun, claim);
  });
}

async function runOpen(begun: Begun, claim: Claim): Promise<number> {
  const { folder, sweep } = begun;
  const { leaveSlurm } = await import('../slurm/leave');
  await leaveSlurm(folder);
  const open = await unfinished(folder, sweep);
  // Another process may have run the rest before this one had the claim.
  if (begun.isOld && open.length === 0) return conclude(folder, sweep);
  return runLocally(begun, open, claim);
}

async function submitOpen({ folder, sweep, file, isOld, records }: Begun, claim: Claim): Promise<number> {
  const { look, submit } = await import('../slurm/jobs');
  const { submittedText } = await import('./submitted');
  const { queued } = isOld ? await look(folder, records) : { queued: [] };
  const inQueue = new Set(queued.map(({ task }) => task));
  const open = await unfinished(folder, sweep);
  const runs = open.filter((index) => !inQueue.has(index));
  if (runs.length === 0) {
    const jobs = [...new Set(queued.map(({ job }) => job))].join(', ');
    if (open.length > 0)
      process.stdout.write(`Nothing to submit: ${runsText(open.length)} in Slurm’s queue (${jobs}).\n`);
    return conclude(folder, sweep);
  }
  const jobs = await submit({ folder, sweep, file, runs, claim });
  process.stdout.write(submittedText(jobs, runs.length, folder));
  return 0;
}

async function dryRun({ folder, sweep, file }: Begun, on: 'local' | 'slurm'): Promise<number> {
  const columns = columnsOf(sweep);
  const lines = sweep.runs
    .slice(0, 20)
    .map((run) => `  ${[`run ${run.index}`, settingText(run, columns)].filter(Boolean).join(': ')}`);
  const more = sweep.runs.length > 20 ? [`  … and ${sweep.runs.length - 20} more`] : [];
  process.stdout.write(
    `${[`${sweep.name}: ${runsText(sweep.runs.length)} of ${here(sweep.notebook)}`, ...lines, ...more].join('\n')}\n`,
  );
  if (on === 'slurm') {
    const { arraysOf, stagesOf } = await import('../slurm/arrays');
    const { batchScript } = await import('../slurm/script');
    const all = sweep.runs.map(({ index }) => index);
    const scripts = stagesOf(file).flatMap((rung) => arraysOf(folder, sweep, all, 1000, rung));
    process.stdout.write(`\n${scripts.map((job) => batchScript(job, file)).join('\n')}`);
  } else {
    const slots = await slotsFor(file, sweep.runs.length);
    process.stdout.write(
      `${slots.length} at a time, ${threadsText(slots[0]!.threads)} each; results go to ${here(folder)}\n`,
    );
  }
  return 0;
}
