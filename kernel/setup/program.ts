/** A setup as a program: what is wrong is said in words on stderr, and its exit code is 1 then. */
import { unpackNatives } from '../engine/packedNatives';
import { SetupError } from './setupError';

export async function program(run: (args: string[]) => Promise<void>): Promise<void> {
  try {
    // Self-tests load them, and a setup may come before the first kernel.
    await unpackNatives();
    await run(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    process.stderr.write(`${error instanceof SetupError ? error.message : (error.stack ?? error.message)}\n`);
    process.exitCode = 1;
  }
}

/** One that has no options but `--help`. */
export function plainProgram(name: string, usage: string, setUp: () => Promise<void>): Promise<void> {
  return program(async ([option]) => {
    if (option === '--help' || option === '-h') process.stdout.write(usage);
    else if (option !== undefined) throw new SetupError(`${name} has no option ${option}.\n\n${usage}`);
    else await setUp();
  });
}
