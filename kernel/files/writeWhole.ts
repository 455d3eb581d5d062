/**
 * Files that are whole at every moment, the old ones or the new ones, whoever else writes or reads them and whatever is
 * interrupted: each is written beside its place, under a name that no other writer has, and then renamed.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FileError, isSystemError } from './fileError';
import { makeFolderSync } from './makeFolder';

/** Beside `name`: `name.<process>-<random>.partial`. */
const PARTIAL = /(\.\d+-[0-9a-f]{12})?\.partial$/;

/** A name beside this one that no other writer has, and no longer than systems take where the file's own is not. */
export function partialName(file: string): string {
  const name = basename(file);
  const short = Buffer.byteLength(name) > 200 ? [...name].slice(0, 40).join('') : name;
  return join(dirname(file), `${short}.${process.pid}-${randomBytes(6).toString('hex')}.partial`);
}

/** The name that a file was to get, of one that a writer left half done; undefined for any other. */
export function nameOfPartial(name: string): string | undefined {
  return PARTIAL.test(name) ? name.replace(PARTIAL, '') : undefined;
}

/** @throws {FileError} with the reason; the file is then as it was */
export function writeWhole(file: string, content: string | Uint8Array): Promise<void> {
  return writeAllWhole([[file, content]]);
}

/**
 * Several files, which are renamed in their order once all of them are written.
 *
 * @throws {FileError} with the reason; a disk that is full or read-only then holds what it held before
 */
export async function writeAllWhole(files: readonly (readonly [file: string, content: string | Uint8Array])[]) {
  const written = files.map(([file, content]) => ({ file, content, partial: partialName(file) }));
  let at = files[0]?.[0] ?? '';
  try {
    for (const { file, content, partial } of written) {
      at = file;
      const handle = await open(partial, 'wx');
      try {
        await handle.writeFile(content);
        await flushed(() => handle.sync());
      } finally {
        await handle.close();
      }
    }
    for (const { file, partial } of written) {
      at = file;
      await rename(partial, file);
    }
  } catch (error) {
    for (const { partial } of written) await rm(partial, { force: true }).catch(() => {});
    throw isSystemError(error) ? new FileError(at, error) : error;
  }
}

/** The same at once, for programs that have nothing else to do; makes the folders above. */
export function writeWholeSync(file: string, content: string | Uint8Array): void {
  const partial = partialName(file);
  try {
    makeFolderSync(dirname(file));
    const descriptor = openSync(partial, 'wx');
    try {
      writeFileSync(descriptor, content);
      flushedSync(() => fsyncSync(descriptor));
    } finally {
      closeSync(descriptor);
    }
    renameSync(partial, file);
  } catch (error) {
    removeIfThere(partial);
    throw isSystemError(error) ? new FileError(file, error) : error;
  }
}

/** File systems that cannot say when data are safe are written to all the same. */
const CANNOT_FLUSH = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

async function flushed(sync: () => Promise<void>): Promise<void> {
  try {
    await sync();
  } catch (error) {
    if (!CANNOT_FLUSH.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

function flushedSync(sync: () => void): void {
  try {
    sync();
  } catch (error) {
    if (!CANNOT_FLUSH.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

function removeIfThere(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch (error) {
    // What could not be written is the news; that it could not be cleared away follows from it.
    if (!isSystemError(error)) throw error;
  }
}
