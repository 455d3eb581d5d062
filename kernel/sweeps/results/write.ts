/** Writes what a sweep's folder holds. Each file is whole at every moment, and each run writes to its own folder alone. */
import { appendFileSync, closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { FileError, isSystemError } from '../../files/fileError';
import { makeFolderSync } from '../../files/makeFolder';
import { writeWholeSync } from '../../files/writeWhole';
import { CURVES_FORMAT, FORMAT_VERSION } from './format';
import type { Report, RunRecord, Sweep, TrainingCurves } from './format';
import { NOTEBOOK_FILE, RUN_FILES, RUNS_FOLDER, SWEEP_FILE } from './places';

/**
 * The sweep's own files: the notebook first, so that a folder with a sweep.json is whole.
 *
 * @param notebook its text
 * @throws {FileError} with the reason
 */
export function writeSweep(folder: string, sweep: Sweep, notebook: string): void {
  const runs = join(folder, RUNS_FOLDER);
  try {
    makeFolderSync(runs);
  } catch (error) {
    throw isSystemError(error) ? new FileError(runs, error) : error;
  }
  writeWholeSync(join(folder, NOTEBOOK_FILE), notebook);
  writeWholeSync(join(folder, SWEEP_FILE), json(sweep));
}

/** @param folder the run's */
export function writeRecord(folder: string, record: RunRecord): void {
  writeWholeSync(join(folder, RUN_FILES.record), json({ ...record, metrics: finite(record.metrics) }));
}

export function writeCurves(folder: string, trainings: readonly TrainingCurves[]): void {
  const text = JSON.stringify({ format: CURVES_FORMAT, version: FORMAT_VERSION, trainings });
  writeWholeSync(join(folder, RUN_FILES.curves), `${text}\n`);
}

/**
 * Lines are appended whole; half a line that a machine which went down has left is made one of its own.
 *
 * @throws {FileError} with the reason
 */
export function appendReports(folder: string, reports: readonly Report[]): void {
  if (reports.length === 0) return;
  const file = join(folder, RUN_FILES.reports);
  makeFolderSync(folder);
  const text = reports.map(line).join('');
  appendText(file, endsWithHalfLine(file) ? `\n${text}` : text);
}

/** What the cells of a run print. */
export function appendLog(folder: string, text: string): void {
  appendText(join(folder, RUN_FILES.log), text);
}

function appendText(file: string, text: string): void {
  try {
    appendFileSync(file, text);
  } catch (error) {
    throw isSystemError(error) ? new FileError(file, error) : error;
  }
}

/** In place of all that were there. */
export function replaceReports(folder: string, reports: readonly Report[]): void {
  writeWholeSync(join(folder, RUN_FILES.reports), reports.map(line).join(''));
}

function line(report: Report): string {
  return `${JSON.stringify({ ...report, values: finite(report.values) })}\n`;
}

function endsWithHalfLine(file: string): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  try {
    const { size } = fstatSync(descriptor);
    const last = Buffer.alloc(1);
    return size > 0 && readSync(descriptor, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a;
  } finally {
    closeSync(descriptor);
  }
}

/** JSON has no NaN and no infinities. */
function finite(values: Readonly<Record<string, number | null>>): Record<string, number | null> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, value !== null && Number.isFinite(value) ? value : null]),
  );
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
