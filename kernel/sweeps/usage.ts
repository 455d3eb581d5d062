/** What `npm run sweep` takes. */
export const SWEEP_USAGE = `  npm run sweep -- FILE.json            run a notebook many times, from a sweep file: docs/sweeps.md
    --on local|slurm                    where (default: local, as many kernels as cores or GPUs allow)
    --dry-run                           check everything and print the runs; nothing starts
    --resume                            resume an interrupted sweep
    --folder F                          where results go (default: NAME.sweep beside the file)
  npm run sweep -- status FOLDER        the states of its runs, also on Slurm, and why some failed
  npm run sweep -- cancel FOLDER        end the running and the waiting runs on Slurm
  npm run sweep -- rerun FOLDER         run the failed and cancelled runs again, where they ran before
    --fresh                             start their trainings from the beginning
  npm run sweep -- collect FOLDER       one table of all runs: FOLDER/results.parquet
    --output FILE                       where the table goes
`;
