import { existsSync, mkdirSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Makes the folder and those above it, one by one. Node's own `recursive` tries for ever where the system says ENOENT of
 * a folder whose parent exists, as it does under /proc, and says ENOENT of a disk that is read-only.
 *
 * @returns whether it was not there before
 * @throws an error of the system
 */
export async function makeFolder(path: string): Promise<boolean> {
  let made = false;
  for (const folder of missing(path)) made = await mkdir(folder).then(() => true, isThere(folder));
  return made;
}

/** The same at once. */
export function makeFolderSync(path: string): void {
  for (const folder of missing(path)) {
    try {
      mkdirSync(folder);
    } catch (error) {
      isThere(folder)(error);
    }
  }
}

/** The folder and those above it that are not there, from the top; of none missing the folder alone. */
function missing(path: string): string[] {
  const folders = [resolve(path)];
  while (!existsSync(dirname(folders[0]!))) folders.unshift(dirname(folders[0]!));
  return folders;
}

/** Another program may have made it meanwhile. */
function isThere(folder: string): (error: unknown) => false {
  return (error) => {
    const there = (error as NodeJS.ErrnoException).code === 'EEXIST' && statSync(folder).isDirectory();
    if (there) return false;
    throw error;
  };
}
