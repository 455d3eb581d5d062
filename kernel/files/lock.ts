/**
 * Locks between programs: a file exists while one of them writes, and says who.
 *
 * What a process left that is gone is taken over. So is one that nobody has touched for ten minutes, since a process on
 * another machine cannot be asked whether it lives; whoever holds a lock touches it every half minute.
 */
import { randomUUID } from 'node:crypto';
import { open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { FileError, isSystemError } from './fileError';
import { isRunning } from './processes';
import { partialName } from './writeWhole';

const TOUCH_MS = 30_000;
const FORSAKEN_MS = 600_000;
/** Between looks at a lock that another holds. */
const LOOK_MS = 20;

/** How long another's lock is waited for, unless told. */
export const PATIENCE_MS = 10_000;

interface Holder {
  process: number;
  host: string;
  /** Milliseconds since the epoch. */
  since: number;
  /** Tells this lock from every other. */
  token: string;
}

/** Another one is writing there, and continues. */
export class LockError extends Error {
  override readonly name = 'LockError';
}

export interface Lock {
  /** @throws {LockError} when another has taken it over: it must have been left alone for long */
  check(): Promise<void>;
  release(): Promise<void>;
}

/**
 * @param file is there while the lock is held; its folder exists
 * @param what is written under the lock, for the message: `the checkpoint /data/model`
 * @throws {LockError} when another holds it for longer than `patience` milliseconds: who, and since when
 * @throws {FileError} when the lock itself cannot be written: a disk that is full or read-only
 */
export async function takeLock(file: string, what: string, patience = PATIENCE_MS): Promise<Lock> {
  const deadline = performance.now() + patience;
  const holder: Holder = { process: process.pid, host: hostname(), since: Date.now(), token: randomUUID() };
  while (!(await create(file, holder))) {
    const found = await look(file);
    if (found?.forsaken) await removeForsaken(file, found);
    else if (found && performance.now() >= deadline) throw new LockError(message(file, what, found.holder));
    else if (found) await pause(LOOK_MS);
  }
  // A file that is gone or cannot be touched is found out by `check`.
  const touching = setInterval(() => void utimes(file, new Date(), new Date()).catch(() => {}), TOUCH_MS);
  touching.unref();
  const isOurs = async () => (await look(file))?.holder?.token === holder.token;
  return {
    check: async () => {
      if (!(await isOurs()))
        throw new LockError(`Another program has started to write ${what} in the meantime. Save again.`);
    },
    release: async () => {
      clearInterval(touching);
      if (await isOurs()) await rm(file, { force: true });
    },
  };
}

/** The last of those of this process that wait for a lock. */
const queues = new Map<string, Promise<void>>();

/**
 * Runs `work` while no other does under the same lock; see {@link takeLock}. Those of this process take turns, however long
 * that takes, since each of them comes to its end.
 */
export async function underLock<T>(
  file: string,
  what: string,
  work: (lock: Lock) => Promise<T>,
  patience?: number,
): Promise<T> {
  const key = resolve(file);
  const before = queues.get(key) ?? Promise.resolve();
  const turn = before.then(async () => {
    const lock = await takeLock(file, what, patience);
    try {
      return await work(lock);
    } finally {
      await lock.release();
    }
  });
  const settled = turn.then(
    () => {},
    () => {},
  );
  queues.set(key, settled);
  try {
    return await turn;
  } finally {
    if (queues.get(key) === settled) queues.delete(key);
  }
}

/** @returns whether it was not there before */
async function create(file: string, holder: Holder): Promise<boolean> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, 'wx');
    await handle.writeFile(`${JSON.stringify(holder)}\n`);
    return true;
  } catch (error) {
    if (handle) await rm(file, { force: true });
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw isSystemError(error) ? new FileError(file, error) : error;
  } finally {
    await handle?.close();
  }
}

interface Found {
  /** Undefined for a lock that is just being written, or was by a process that ended in the middle. */
  holder: Holder | undefined;
  forsaken: boolean;
}

/** The existing lock; undefined if there is none any more. */
async function look(file: string): Promise<Found | undefined> {
  try {
    const [text, { mtimeMs }] = [await readFile(file, 'utf8'), await stat(file)];
    const holder = parsed(text);
    return { holder, forsaken: Date.now() - mtimeMs > FORSAKEN_MS || (holder !== undefined && hasEnded(holder)) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw isSystemError(error) ? new FileError(file, error) : error;
  }
}

function parsed(text: string): Holder | undefined {
  try {
    const { process, host, since, token } = JSON.parse(text) as Partial<Holder>;
    const known = typeof process === 'number' && typeof since === 'number';
    return known && typeof host === 'string' && typeof token === 'string' ? { process, host, since, token } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function hasEnded({ process: id, host, since }: Holder): boolean {
  if (host !== hostname()) return false;
  // In a container every process may get the id that its predecessor had.
  if (id === process.pid) return since < Date.now() - 1000 * process.uptime() - 1000;
  return !isRunning(id);
}

/** Moved away first: of several that find it, one does, and none removes the lock that the next one has taken. */
async function removeForsaken(file: string, found: Found): Promise<void> {
  const aside = partialName(file);
  try {
    await rename(file, aside);
    if ((await look(aside))?.holder?.token === found.holder?.token) await rm(aside, { force: true });
    else await rename(aside, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      throw isSystemError(error) ? new FileError(file, error) : error;
  }
}

function message(file: string, what: string, holder: Holder | undefined): string {
  if (!holder) return `Another program is writing ${what}. If none is, delete ${file}.`;
  const { process: id, host, since } = holder;
  const time = new Date(since).toLocaleString('sv-SE');
  if (host === hostname()) {
    const who = id === process.pid ? 'This process' : `Process ${id}`;
    return `${who} has been writing ${what} since ${time}. Wait for it to end, or give another name.`;
  }
  const advice = `Wait for it to end, or give another name; if it has ended, delete ${file}.`;
  return `Process ${id} on ${host} has been writing ${what} since ${time}. ${advice}`;
}
