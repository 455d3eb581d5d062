import { randomUUID } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Writes a file beside its place and then renames it, so that no half-written file is ever found there. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  const beside = besideOf(path);
  try {
    writeFileSync(beside, content);
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}

/**
 * Asks before the work whether its result can be written.
 *
 * @throws Error with the system's reason, also for a folder in the file's place
 */
export function assertWritable(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw Object.assign(new Error(`${path} is a folder; name a file in it`), { syscall: 'open', code: 'EISDIR' });
  }
  const beside = besideOf(path);
  writeFileSync(beside, '');
  rmSync(beside);
}

/** Whether two paths lead to one file, by whatever links. */
export function isSameFile(one: string, other: string): boolean {
  if (one === other) return true;
  const [a, b] = [one, other].map((path) => statSync(path, { throwIfNoEntry: false, bigint: true }));
  return a !== undefined && b !== undefined && a.ino === b.ino && a.dev === b.dev;
}

/** A name that is free, in the same folder and short, whatever the file's own is. */
const besideOf = (path: string) => join(dirname(path), `.${randomUUID()}.tmp`);
