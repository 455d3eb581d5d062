/**
 * Locks between programs: a folder that exists while one of them writes, with one file in it that says who.
 *
 * Each step is a single operation of the file system, which one of several askers succeeds with, over NFS too:
 * - A lock is taken by renaming a folder with the holder's file to its place. That fails where a file is in it already.
 * - It is given up, and taken over, by removing the holder's file. No other lock has a file of that name, so whoever comes
 *   too late removes nothing.
 *
 * What a process left that is gone is taken over. So is one that nobody has touched for ten minutes, since a process on
 * another machine cannot be asked whether it lives; whoever holds a lock touches it every half minute. All times are those
 * of the file system's machine: others may have another clock.
 */
import { randomUUID } from 'node:crypto';
import { access, mkdir, open, readdir, readFile, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { FileError, isSystemError } from './fileError';
import { isRunning } from './processes';
import { partialName } from './writeWhole';

const TOUCH_MS = 30_000;
const FORSAKEN_MS = 600_000;
/** Between looks at a lock that another holds. */
const LOOK_MS = 20;
/** How often a lock that is there for nobody to see may refuse to be taken. */
const MOST_MISSES = 5;

/** How long another's lock is waited for, unless told. */
export const PATIENCE_MS = 10_000;

export interface Holder {
  process: number;
  host: string;
  /** Milliseconds since the epoch. */
  since: number;
  /** Tells this lock from every other. */
  token: string;
  /** What the holder does, where it said so. */
  doing?: string;
}

/** Another one is writing there, and continues. */
export class LockError extends Error {
  override readonly name = 'LockError';

  constructor(
    message: string,
    /** Undefined if that cannot be read. */
    readonly holder?: Holder,
  ) {
    super(message);
  }
}

export interface Lock {
  /** @throws {LockError} when another has taken it over: it must have been left alone for long */
  check(): Promise<void>;
  release(): Promise<void>;
}

export interface LockOptions {
  /** Milliseconds that another's lock is waited for. Default {@link PATIENCE_MS}. */
  patience?: number;
  /** For whoever finds it held. */
  doing?: string;
}

/**
 * @param place is there while the lock is held; the folder that it is in exists
 * @param what is written under the lock, for the message: `the checkpoint /data/model`
 * @throws {LockError} when another holds it for longer than `patience`: who, and since when
 * @throws {FileError} when the lock itself cannot be written: a disk that is full or read-only
 */
export async function takeLock(
  place: string,
  what: string,
  { patience = PATIENCE_MS, doing }: LockOptions = {},
): Promise<Lock> {
  const began = performance.now();
  const holder: Holder = { process: process.pid, host: hostname(), since: Date.now(), token: randomUUID(), doing };
  const { folder, text, born } = await prepared(place, holder);
  const now = () => born + performance.now() - began;
  try {
    for (let misses = 0; ;) {
      const refusal = await moved(folder, place, holder);
      if (!refusal) break;
      const found = await look(place, now());
      if (found?.name === undefined && ++misses > MOST_MISSES) throw new FileError(place, refusal);
      if (found?.forsaken) await cleared(place, found.name);
      else if (found && performance.now() >= began + patience)
        throw new LockError(message(place, what, found.holder), found.holder);
      if (found) await pause(LOOK_MS);
    }
  } catch (error) {
    await rm(folder, { recursive: true, force: true }).catch(() => {});
    throw error;
  }
  const own = fileOf(place, holder);
  // One that is gone or cannot be touched is found out by `check`.
  const touching = setInterval(() => void touch(own, text).catch(() => {}), TOUCH_MS);
  touching.unref();
  return {
    check: async () => {
      if (await isThere(own)) return;
      throw new LockError(`Another program has started to write ${what} in the meantime. Save again.`);
    },
    release: async () => {
      clearInterval(touching);
      await cleared(place, nameOf(holder));
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
  place: string,
  what: string,
  work: (lock: Lock) => Promise<T>,
  options?: LockOptions,
): Promise<T> {
  const key = resolve(place);
  const before = queues.get(key) ?? Promise.resolve();
  const turn = before.then(async () => {
    const lock = await takeLock(place, what, options);
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

const nameOf = ({ token }: Holder) => `${token}.json`;
const fileOf = (place: string, holder: Holder) => join(place, nameOf(holder));

/** @returns a folder that can become the lock, what its file says, and when the file system says that it was made */
async function prepared(place: string, holder: Holder): Promise<{ folder: string; text: string; born: number }> {
  const folder = partialName(place);
  const text = `${JSON.stringify(holder)}\n`;
  const file = fileOf(folder, holder);
  try {
    await mkdir(folder);
    await writeFile(file, text, { flag: 'wx' });
    return { folder, text, born: (await stat(file)).mtimeMs };
  } catch (error) {
    await rm(folder, { recursive: true, force: true }).catch(() => {});
    throw isSystemError(error) ? new FileError(place, error) : error;
  }
}

/** @returns why the folder could not be made the lock; undefined if it is now */
async function moved(folder: string, place: string, holder: Holder): Promise<NodeJS.ErrnoException | undefined> {
  try {
    await rename(folder, place);
    return undefined;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    // Over NFS the answer may be lost and asked for again.
    return (await isThere(fileOf(place, holder))) ? undefined : error;
  }
}

interface Found {
  /** Its file's; undefined for a lock that has none any more, empty for what is no folder. */
  name: string | undefined;
  /** Undefined if the file does not say. */
  holder: Holder | undefined;
  forsaken: boolean;
}

/** The existing lock; undefined if there is none any more. */
async function look(place: string, now: number): Promise<Found | undefined> {
  try {
    const name = (await readdir(place)).find((one) => one.endsWith('.json'));
    if (name === undefined) return { name, holder: undefined, forsaken: true };
    const file = join(place, name);
    const [text, { mtimeMs }] = [await readFile(file, 'utf8'), await stat(file)];
    const holder = parsed(text);
    return { name, holder, forsaken: now - mtimeMs > FORSAKEN_MS || (holder !== undefined && hasEnded(holder)) };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code === 'ENOENT') return undefined;
    if (error.code === 'ENOTDIR') return { name: '', holder: undefined, forsaken: false };
    throw new FileError(place, error);
  }
}

function parsed(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text) as Partial<Holder>;
    const { process, host, since, token } = holder;
    const known = typeof process === 'number' && typeof since === 'number';
    return known && typeof host === 'string' && typeof token === 'string' ? (holder as Holder) : undefined;
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

/** Takes the holder's file away, and the folder, unless the next one has moved in already. */
async function cleared(place: string, name: string | undefined): Promise<void> {
  if (name !== undefined) await rm(join(place, name), { force: true });
  try {
    await rmdir(place);
  } catch (error) {
    if (!isSystemError(error)) throw error;
  }
}

/** Gives the file a new time, that of the file system; one that is gone stays away. */
async function touch(file: string, text: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.write(text, 0);
  } finally {
    await handle.close();
  }
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

function message(place: string, what: string, holder: Holder | undefined): string {
  if (!holder) return `Another program is writing ${what}. If none is, delete ${place}.`;
  const { process: id, host } = holder;
  const time = timeOf(holder);
  if (host === hostname()) {
    const who = id === process.pid ? 'This process' : `Process ${id}`;
    return `${who} has been writing ${what} since ${time}. Wait for it to end, or give another name.`;
  }
  const advice = `Wait for it to end, or give another name; if it has ended, delete ${place}.`;
  return `Process ${id} on ${host} has been writing ${what} since ${time}. ${advice}`;
}

/** `2026-11-28 06:30:12`, on this machine's clock. */
export function timeOf({ since }: Holder): string {
  return new Date(since).toLocaleString('sv-SE');
}
