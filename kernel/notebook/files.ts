/** What is asked of places before a notebook runs. */
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolderSync } from '../files/makeFolder';
import { partialName } from '../files/writeWhole';

/**
 * Asks before the work whether its result can be written.
 *
 * @throws Error with the system's reason, also for a folder in the file's place
 */
export function assertWritable(path: string): void {
  makeFolderSync(dirname(path));
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw Object.assign(new Error(`${path} is a folder; name a file in it`), { syscall: 'open', code: 'EISDIR' });
  }
  const beside = partialName(path);
  writeFileSync(beside, '');
  rmSync(beside);
}

/** Whether two paths lead to one file, by whatever links. */
export function isSameFile(one: string, other: string): boolean {
  if (one === other) return true;
  const [a, b] = [one, other].map((path) => statSync(path, { throwIfNoEntry: false, bigint: true }));
  return a !== undefined && b !== undefined && a.ino === b.ino && a.dev === b.dev;
}
