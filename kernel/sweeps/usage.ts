/** What `npm run sweep` takes. */
export const SWEEP_USAGE = `  npm run sweep -- FILE.json            run a notebook many times, as a sweep file says: docs/sweeps.md
    --on local|slurm                    where (default: local, as many kernels as cores or GPUs allow)
    --dry-run                           check everything and print the runs; nothing starts
    --resume                            go on with a sweep that was interrupted
    --folder F                          where results go (default: NAME.sweep beside the file)
  npm run sweep -- status FOLDER        how its runs stand, also on Slurm, and why some have failed
  npm run sweep -- cancel FOLDER        end the runs that are under way on Slurm, and those that wait
  npm run sweep -- rerun FOLDER         run those again that have failed or were cancelled, where they ran before
    --fresh                             from their beginning, and not from where their trainings were
  npm run sweep -- collect FOLDER       one table of all runs: FOLDER/results.parquet
    --output FILE                       where the table goes
`;
