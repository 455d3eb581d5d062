/**
 * Who works on a run. Slurm may have started a run again while the process before, on a node that was not heard of, still
 * goes on: the one that came last owns the run, and the other one writes no more.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { FileError, isSystemError } from '../../files/fileError';
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
    if (before && isAtWork(before, job)) throw taken(before, file);
    const ownership = new Ownership(file, { token: randomUUID(), process: process.pid, host: hostname(), job });
    const text = `${JSON.stringify(ownership.owner)}\n`;
    // When two processes find nobody, the first one takes it.
    if (before || !created(file, text)) {
      const now = read(file);
      if (now && now.token !== before?.token && isAtWork(now, job)) throw taken(now, file);
      writeWholeSync(file, text);
    }
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

/** Nobody works on a run any more: the sweep's folder is claimed, and Slurm has no task for it. */
export function forgetOwner(folder: string): void {
  try {
    rmSync(join(folder, FILE), { force: true });
  } catch (error) {
    throw isSystemError(error) ? new FileError(join(folder, FILE), error) : error;
  }
}

function taken({ process: id, host }: Owner, file: string): SweepError {
  return new SweepError(
    `process ${id} on ${host} is at work on this run; wait for it, or end it. If it is gone, delete ${file}`,
  );
}

/** @returns whether the file was not there */
function created(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code === 'EEXIST') return false;
    throw new FileError(file, error);
  }
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
