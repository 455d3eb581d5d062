/**
 * A sweep's folder has one process at a time that starts, submits, cancels or puts back runs there, on whatever machine.
 * What is decided under its claim (which runs are open, which are in Slurm's queue) holds until the claim is given up.
 */
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { FileError, isSystemError } from '../files/fileError';
import { LockError, takeLock, timeOf } from '../files/lock';
import type { Holder, Lock } from '../files/lock';
import { makeFolderSync } from '../files/makeFolder';
import { SweepError } from './sweepError';

/** What the holder does, as others hear of it. */
export type Doing = 'runs this sweep' | 'submits this sweep to Slurm' | 'cancels this sweep';

const NAME = '.claim';
/** All but running is over soon. */
const PATIENCE_MS = 60_000;
const LOOK_MS = 200;

export interface Claim {
  /** @throws {SweepError} when another process has taken the folder over: this one must have stood still for long */
  check(): Promise<void>;
}

/**
 * Waits for others that submit or cancel, and not for one that runs the sweep.
 *
 * @param folder the sweep's; made if it is not there
 * @throws {SweepError} when another process is at work there
 * @throws {FileError} when nothing can be written there
 */
export async function underClaim<T>(folder: string, doing: Doing, work: (claim: Claim) => Promise<T>): Promise<T> {
  try {
    makeFolderSync(folder);
  } catch (error) {
    throw isSystemError(error) ? new FileError(folder, error) : error;
  }
  const lock = await claimed(folder, doing);
  try {
    return await work({ check: () => lock.check().catch(() => refuse(folder)) });
  } finally {
    await lock.release();
  }
}

async function claimed(folder: string, doing: Doing): Promise<Lock> {
  const deadline = performance.now() + PATIENCE_MS;
  for (let isFirst = true; ; isFirst = false) {
    try {
      return await takeLock(join(folder, NAME), folder, { patience: isFirst ? 0 : LOOK_MS, doing });
    } catch (error) {
      if (!(error instanceof LockError)) throw error;
      const { holder } = error;
      const isLong = holder?.doing === ('runs this sweep' satisfies Doing);
      if (isLong || performance.now() >= deadline) throw new SweepError(takenText(folder, holder));
      if (isFirst) process.stderr.write(`${whoText(holder)}; waiting.\n`);
    }
  }
}

function takenText(folder: string, holder: Holder | undefined): string {
  const isHere = holder?.host === hostname();
  const isRun = holder?.doing === ('runs this sweep' satisfies Doing);
  const since = holder ? ` since ${timeOf(holder)}` : '';
  const wait = isRun ? 'Wait for it, or end it there with Ctrl-C and resume with --resume' : 'Wait for it';
  const gone = `if it is gone, try again in ten minutes, or delete ${join(folder, NAME)}`;
  return `${whoText(holder)}${since} (${folder}). ${wait}${isHere ? '' : `; ${gone}`}`;
}

function whoText(holder: Holder | undefined): string {
  if (!holder) return 'Another process has claimed this sweep';
  const where = holder.host === hostname() ? '' : ` on ${holder.host}`;
  return `Process ${holder.process}${where} ${holder.doing ?? 'has claimed this sweep'}`;
}

function refuse(folder: string): never {
  throw new SweepError(
    existsSync(folder)
      ? `The claim of ${folder} is gone: somebody deleted it, or another process took it over, since this one gave no sign of life for ten minutes. npm run sweep -- status shows the runs`
      : `${folder} was removed`,
  );
}
