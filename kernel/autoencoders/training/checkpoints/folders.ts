/** Folders that a model is saved to. */
import { readdir, rm, rmdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isClutter } from '../../../files/clutter';
import { FileError, isSystemError, reasonOf } from '../../../files/fileError';
import { LockError, underLock } from '../../../files/lock';
import type { Lock } from '../../../files/lock';
import { makeFolder } from '../../../files/makeFolder';
import { nameOfPartial } from '../../../files/writeWhole';

/** A model could not be saved or read. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
}

const LOCK = '.lock';

/** A folder of ours. */
export interface FolderKind {
  /** For messages: `checkpoint`. */
  what: string;
  /** Whether a file of this name is part of it. */
  isOwn(name: string): boolean;
}

/**
 * Writes a folder of ours while no other program does: savers of one path take turns. Makes the folder, if it is not
 * there. Nobody's folder or file is filled or replaced by mistake; what the system itself leaves in folders is let be.
 *
 * @param write the lock that it is given has to be checked before what is there is replaced
 * @throws {CheckpointError} when a file, or a folder with anything else in it, lies at the path, when another program
 *   continues writing there, or with the reason of the system: a disk that is full or read-only, for example
 */
export async function intoFolder<T>(
  path: string,
  kind: FolderKind,
  write: (lock: Lock, names: readonly string[]) => Promise<T>,
): Promise<T> {
  const made = await claim(path, kind);
  try {
    return await underLock(join(path, LOCK), `the ${kind.what} ${resolve(path)}`, async (lock) =>
      write(lock, await ownNames(path, kind)),
    );
  } catch (error) {
    // One that we have just made and could not fill; another saver's is not empty.
    if (made) await rmdir(path).catch(() => {});
    if (error instanceof LockError) throw new CheckpointError(error.message, { cause: error });
    if (error instanceof FileError || isSystemError(error)) throw notWritten(path, kind, error);
    throw error;
  }
}

/** Makes sure that the folder can be written to, now rather than after hours of training; see {@link intoFolder}. */
export async function claimFolder(path: string, kind: FolderKind): Promise<void> {
  await intoFolder(path, kind, async () => {});
}

/** Clears away what is of no use any more, under the folder's lock; a file that is held open stays for the next time. */
export async function removeFiles(path: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    try {
      await rm(join(path, name), { recursive: true, force: true });
    } catch (error) {
      if (!isSystemError(error)) throw error;
    }
  }
}

/** @returns whether the folder was not there before */
async function claim(path: string, { what, isOwn }: FolderKind): Promise<boolean> {
  let names: string[] = [];
  try {
    names = await readdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTDIR') throw new CheckpointError(`${path} is a file; a ${what} is a folder. Give another name.`);
    if (code !== 'ENOENT') throw isSystemError(error) ? notWritten(path, { what, isOwn }, error) : error;
  }
  const isKnown = (name: string) => isOwn(name) || name === LOCK || isClutter(name);
  const stranger = names.find((name) => !isKnown(nameOfPartial(name) ?? name));
  if (stranger) throw new CheckpointError(`${path} holds ${stranger}, so it is no ${what}. Give another name.`);
  try {
    return await makeFolder(path);
  } catch (error) {
    throw isSystemError(error) ? notWritten(path, { what, isOwn }, error) : error;
  }
}

/** What is in the folder of ours, and what savers that were ended left half done. */
async function ownNames(path: string, { isOwn }: FolderKind): Promise<string[]> {
  return (await readdir(path)).filter((name) => isOwn(nameOfPartial(name) ?? name));
}

function notWritten(path: string, { what }: FolderKind, error: Error): CheckpointError {
  return new CheckpointError(`The ${what} ${path} was not saved: ${reasonOf(error)}.`, { cause: error });
}
