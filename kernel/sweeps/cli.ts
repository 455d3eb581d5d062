/** `npm run sweep`: many runs of a notebook. */
import { existsSync } from 'node:fs';
import { meant } from '../engine/nearest';
import { SweepUsageError } from './commands/arguments';
import { cancel, rerun } from './commands/change';
import { collect, status } from './commands/look';
import { start } from './commands/start';
import { task } from './commands/task';
import { SWEEP_USAGE } from './usage';

export { SweepUsageError } from './commands/arguments';

const COMMANDS: Readonly<Record<string, (args: string[]) => Promise<number>>> = {
  status,
  cancel,
  rerun,
  collect,
  task,
};

/** @returns the exit code */
export async function sweepCommand(args: string[]): Promise<number> {
  const [first = '', ...rest] = args;
  // Whoever reads what is printed may end first: trainings save themselves all the same.
  for (const output of [process.stdout, process.stderr]) output.on('error', () => {});
  if (first === 'help' || args.includes('--help') || args.includes('-h')) {
    process.stdout.write(`Usage:\n${SWEEP_USAGE}`);
    return 0;
  }
  const command = Object.hasOwn(COMMANDS, first) ? COMMANDS[first] : undefined;
  if (command) return command(rest);
  if (/^[a-z]+$/.test(first) && !existsSync(first)) {
    const names = Object.keys(COMMANDS).filter((name) => name !== 'task');
    const hint = meant(first, names);
    throw new SweepUsageError(
      `there is no command "${first}"${hint}; name a sweep file, or one of ${names.join(', ')}`,
    );
  }
  return start(args);
}
