import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { isRunning } from '../files/processes';
import { makeFolder } from '../files/makeFolder';

/** Work in progress beside its place is `building-PROCESS-…`. */
const PREFIX = 'building-';

/**
 * Makes a folder anew. `make` works in an empty folder beside it and tells which part of that is the result; this is
 * renamed into place, so that the folder is at every time the old one, absent or the new one, never half.
 *
 * Programs that have loaded libraries from the old one keep them.
 */
export async function replaceFolder(folder: string, make: (empty: string) => Promise<string>): Promise<void> {
  const parent = path.dirname(folder);
  await makeFolder(parent);
  await removeAbandoned(parent);
  const beside = await mkdtemp(path.join(parent, `${PREFIX}${process.pid}-`));
  try {
    const made = await make(beside);
    if (existsSync(folder)) await rename(folder, path.join(beside, 'replaced'));
    await rename(made, folder);
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

/** What runs left that were killed. */
async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(PREFIX)) continue;
    const maker = Number.parseInt(name.slice(PREFIX.length), 10);
    if (!isRunning(maker)) await rm(path.join(parent, name), { recursive: true, force: true });
  }
}
