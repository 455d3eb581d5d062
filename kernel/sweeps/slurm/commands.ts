/** Slurm's own commands, asked. Nothing here schedules, places or tries again: Slurm does. */
import { execFile } from 'node:child_process';
import { userInfo } from 'node:os';
import { promisify } from 'node:util';
import { SweepError } from '../sweepError';

const run = promisify(execFile);

/** @throws {SweepError} when there is no such command, or with what it said */
async function slurm(command: string, args: readonly string[], advice = ''): Promise<string> {
  try {
    return (await run(command, args, { maxBuffer: 64 * 1024 * 1024 })).stdout;
  } catch (error) {
    const { code, stderr, message } = error as NodeJS.ErrnoException & { stderr?: string };
    if (code === 'ENOENT') {
      throw new SweepError(
        `There is no ${command} here. Run this on a machine that submits to Slurm, or leave out --on slurm to run on this machine`,
      );
    }
    throw new SweepError(
      `${command} refused: ${(stderr?.trim() || message).replace(/^\w+: (error|fatal): /gm, '').replace(/\s*\n\s*/g, '; ')}${advice}`,
    );
  }
}

/**
 * @param output where its tasks print to, with Slurm's own signs
 * @param after jobs that have to be over before
 * @returns the job's number
 */
export async function sbatch(script: string, output: string, after: readonly string[] = []): Promise<string> {
  const dependency = after.length > 0 ? [`--dependency=afterany:${after.join(':')}`] : [];
  const args = ['--parsable', `--output=${output}`, ...dependency, script];
  const said = await slurm(
    'sbatch',
    args,
    '. Mend "slurm" or "resources" in the sweep file; --resume submits it again',
  );
  return said.trim().split(';')[0]!;
}

export async function scancel(jobs: readonly string[]): Promise<void> {
  await slurm('scancel', jobs);
}

/** The job that has a file as its batch script, as long as Slurm has not finished with it. */
export async function jobOfScript(script: string): Promise<string | undefined> {
  const text = await slurm('squeue', ['--noheader', '--format=%F|%o', `--user=${userInfo().username}`]);
  const ofScript = text.split('\n').find((line) => line.slice(line.indexOf('|') + 1).trim() === script);
  return ofScript?.split('|')[0]!.trim();
}

/** The largest number that a task of an array may have. */
export async function largestTask(): Promise<number> {
  const found = /MaxArraySize\s*=\s*(\d+)/.exec(await slurm('scontrol', ['show', 'config']));
  return found ? Number(found[1]) - 1 : 1000;
}

export interface QueuedTask {
  job: string;
  task: number;
  /** PENDING, RUNNING, COMPLETING, … */
  state: string;
  /** Why it waits. */
  reason: string;
}

/** The tasks that Slurm has not finished with. */
export async function squeue(jobs: readonly string[]): Promise<QueuedTask[]> {
  if (jobs.length === 0) return [];
  const args = ['--noheader', '--array', '--format=%F|%K|%T|%r', `--jobs=${jobs.join(',')}`];
  const text = await slurm('squeue', args).catch((error: SweepError) => {
    // It says so of jobs that are over and forgotten.
    if (/Invalid job id/i.test(error.message)) return '';
    throw error;
  });
  return text.split('\n').flatMap((line) => {
    const [job, task, state, reason] = line.trim().split('|');
    return job && /^\d+$/.test(task ?? '') ? [{ job, task: Number(task), state: state!, reason: reason ?? '' }] : [];
  });
}

/** How a task ended, in Slurm's words, as long as it remembers: `OUT_OF_MEMORY`, `TIMEOUT`, `NODE_FAIL (exit code 0:9)`. */
export async function endOf(job: string, task: number): Promise<string | undefined> {
  const text = await slurm('scontrol', ['--oneliner', 'show', 'job', `${job}_${task}`]).catch(() => '');
  const field = (name: string) => new RegExp(`\\b${name}=(\\S+)`).exec(text)?.[1];
  const state = field('JobState');
  const code = field('ExitCode');
  // Slurm's own, before the task begins: nothing of it is ours to explain.
  const unwritten = code === '0:53' ? ': the node could not write what the task prints' : '';
  return state && `${state}${code === undefined || code === '0:0' ? '' : ` (exit code ${code}${unwritten})`}`;
}
