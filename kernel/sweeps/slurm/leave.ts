/** A sweep that Slurm had, and that goes on on this machine. */
import { join } from 'node:path';
import { SweepError } from '../sweepError';
import { runsText } from '../terminal/table';
import { look } from './jobs';
import { FILE, submittedJobs, writeSubmitted } from './submitted';

/**
 * From here on nothing of it is Slurm's.
 *
 * @throws {SweepError} when Slurm has tasks of it, or cannot be asked
 */
export async function leaveSlurm(folder: string): Promise<void> {
  const { jobs, submitting } = submittedJobs(folder);
  if (jobs.length === 0 && !submitting) return;
  const { queued } = await look(folder, []).catch((error: unknown) => {
    if (!(error instanceof SweepError)) throw error;
    throw new SweepError(
      `${folder} was submitted to Slurm, and whether its runs are under way there cannot be asked: ${error.message}. Resume it with --on slurm; if squeue shows none of its jobs any more, delete ${join(folder, FILE)} to resume it here`,
    );
  });
  if (queued.length === 0) {
    writeSubmitted(folder, { jobs: [], cancelled: false });
    return;
  }
  const ids = [...new Set(queued.map(({ job }) => job))].join(', ');
  throw new SweepError(
    `${runsText(queued.length)} of ${folder} ${queued.length === 1 ? 'is' : 'are'} in Slurm’s queue (${ids}). Wait for them, or end them with npm run sweep -- cancel, before you resume it here`,
  );
}
