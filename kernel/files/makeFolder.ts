import { existsSync, mkdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Makes the folder and those above it.
 *
 * @returns whether it was not there before
 * @throws an error of the system; Node's own says ENOENT of a disk that is read-only
 */
export async function makeFolder(path: string): Promise<boolean> {
  try {
    return (await mkdir(path, { recursive: true })) !== undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') await mkdir(firstMissing(path));
    throw error;
  }
}

/** The same at once. */
export function makeFolderSync(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') mkdirSync(firstMissing(path));
    throw error;
  }
}

function firstMissing(path: string): string {
  let missing = resolve(path);
  while (!existsSync(dirname(missing))) missing = dirname(missing);
  return missing;
}
