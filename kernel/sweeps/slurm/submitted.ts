/** slurm.json: the jobs that a sweep has submitted. Written under the sweep's claim alone. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeWholeSync } from '../../files/writeWhole';
import { SweepError } from '../sweepError';

export const FILE = 'slurm.json';

const submission = z.looseObject({
  /** Its own word: a task of Slurm's runs only if it is of a submission that this file names. */
  token: z.string(),
  /** The batch script (absolute). */
  script: z.string(),
  offset: z.int(),
  /** The runs, by their numbers. */
  runs: z.array(z.int()),
  rung: z.int().optional(),
  submitted: z.string(),
});

const schema = z.looseObject({
  jobs: z.array(submission.extend({ id: z.string() })),
  /**
   * The one that sbatch is asked to take now. Where it stays, the process that asked has ended before it heard the job's
   * number, and Slurm may have it or not.
   */
  submitting: submission.optional(),
  /** The user has cancelled them. */
  cancelled: z.boolean(),
});

export type Submitted = z.infer<typeof schema>;
export type Submission = z.infer<typeof submission>;
export type SubmittedJob = Submitted['jobs'][number];

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

export function writeSubmitted(folder: string, submitted: Submitted): void {
  writeWholeSync(join(folder, FILE), `${JSON.stringify(submitted, null, 2)}\n`);
}

/** Whether a submission is one of the sweep's. @throws {SweepError} for a file that is damaged */
export function isOfSweep(folder: string, token: string): boolean {
  const { jobs, submitting } = submittedJobs(folder);
  return submitting?.token === token || jobs.some((job) => job.token === token);
}
