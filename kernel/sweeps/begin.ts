/** A sweep's folder: made for a new sweep, or taken up where one was interrupted. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { FileError, isSystemError } from '../files/fileError';
import { resolveSweep, sweepName } from './file/resolve';
import type { Resolved } from './file/resolve';
import { NOTEBOOK_FILE, readSweep, RUNS_FOLDER, SWEEP_FILE, writeSweep } from './results';
import type { Damage, RunRecord, Sweep } from './results';
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
  const folder = sweepFolder(file, wanted);
  if (!existsSync(join(folder, SWEEP_FILE))) {
    const { sweep, notebook } = resolveSweep(file);
    if (resume) throw new SweepError(`There is no sweep in ${folder} to resume; leave out --resume to start one`);
    if (hasRuns(folder)) throw withoutSweep(folder);
    return { folder, sweep, notebook, records: [], notes: [], isOld: false };
  }
  const given = resume ? resolvedAnew(file) : resolveSweep(file);
  const before = await readSweep(folder, { curves: false, reports: false });
  if (!before.sweep) throw damagedSweep(folder, before.damages);
  const records = before.runs.map(({ record }) => record);
  if (!resume) {
    throw new SweepError(
      `${folder} holds a sweep already (${countText(records)}). Resume it with --resume, or name another --folder`,
    );
  }
  const goesOn = 'It continues with the old version; to run the new one, name another --folder.';
  const notes =
    given instanceof SweepError
      ? [`${given.message}. The sweep no longer needs that. ${goesOn}`]
      : before.sweep.digest === given.sweep.digest
        ? []
        : [`${file} or its notebook has changed since this sweep started. ${goesOn}`];
  const text = readFileSync(join(folder, NOTEBOOK_FILE), 'utf8');
  return { folder, sweep: before.sweep, notebook: text, records, notes, isOld: true };
}

/** What the sweep file says now, or why it cannot be run any more: runs have copies of all they need. */
function resolvedAnew(file: string): Resolved | SweepError {
  try {
    return resolveSweep(file);
  } catch (error) {
    if (error instanceof SweepError) return error;
    throw error;
  }
}

/**
 * Under the folder's claim.
 *
 * @throws {FileError} with the reason
 */
export function writeBegun({ folder, sweep, notebook, isOld }: Begun): void {
  if (!isOld) writeSweep(folder, sweep, notebook);
}

/** Its runs are there all the same. */
export function damagedSweep(folder: string, damages: readonly Damage[]): SweepError {
  const file = join(folder, SWEEP_FILE);
  const reason = damages.find((one) => one.file === file)?.reason ?? 'it is not there';
  return new SweepError(
    `${file} is damaged: ${reason}. Put it back from a copy, or name another --folder; compare shows the runs that are there`,
  );
}

/** A folder for runs that is empty was left by a process that was ended as it began. */
function hasRuns(folder: string): boolean {
  try {
    return readdirSync(join(folder, RUNS_FOLDER)).length > 0;
  } catch (error) {
    if (!isSystemError(error) || error.code === 'ENOENT') return false;
    throw new FileError(join(folder, RUNS_FOLDER), error);
  }
}

function withoutSweep(folder: string): SweepError {
  return new SweepError(
    `${folder} has runs and no ${SWEEP_FILE}, so what was there is damaged. Name another --folder; compare shows the runs that are there`,
  );
}
