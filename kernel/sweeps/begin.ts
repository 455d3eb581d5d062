/** A sweep's folder: made for a new sweep, or taken up where one was interrupted. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { resolveSweep, sweepName } from './file/resolve';
import { NOTEBOOK_FILE, readSweep, SWEEP_FILE, writeSweep } from './results';
import type { RunRecord, Sweep } from './results';
import { SweepError } from './sweepError';
import { countText } from './terminal/table';

export interface BeginOptions {
  /** The sweep file. */
  file: string;
  /** Default: `NAME.sweep` beside the file. */
  folder?: string;
  resume: boolean;
}

export interface Begun {
  folder: string;
  sweep: Sweep;
  /** The text of the notebook that its runs execute. */
  notebook: string;
  records: RunRecord[];
  /** What the user should know. */
  notes: string[];
  /** Whether it was there before. */
  isOld: boolean;
}

export function sweepFolder(file: string, folder?: string): string {
  return resolve(folder ?? join(dirname(file), `${sweepName(file)}.sweep`));
}

/**
 * Everything that can be wrong is found before anything is written.
 *
 * @throws {SweepError} for a file that cannot be run, or a folder that holds a sweep already
 */
export async function openSweep({ file, folder: wanted, resume }: BeginOptions): Promise<Begun> {
  const { sweep, notebook } = resolveSweep(file);
  const folder = sweepFolder(file, wanted);
  if (!existsSync(join(folder, SWEEP_FILE))) {
    if (resume) throw new SweepError(`There is no sweep in ${folder} to resume; leave out --resume to start one`);
    return { folder, sweep, notebook, records: [], notes: [], isOld: false };
  }
  const before = await readSweep(folder, { curves: false, reports: false });
  if (!before.sweep) {
    throw new SweepError(`${join(folder, SWEEP_FILE)} is damaged: ${before.damages[0]?.reason}. Name another --folder`);
  }
  const records = before.runs.map(({ record }) => record);
  if (!resume) {
    throw new SweepError(
      `${folder} holds a sweep already (${countText(records)}). Resume it with --resume, or name another --folder`,
    );
  }
  const hasChanged = before.sweep.digest !== sweep.digest;
  const notes = hasChanged
    ? [
        `${file} or its notebook has changed since this sweep started. It continues with the old version; to run the new one, name another --folder.`,
      ]
    : [];
  const text = readFileSync(join(folder, NOTEBOOK_FILE), 'utf8');
  return { folder, sweep: before.sweep, notebook: text, records, notes, isOld: true };
}

/** @throws {FileError} with the reason */
export function writeBegun({ folder, sweep, notebook, isOld }: Begun): void {
  if (!isOld) writeSweep(folder, sweep, notebook);
}
