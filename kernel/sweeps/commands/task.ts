/** `sweep.js task FOLDER`: what a task of Slurm runs. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { onlyOf, parsed } from './arguments';

/** @returns the exit code */
export async function task(args: string[]): Promise<number> {
  const options = {
    offset: { type: 'string', default: '0' },
    rung: { type: 'string' },
    submission: { type: 'string' },
  } as const;
  const { values, positionals } = parsed(() => parseArgs({ args, allowPositionals: true, options }));
  const { runTask } = await import('../slurm/task');
  const { submission } = values;
  const rung = values.rung === undefined ? undefined : Number(values.rung);
  const folder = resolve(onlyOf(positionals, 'folder'));
  return runTask({ folder, offset: Number(values.offset), rung, submission });
}
