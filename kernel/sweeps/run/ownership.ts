/**
 * Who works on a run. Slurm may have started a run again while the process before, on a node that was not heard of, still
 * goes on: the one that came last owns the run, and the other one writes no more.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isRunning } from '../../files/processes';
import { writeWholeSync } from '../../files/writeWhole';
import { SweepError } from '../sweepError';

const FILE = '.owner.json';

interface Owner {
  token: string;
  process: number;
  host: string;
  /** Slurm's job and task; null elsewhere. */
  job: string | null;
}

export class Ownership {
  private constructor(
    private readonly file: string,
    private readonly owner: Owner,
  ) {}

  /**
   * @param job Slurm's job and task: Slurm itself says that the process before is none any more
   * @throws {SweepError} when another process is at work on the run
   */
  static take(folder: string, job: string | null): Ownership {
    const file = join(folder, FILE);
    const before = read(file);
    if (before && isAtWork(before, job)) {
      throw new SweepError(
        `process ${before.process} on ${before.host} is working on this run; wait for it, or end it. If it has ended, delete ${file}`,
      );
    }
    const ownership = new Ownership(file, { token: randomUUID(), process: process.pid, host: hostname(), job });
    writeWholeSync(file, `${JSON.stringify(ownership.owner)}\n`);
    return ownership;
  }

  /** Whether nobody has taken the run over. */
  get holds(): boolean {
    return read(this.file)?.token === this.owner.token;
  }

  release(): void {
    if (this.holds) rmSync(this.file, { force: true });
  }
}

/** Whether a process is at work on a run, as far as this machine can tell. */
export function isWorkedOn(folder: string): boolean {
  const owner = read(join(folder, FILE));
  return owner !== undefined && (owner.host !== hostname() || isRunning(owner.process));
}

function isAtWork(before: Owner, job: string | null): boolean {
  if (job !== null && before.job !== null) return false;
  if (before.host !== hostname()) return before.job === null;
  return before.process !== process.pid && isRunning(before.process);
}

function read(file: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Owner;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
