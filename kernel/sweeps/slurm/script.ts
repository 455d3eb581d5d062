/** The batch script of an array job: what Slurm is asked for, and the one command that each of its tasks is. */
import { join } from 'node:path';
import type { SweepFile } from '../file/schema';

/** Seconds before its end that a task hears SIGTERM: time for a training to keep itself. */
const WARNING_SECONDS = 90;

export interface ArrayJob {
  name: string;
  /** The sweep's folder (absolute), on a file system that the nodes share. */
  folder: string;
  /** The runs, by their numbers. */
  runs: readonly number[];
  /** Number of a run = Slurm's number of the task + this. */
  offset: number;
  /** How many rungs of successive halving have been decided when its tasks begin; undefined without. */
  rung?: number;
  /** The word by which its tasks know that they are of the sweep; undefined for one that is only shown. */
  submission?: string;
  /** The Node that runs this, and `sweep.js` (absolute). */
  node: string;
  program: string;
}

/** @param file whose sections `slurm` and `resources` say what a run is given */
export function batchScript(job: ArrayJob, { slurm, resources }: SweepFile): string {
  const { partition, account, qos, time, mem, gres, constraint, extra = [], setup = [] } = slurm ?? {};
  const gpu = gres ?? (resources.gpus ? `gpu:${resources.gpus}` : undefined);
  const limit = resources.parallel === undefined ? '' : `%${resources.parallel}`;
  const named = { partition, account, qos, time, mem, gres: gpu, constraint };
  const options = [
    `--job-name=latentlab-${job.name.replace(/[^\w.-]/g, '_')}`,
    `--array=${ranges(job.runs.map((run) => run - job.offset))}${limit}`,
    ...(isPlain(job.folder) ? [`--output=${outputOf(job.folder).replaceAll(' ', '\\ ')}`] : []),
    '--open-mode=append',
    '--requeue',
    `--signal=B:TERM@${WARNING_SECONDS}`,
    `--cpus-per-task=${resources.cpus ?? 1}`,
    ...Object.entries(named).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`])),
    ...extra,
  ];
  const rung = job.rung === undefined ? [] : ['--rung', String(job.rung)];
  const submission = job.submission === undefined ? [] : ['--submission', job.submission];
  const command = [job.node, job.program, 'task', job.folder, '--offset', String(job.offset), ...rung, ...submission];
  return [
    '#!/bin/sh',
    ...options.map((option) => `#SBATCH ${option}`),
    '',
    ...setup,
    // In the shell's place, so that Slurm's signals come to it.
    `exec ${command.map(shellQuoted).join(' ')}`,
    '',
  ].join('\n');
}

/** Where tasks print to: the job's number and the task's in Slurm's own signs. The folder's name has none of them. */
export function outputOf(folder: string): string {
  return join(folder.replaceAll('%', '%%'), 'slurm', '%A_%a.out');
}

/** Whether a line of options can say it; sbatch hears of any other as an argument alone. */
function isPlain(folder: string): boolean {
  return /^[\p{L}\p{N}\p{M}_@+=:,./ -]+$/u.test(folder);
}

/** `1-3,7` */
export function ranges(numbers: readonly number[]): string {
  const sorted = [...numbers].sort((a, b) => a - b);
  const parts: [number, number][] = [];
  for (const one of sorted) {
    const last = parts.at(-1);
    if (last && one === last[1] + 1) last[1] = one;
    else parts.push([one, one]);
  }
  return parts.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(',');
}

/** As one word of a shell. */
export function shellQuoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
