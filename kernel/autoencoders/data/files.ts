/** Files as bytes, with errors that a user can act on. */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { DataError } from './checkData';

const unzip = promisify(gunzip);

/** @throws {DataError} when there is no such file, or it cannot be read */
export async function readBytes(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** The same, unpacked when the file is compressed by gzip. */
export async function readMaybeZipped(file: string): Promise<Buffer> {
  const bytes = await readBytes(file);
  const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (!zipped && !file.endsWith('.gz')) return bytes;
  try {
    return await unzip(bytes);
  } catch (error) {
    throw new DataError(`${file}: it cannot be unpacked as gzip (${textOf(error)}); the file is damaged or cut short`);
  }
}

/** @throws {DataError} when there is nothing of this name */
export async function isFolder(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isDirectory();
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** What to tell about a file or folder that the system does not hand over. */
export function unreadable(file: string, error: unknown): DataError {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT')
    return new DataError(`${file}: there is no such file or folder in ${path.dirname(path.resolve(file))}`);
  if (code === 'EISDIR') return new DataError(`${file}: this is a folder; expected a file`);
  return new DataError(`${file}: it cannot be read (${textOf(error)})`);
}

export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
