/** `npm run sweep`: many runs of a notebook. */
import { cancel, rerun } from './commands/change';
import { collect, status } from './commands/look';
import { start } from './commands/start';
import { task } from './commands/task';

export { SweepUsageError } from './commands/arguments';

const COMMANDS: Readonly<Record<string, (args: string[]) => Promise<number>>> = {
  status,
  cancel,
  rerun,
  collect,
  task,
};

/** @returns the exit code */
export async function sweepCommand([first = '', ...rest]: string[]): Promise<number> {
  const command = Object.hasOwn(COMMANDS, first) ? COMMANDS[first] : undefined;
  return command ? command(rest) : start([first, ...rest].filter((one) => one !== ''));
}
