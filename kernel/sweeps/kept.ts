/** What a sweep's folder keeps of its notebook, and the folder where the notebook's paths begin. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { isSystemError, reasonOf } from '../files/fileError';
import { NotebookError, parseNotebook } from '../notebook/read';
import { NOTEBOOK_FILE } from './results';
import type { Sweep } from './results';
import { SweepError } from './sweepError';

/**
 * The text that every run executes.
 *
 * @throws {SweepError} when it is gone or damaged, before any run is begun
 */
export function keptNotebook(folder: string): string {
  const file = join(folder, NOTEBOOK_FILE);
  try {
    const text = readFileSync(file, 'utf8');
    parseNotebook(text, file);
    return text;
  } catch (error) {
    if (!(error instanceof NotebookError || isSystemError(error))) throw error;
    const isGone = isSystemError(error) && error.code === 'ENOENT';
    const system = isGone ? `${file} is not there` : `${file} cannot be read: ${reasonOf(error)}`;
    const reason = isSystemError(error) ? system : error.message;
    throw new SweepError(`${reason}. It is the notebook that all runs execute; put it back from a copy`);
  }
}

/**
 * The sweep, with its notebook where it is now: a folder that was moved as a whole still has it at the same place beside
 * the sweep's own.
 *
 * @param now where the sweep file says that the notebook is
 */
export function located(sweep: Sweep, folder: string, now?: string): Sweep {
  const { file, notebook } = sweep;
  if (existsSync(dirname(notebook))) return sweep;
  const beside = file === null ? [] : [resolve(dirname(folder), relative(dirname(file), notebook))];
  const moved = [...(now === undefined ? [] : [now]), ...beside].find((one) => existsSync(one));
  return moved === undefined ? sweep : { ...sweep, notebook: moved };
}

/**
 * Before any run fails for that.
 *
 * @throws {SweepError} when the notebook's folder is not there
 */
export function requirePlace({ notebook }: Sweep, folder: string): void {
  if (existsSync(dirname(notebook))) return;
  throw new SweepError(
    `${dirname(notebook)}, the notebook’s folder, is not there, and runs find their files in it. Put it back, or resume by the sweep file: npm run sweep -- FILE.json --resume --folder ${folder}`,
  );
}
