import { runsText } from '../terminal/table';
import { here } from './words';

/** What the user reads when Slurm has taken runs. */
export function submittedText(jobs: readonly string[], runs: number, folder: string): string {
  const what = jobs.length === 1 ? `the array job ${jobs[0]}` : `the array jobs ${jobs.join(', ')}`;
  return `Submitted ${runsText(runs)} as ${what}.\n  npm run sweep -- status ${here(folder)}\n  npm run sweep -- collect ${here(folder)}\n`;
}
