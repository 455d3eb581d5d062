/** Sweeps without the rest of the command line: what VS Code and the tasks of Slurm start. */
import { NotebookError } from '../notebook/read';
import { sweepCommand, SweepUsageError } from './cli';
import { SweepFolderError } from './results';
import { SweepError } from './sweepError';
import { SWEEP_USAGE } from './usage';

const MENDABLE = [NotebookError, SweepError, SweepFolderError];

try {
  process.exitCode = await sweepCommand(process.argv.slice(2));
} catch (error) {
  const failure = error as Error;
  const isUsage = failure instanceof SweepUsageError;
  const isMendable =
    MENDABLE.some((kind) => failure instanceof kind) || failure.name === 'DeviceError' || 'syscall' in failure;
  const usage = isUsage ? `\n\nUsage:\n${SWEEP_USAGE}` : '';
  process.stderr.write(`${isUsage || isMendable ? failure.message : (failure.stack ?? failure.message)}${usage}\n`);
  process.exitCode = isUsage ? 2 : 1;
}
