/** Jobs are submitted, looked for and cancelled, and what has become of a sweep's runs by Slurm's word. */
import { randomBytes } from 'node:crypto';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolderSync } from '../../files/makeFolder';
import { writeWholeSync } from '../../files/writeWhole';
import type { Claim } from '../claim';
import type { SweepFile } from '../file/schema';
import { runFolder } from '../results';
import type { RunRecord, Sweep } from '../results';
import { forgetOwner } from '../run/ownership';
import { SweepError } from '../sweepError';
import { arraysOf, stagesOf } from './arrays';
import { endOf, jobOfScript, largestTask, sbatch, scancel, squeue } from './commands';
import type { QueuedTask } from './commands';
import { batchScript, outputOf } from './script';
import type { ArrayJob } from './script';
import { submittedJobs, writeSubmitted } from './submitted';
import type { Submission, Submitted, SubmittedJob } from './submitted';

export interface ToSubmit {
  folder: string;
  sweep: Sweep;
  file: SweepFile;
  /** By their numbers; none of them is in Slurm's queue. */
  runs: readonly number[];
  /** The sweep's folder is this process's. */
  claim: Claim;
}

/**
 * Array jobs for runs. With successive halving one for each rung and one to the end, each after the one before.
 *
 * @returns their numbers
 * @throws {SweepError} with what Slurm said
 */
export async function submit({ folder, sweep, file, runs, claim }: ToSubmit): Promise<string[]> {
  if (folder.includes('\\')) {
    throw new SweepError(
      `${folder} has a backslash in its name, where Slurm cannot write what tasks print. Name another --folder`,
    );
  }
  const most = await largestTask();
  makeFolderSync(join(folder, 'slurm'));
  await settle(folder);
  // Whoever worked on them is gone: the folder is ours, and Slurm has no task for them.
  for (const run of runs) forgetOwner(runFolder(folder, run));
  const ids: string[] = [];
  let before: string[] = [];
  for (const rung of stagesOf(file)) {
    const stage: string[] = [];
    for (const job of arraysOf(folder, sweep, runs, most, rung)) {
      await claim.check();
      stage.push(await submitOne(folder, job, file, before));
    }
    ids.push(...stage);
    before = stage;
  }
  return ids;
}

/** Its submission is noted before Slurm hears of it, and its number after that: nothing is forgotten in between. */
async function submitOne(folder: string, job: ArrayJob, file: SweepFile, before: readonly string[]): Promise<string> {
  const { jobs } = submittedJobs(folder);
  const token = randomBytes(8).toString('hex');
  const script = join(folder, 'slurm', `job-${jobs.length + 1}-${token}.sh`);
  const { offset, rung } = job;
  const submitting: Submission = {
    ...{ token, script, offset, runs: [...job.runs], submitted: new Date().toISOString() },
    ...(rung !== undefined && { rung }),
  };
  writeSubmitted(folder, { jobs, submitting, cancelled: false });
  writeWholeSync(script, batchScript({ ...job, submission: token }, file));
  chmodSync(script, 0o755);
  try {
    const id = await sbatch(script, outputOf(folder), before);
    writeSubmitted(folder, { jobs: [...jobs, { ...submitting, id }], cancelled: false });
    return id;
  } catch (error) {
    // It may have been taken all the same: the answer of a busy controller comes too late.
    const settled = await settle(folder).catch(() => undefined);
    const taken = settled?.jobs.find((one) => one.token === token);
    if (taken) return taken.id;
    throw error;
  }
}

/** What a process that ended in the middle of a submission has left is one of the jobs, or none: its tasks then end at once. */
async function settle(folder: string): Promise<Submitted> {
  const known = submittedJobs(folder);
  if (!known.submitting) return known;
  const settled = { jobs: await allJobs(known), cancelled: known.cancelled };
  writeSubmitted(folder, settled);
  return settled;
}

/** With the one that Slurm has taken from a process that did not live to hear of it. */
async function allJobs({ jobs, submitting }: Submitted): Promise<SubmittedJob[]> {
  const id = submitting && (await jobOfScript(submitting.script));
  return id === undefined ? jobs : [...jobs, { ...submitting!, id }];
}

/** Has Slurm end them all; runs under way keep themselves and say that they were cancelled. */
export async function cancelJobs(folder: string): Promise<void> {
  const { jobs } = await settle(folder);
  writeSubmitted(folder, { jobs, cancelled: true });
  if (jobs.length > 0) await scancel(jobs.map(({ id }) => id));
}

export interface Seen {
  /** In Slurm's queue, or running there. */
  queued: QueuedTask[];
  /** By the runs' numbers: of runs that are not over, and that Slurm has no task for any more, what it says of them. */
  lost: Map<number, string>;
}

/** What Slurm says of runs that are not over. */
export async function look(folder: string, records: readonly RunRecord[]): Promise<Seen> {
  const known = submittedJobs(folder);
  const jobs = await allJobs(known);
  const tasks = await squeue(jobs.map(({ id }) => id));
  const offsets = new Map(jobs.map(({ id, offset }) => [id, offset]));
  const queued = tasks.map((one) => ({ ...one, task: one.task + (offsets.get(one.job) ?? 0) }));
  const inQueue = new Set(queued.map(({ task }) => task));
  const lost = new Map<number, string>();
  for (const { index, state, reason } of records) {
    if (state !== 'running' && state !== 'waiting') continue;
    if (inQueue.has(index)) continue;
    const job = jobs.findLast(({ runs }) => runs.includes(index));
    if (!job || (known.cancelled && state === 'waiting')) continue;
    const end = await endOf(job.id, index - job.offset);
    const last = end ? `Slurm says ${end}.` : 'Slurm no longer has a task for it.';
    // It has saved itself, and Slurm did not start it again: its time was over.
    lost.set(index, state === 'waiting' && reason !== null ? `${reason} ${last} Rerun resumes it.` : last);
  }
  return { queued, lost };
}
