import { shellQuoted } from '../slurm/script';
import { runsText } from '../terminal/table';
import { here } from './words';

/** What the user reads when Slurm has taken runs. */
export function submittedText(jobs: readonly string[], runs: number, folder: string): string {
  const what = jobs.length === 1 ? `the array job ${jobs[0]}` : `the array jobs ${jobs.join(', ')}`;
  const name = shellQuoted(here(folder));
  return `Submitted ${runsText(runs)} as ${what}.\n  npm run sweep -- status ${name}\n  npm run sweep -- collect ${name}\n`;
}
