/** A task of an array job: one run of a sweep, in the place that Slurm has given it. */
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { builtFile } from '../../engine/packageRoot';
import { givenOf } from '../given';
import { hasReached, verdicts, verdictText } from '../halving';
import { keptNotebook, located } from '../kept';
import { readSweep, runFolder, writeRecord } from '../results';
import type { SweepResults } from '../results';
import { RunExecution } from '../run/execution';
import type { Ending } from '../run/execution';
import { gitOf, versions } from '../run/facts';
import { SweepError } from '../sweepError';
import { isOfSweep, submittedJobs } from './submitted';

export interface TaskOptions {
  folder: string;
  offset: number;
  /** How many rungs of successive halving are decided; undefined without. */
  rung: number | undefined;
  /** The word of its submission. */
  submission: string | undefined;
}

/** How long a training has to keep itself when Slurm ends the task. */
const PATIENCE_MS = 60_000;

/** How long a file that another machine has just written may look old here. */
const FILE_PATIENCE_MS = 5_000;

/** @returns the exit code: 0 for a run that is done or has come to its rung, 1 for one that failed */
export async function runTask({ folder, offset, rung, submission }: TaskOptions): Promise<number> {
  const { SLURM_ARRAY_TASK_ID: task, SLURM_ARRAY_JOB_ID: array, SLURM_CPUS_PER_TASK: cpus } = process.env;
  if (task === undefined) throw new SweepError('sweep task is what Slurm runs: SLURM_ARRAY_TASK_ID is not set');
  const index = Number(task) + offset;
  if (!(await isWanted(folder, submission))) {
    return say(
      0,
      `Run ${index} is not run by job ${array}: its submission was interrupted, and another one has its place.`,
    );
  }
  // At a rung it is held against the others; else there may be thousands that are none of its business.
  const some = rung === undefined ? { reports: false, only: [index] } : {};
  const results = await readSweep(folder, { curves: false, ...some });
  const sweep = results.sweep && located(results.sweep, results.folder);
  const run = sweep?.runs.find((one) => one.index === index);
  if (!sweep || !run) throw new SweepError(`${folder} has no run ${index}`);
  const standing = results.runs.find((one) => one.index === index)!;
  if (standing.record.state === 'done') return say(0, `Run ${index} is done already.`);
  const file = givenOf(sweep);
  const limit = rung === undefined ? Infinity : (file.stop?.rungs[rung] ?? Infinity);
  if (rung !== undefined && file.stop) {
    if (isStopped(results, index, rung)) return say(0, `Run ${index} is stopped.`);
    // At an earlier rung: a failure is for the user to run again.
    if (rung > 0 && standing.record.state === 'failed') return say(0, `Run ${index} has failed.`);
    if (hasReached(standing, file.stop.metric, limit)) return say(0, `Run ${index} has already reached its rung.`);
  }
  const execution = new RunExecution({
    ...{ folder: results.folder, sweep, run, kernelMain: builtFile('main.js'), versions: versions() },
    notebook: keptNotebook(results.folder),
    threads: Number(cpus) || file.resources.cpus || 1,
    everyMinutes: file.checkpoint.everyMinutes,
    git: gitOf(dirname(sweep.notebook)),
    job: `${array}_${task}`,
    rung: file.stop && Number.isFinite(limit) ? { metric: file.stop.metric, reports: limit } : undefined,
  });
  const end = () => void execution.pause(endingOf(results.folder), PATIENCE_MS);
  process.on('SIGTERM', end);
  try {
    const left = await execution.run();
    return say(left?.state === 'failed' ? 1 : 0, `Run ${index}: ${left?.state ?? 'taken over by a later task'}.`);
  } finally {
    process.off('SIGTERM', end);
  }
}

async function isWanted(folder: string, submission: string | undefined): Promise<boolean> {
  if (submission === undefined) return true;
  for (const deadline = performance.now() + FILE_PATIENCE_MS; ;) {
    if (isOfSweep(folder, submission)) return true;
    if (performance.now() >= deadline) return false;
    await pause(500);
  }
}

function endingOf(folder: string): Ending {
  return submittedJobs(folder).cancelled
    ? { state: 'cancelled', reason: 'Cancelled; rerun resumes it.' }
    : { state: 'waiting', reason: 'Slurm ended its task, for its time limit or for another job; it will resume.' };
}

/** Writes so, where successive halving has decided against the run. */
function isStopped({ folder, sweep, runs }: SweepResults, index: number, rung: number): boolean {
  const { stop } = givenOf(sweep!);
  const { record } = runs.find((one) => one.index === index)!;
  const verdict = stop && verdicts(stop, runs, rung).get(index);
  if (!verdict || verdict.goesOn) return false;
  if (record.state === 'failed') return true;
  const end = new Date().toISOString();
  writeRecord(runFolder(folder, index), { ...record, state: 'stopped', reason: verdictText(stop, verdict), end });
  return true;
}

function say(code: number, text: string): number {
  process.stdout.write(`${text}\n`);
  return code;
}
