/** Whether a file still is what it was when it was read. */
import { readFileSync, statSync } from 'node:fs';

/** A file as it was read; without a text where there was none. */
export interface FileState {
  file: string;
  text: string | undefined;
  /** What the file system said of it: two versions that differ in text may agree in it. */
  stamp: string;
  /** Whether it was written so shortly before that it could be written again under the same stamp. */
  fresh: boolean;
}

/** File systems tell time in steps of a few milliseconds, some of two seconds. */
const COARSEST_STEP_MS = 2000;

export function contentOf(file: string): { text: string | undefined; state: FileState } {
  const before = stampOf(file);
  const text = before === undefined ? undefined : withoutMark(readFileSync(file, 'utf8'));
  const fresh = before !== undefined && Date.now() - before.time < COARSEST_STEP_MS;
  return { text, state: { file, text, stamp: before?.stamp ?? '', fresh } };
}

/** Looks into the file only where its stamp leaves a doubt. */
export function isUnchanged(state: FileState): boolean {
  const now = stampOf(state.file);
  if (!state.fresh && now?.stamp === state.stamp) return true;
  const { text, state: read } = contentOf(state.file);
  if (text !== state.text) return false;
  Object.assign(state, read);
  return true;
}

function stampOf(file: string): { stamp: string; time: number } | undefined {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false });
  if (!found?.isFile()) return undefined;
  return { stamp: [found.ino, found.size, found.mtimeNs, found.ctimeNs].join(), time: Number(found.mtimeMs) };
}

/** A byte order mark is no part of a source. */
function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}
