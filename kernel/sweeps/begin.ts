/** A sweep's folder: made for a new sweep, or taken up where one was interrupted. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { isClutter } from '../files/clutter';
import { FileError, isSystemError } from '../files/fileError';
import { nameOfPartial } from '../files/writeWhole';
import { changed } from './changed';
import { resolveSweep, sweepName } from './file/resolve';
import type { Resolved } from './file/resolve';
import type { SweepFile } from './file/schema';
import { givenOf } from './given';
import { keptNotebook, located } from './kept';
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
  /** How its runs are run: as its folder keeps it, with what the sweep file says now of places for them. */
  file: SweepFile;
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
export async function openSweep(options: BeginOptions): Promise<Begun> {
  const { file, resume } = options;
  const folder = sweepFolder(file, options.folder);
  if (!hasSweep(folder)) {
    const { sweep, notebook } = resolveSweep(file);
    const foreign = foreignIn(folder, notebook);
    // Another process has begun it in the meantime: what is there is its.
    if (hasSweep(folder)) return openSweep(options);
    if (resume) throw new SweepError(`There is no sweep in ${folder} to resume; leave out --resume to start one`);
    if (foreign) throw foreign;
    return { folder, sweep, file: givenOf(sweep), notebook, records: [], notes: [], isOld: false };
  }
  const given = resume ? resolvedAnew(file) : resolveSweep(file);
  const before = await readSweep(folder, { curves: false, reports: false });
  if (!before.sweep) throw damagedSweep(folder, before.damages);
  refuseAnother(folder, before.sweep, file, given);
  const records = before.runs.map(({ record }) => record);
  if (!resume) {
    throw new SweepError(
      `${folder} holds a sweep already (${countText(records)}). Resume it with --resume, or name another --folder`,
    );
  }
  const text = keptNotebook(folder);
  const { file: now, notes } = changed(file, before.sweep, text, given);
  const sweep = located(before.sweep, folder, given instanceof SweepError ? undefined : given.sweep.notebook);
  return { folder, sweep, file: now, notebook: text, records, notes, isOld: true };
}

/** What the sweep file says now, or why it cannot be run any more: runs have copies of all they need. */
export function resolvedAnew(file: string): Resolved | SweepError {
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

function hasSweep(folder: string): boolean {
  return existsSync(join(folder, SWEEP_FILE));
}

/**
 * What says that the folder holds anything else: the sweep's files would lie among others, or in their place. What a
 * process left that was ended as it began is the sweep's own.
 */
function foreignIn(folder: string, notebook: string): SweepError | undefined {
  if (hasRuns(folder)) return withoutSweep(folder);
  const isOwn = (name: string) =>
    name === RUNS_FOLDER ||
    name.startsWith('.') ||
    isClutter(name) ||
    nameOfPartial(name) !== undefined ||
    (name === NOTEBOOK_FILE && readFileSync(join(folder, name), 'utf8') === notebook);
  const foreign = namesIn(folder).find((name) => !isOwn(name));
  if (foreign === undefined) return undefined;
  return new SweepError(`${folder} holds ${foreign}, which is no part of this sweep. Name a new folder with --folder`);
}

/** @throws {SweepError} when another sweep file has begun what is there */
function refuseAnother(folder: string, before: Sweep, file: string, given: Resolved | SweepError): void {
  const { name, file: own, digest } = before;
  const isSame = given instanceof SweepError ? false : given.sweep.digest === digest;
  // A sweep.json is called after its folder, which may have another name by now.
  const isRenamed = own !== null && basename(own) === SWEEP_FILE && basename(file) === SWEEP_FILE;
  if (isSame || isRenamed || name === sweepName(file)) return;
  const whose = own === null ? '' : ` of ${own}`;
  throw new SweepError(`${folder} holds the sweep "${name}"${whose}, and not one of ${file}. Name another --folder`);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code === 'ENOENT') return [];
    throw new FileError(folder, error);
  }
}

/** A folder for runs that is empty was left by a process that was ended as it began. */
function hasRuns(folder: string): boolean {
  return namesIn(join(folder, RUNS_FOLDER)).length > 0;
}

function withoutSweep(folder: string): SweepError {
  return new SweepError(
    `${folder} has runs and no ${SWEEP_FILE}, so what was there is damaged. Name another --folder; compare shows the runs that are there`,
  );
}
