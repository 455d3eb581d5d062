/** The jobs that a sweep has submitted, and what has become of its runs by Slurm's word. */
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { builtFile } from '../../engine/packageRoot';
import { makeFolderSync } from '../../files/makeFolder';
import { writeWholeSync } from '../../files/writeWhole';
import type { SweepFile } from '../file/schema';
import type { RunRecord, Sweep } from '../results';
import { SweepError } from '../sweepError';
import { endOf, largestTask, sbatch, scancel, squeue } from './commands';
import type { QueuedTask } from './commands';
import { batchScript } from './script';
import type { ArrayJob } from './script';

const FILE = 'slurm.json';

const schema = z.looseObject({
  jobs: z.array(
    z.looseObject({
      id: z.string(),
      offset: z.int(),
      /** The runs, by their numbers. */
      runs: z.array(z.int()),
      rung: z.int().optional(),
      submitted: z.string(),
    }),
  ),
  /** The user has cancelled them. */
  cancelled: z.boolean(),
});

type Submitted = z.infer<typeof schema>;

/** @throws {SweepError} for a file that is damaged */
export function submittedJobs(folder: string): Submitted {
  const file = join(folder, FILE);
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { jobs: [], cancelled: false };
    if (!(error instanceof SyntaxError || error instanceof z.ZodError)) throw error;
    throw new SweepError(
      `${file}, which lists the jobs that were submitted, is damaged. squeue shows those that are left; when there are none, delete it`,
    );
  }
}

function write(folder: string, submitted: Submitted): void {
  writeWholeSync(join(folder, FILE), `${JSON.stringify(submitted, null, 2)}\n`);
}

/**
 * Array jobs for runs: one, or several where there are more runs than an array of this cluster may have tasks. With
 * successive halving one for each rung and one to the end, each after the one before.
 *
 * @returns their numbers
 * @throws {SweepError} with what Slurm said
 */
export async function submit(
  folder: string,
  sweep: Sweep,
  file: SweepFile,
  runs: readonly number[],
): Promise<string[]> {
  const most = await largestTask();
  makeFolderSync(join(folder, 'slurm'));
  const ids: string[] = [];
  let before: string[] = [];
  for (const rung of stagesOf(file)) {
    const stage: string[] = [];
    for (const job of arraysOf(folder, sweep, runs, most, rung)) {
      const script = join(folder, 'slurm', `job-${submittedJobs(folder).jobs.length + 1}.sh`);
      writeWholeSync(script, batchScript(job, file));
      chmodSync(script, 0o755);
      const id = await sbatch(script, before.length > 0 ? before.join(':') : undefined);
      const known = submittedJobs(folder);
      const submitted = { id, offset: job.offset, runs: [...job.runs], submitted: new Date().toISOString() };
      write(folder, { jobs: [...known.jobs, { ...submitted, ...(rung !== undefined && { rung }) }], cancelled: false });
      stage.push(id);
    }
    ids.push(...stage);
    before = stage;
  }
  return ids;
}

/** How many rungs are decided when each array begins; undefined without successive halving. */
export function stagesOf({ stop }: SweepFile): (number | undefined)[] {
  return stop ? Array.from({ length: stop.rungs.length + 1 }, (_, rung) => rung) : [undefined];
}

export function arraysOf(
  folder: string,
  { name }: Sweep,
  runs: readonly number[],
  most: number,
  rung: number | undefined,
): ArrayJob[] {
  const offsets = [...new Set(runs.map((run) => Math.floor((run - 1) / most) * most))];
  return offsets.map((offset) => ({
    ...{ name, folder, offset, node: process.execPath, program: builtFile('sweep.js') },
    runs: runs.filter((run) => run > offset && run <= offset + most),
    ...(rung !== undefined && { rung }),
  }));
}

/** Has Slurm end them all; runs under way keep themselves and say that they were cancelled. */
export async function cancelJobs(folder: string): Promise<void> {
  const { jobs } = submittedJobs(folder);
  write(folder, { jobs, cancelled: true });
  await scancel(jobs.map(({ id }) => id));
}

export interface Seen {
  /** In Slurm's queue, or running there. */
  queued: QueuedTask[];
  /** By the runs' numbers: of runs that are not over, and that Slurm has no task for any more, what it says of them. */
  lost: Map<number, string>;
}

/** What Slurm says of runs that are not over. */
export async function look(folder: string, records: readonly RunRecord[]): Promise<Seen> {
  const { jobs, cancelled } = submittedJobs(folder);
  const tasks = await squeue(jobs.map(({ id }) => id));
  const offsets = new Map(jobs.map(({ id, offset }) => [id, offset]));
  const queued = tasks.map((one) => ({ ...one, task: one.task + (offsets.get(one.job) ?? 0) }));
  const lost = new Map<number, string>();
  for (const { index, state, reason } of records) {
    if (state !== 'running' && state !== 'waiting') continue;
    if (queued.some(({ task }) => task === index)) continue;
    const job = jobs.findLast(({ runs }) => runs.includes(index));
    if (!job || (cancelled && state === 'waiting')) continue;
    const end = await endOf(job.id, index - job.offset);
    const last = end ? `Slurm says ${end}.` : 'Slurm no longer has a task for it.';
    // It has saved itself, and Slurm did not start it again: its time was over.
    lost.set(index, state === 'waiting' && reason !== null ? `${reason} ${last} Rerun resumes it.` : last);
  }
  return { queued, lost };
}
