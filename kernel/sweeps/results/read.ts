/** Reads a sweep's folder, also while runs write to it; what is damaged is named, and the rest is read. */
import { readFile, readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { z } from 'zod';
import { reasonOf } from '../../files/fileError';
import { curvesSchema, FORMAT_VERSION, reportSchema, RUN_FORMAT, runSchema, sweepSchema } from './format';
import type { PlannedRun, Report, RunRecord, Sweep, TrainingCurves } from './format';
import { RUN_FILES, runFolder, runIndex, RUNS_FOLDER, SWEEP_FILE } from './places';

/** There is no sweep in a folder. */
export class SweepFolderError extends Error {
  override readonly name = 'SweepFolderError';
}

/** A file that is not as it should be. */
export interface Damage {
  /** Absolute. */
  file: string;
  /** The run that it belongs to, if it belongs to one. */
  run: number | null;
  /** What was found and what was expected, as a sentence without the file. */
  reason: string;
}

export interface RunResult {
  index: number;
  /** Absolute; not there before the run begins. */
  folder: string;
  /** For a run that has not begun, what the sweep has planned. */
  record: RunRecord;
  /** Empty where there are none, or they were not asked for. */
  curves: TrainingCurves[];
  /** In the order they came. */
  reports: Report[];
}

export interface SweepResults {
  /** Absolute. */
  folder: string;
  /** Null if its file is damaged: runs are then those that have folders. */
  sweep: Sweep | null;
  /** By their numbers. */
  runs: RunResult[];
  damages: Damage[];
}

export interface ReadOptions {
  /** Whether to read curves.json. Default true. */
  curves?: boolean;
  /** Whether to read reports.jsonl. Default true. */
  reports?: boolean;
  /** The runs to read, by their numbers. Default: all. */
  only?: readonly number[];
}

/** How many runs are read at once. */
const AT_ONCE = 32;

/**
 * Reads every run of a sweep.
 *
 * @throws {SweepFolderError} when there is no sweep there: neither its file nor runs
 */
export async function readSweep(folder: string, options: ReadOptions = {}): Promise<SweepResults> {
  const path = resolve(folder);
  const damages: Damage[] = [];
  const sweep = await readJson(join(path, SWEEP_FILE), sweepSchema, null, damages);
  const begun = sweep ? [] : await begunRuns(path);
  if (sweep === undefined && begun.length === 0) throw await noSweep(path, damages[0]);
  if (sweep === undefined) damages.push({ file: join(path, SWEEP_FILE), run: null, reason: 'it is not there' });
  const planned = new Map(sweep?.runs.map((run) => [run.index, run]));
  const all = sweep ? [...planned.keys()] : begun;
  const indices = options.only ? all.filter((index) => options.only!.includes(index)) : all;
  const runs: RunResult[] = [];
  for (let i = 0; i < indices.length; i += AT_ONCE) {
    const some = indices.slice(i, i + AT_ONCE);
    runs.push(
      ...(await Promise.all(some.map((index) => readRun(path, index, planned.get(index), sweep, options, damages)))),
    );
  }
  runs.sort((a, b) => a.index - b.index);
  damages.sort((a, b) => (a.run ?? 0) - (b.run ?? 0));
  return { folder: path, sweep: sweep ?? null, runs, damages };
}

/** The record of a run that nobody has begun. */
export function plannedRecord({ index, parameters, seed }: PlannedRun, digest: string): RunRecord {
  return {
    ...{ format: RUN_FORMAT, version: FORMAT_VERSION, index, parameters, seed, digest },
    ...{ state: 'waiting', reason: null, device: null, threads: null, versions: {}, git: null },
    ...{ start: null, end: null, seconds: null, attempts: [], metrics: {} },
  };
}

async function readRun(
  path: string,
  index: number,
  planned: PlannedRun | undefined,
  sweep: Sweep | null | undefined,
  { curves = true, reports = true }: ReadOptions,
  damages: Damage[],
): Promise<RunResult> {
  const folder = runFolder(path, index);
  const at = (name: string) => join(folder, name);
  const record = await readJson(at(RUN_FILES.record), runSchema, index, damages);
  const trainings = curves ? await readJson(at(RUN_FILES.curves), curvesSchema, index, damages) : undefined;
  return {
    index,
    folder,
    record: record ?? plannedRecord(planned ?? { index, parameters: {}, seed: null }, sweep?.digest ?? ''),
    curves: trainings?.trainings ?? [],
    reports: reports ? await readReports(at(RUN_FILES.reports), index, damages) : [],
  };
}

/** The record of one run; undefined if there is none, or it is damaged. */
export async function readRecord(folder: string, index: number): Promise<RunRecord | undefined> {
  return readJson(join(runFolder(resolve(folder), index), RUN_FILES.record), runSchema, index, []);
}

/**
 * Lines of a file that is being written, or was when a machine went down: half a line at its end is left out, and any
 * other line that is no report is named.
 */
export async function readReports(file: string, run: number | null, damages: Damage[]): Promise<Report[]> {
  const text = await textOf(file, run, damages);
  if (text === undefined) return [];
  const lines = text.split('\n');
  // What stands behind the last line break is not whole yet.
  return lines.slice(0, -1).flatMap((line, i): Report[] => {
    const checked = reportSchema.safeParse(parsed(line));
    if (checked.success) return [checked.data];
    damages.push({ file, run, reason: `line ${i + 1} is no report: ${describe(checked.error)}` });
    return [];
  });
}

async function readJson<S extends z.ZodType>(
  file: string,
  schema: S,
  run: number | null,
  damages: Damage[],
): Promise<z.output<S> | undefined> {
  const text = await textOf(file, run, damages);
  if (text === undefined) return undefined;
  const value = parsed(text);
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  damages.push({ file, run, reason: value === undefined ? 'it is no JSON' : describe(checked.error) });
  return undefined;
}

/** Undefined for a file that is not there, in what is no folder for example. */
async function textOf(file: string, run: number | null, damages: Damage[]): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    damages.push({ file, run, reason: `it cannot be read: ${reasonOf(error)}` });
    return undefined;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** `"state": Invalid option: expected one of "waiting"|…` */
function describe({ issues }: z.ZodError): string {
  const [first] = issues;
  const place = first!.path.map(String).join('.');
  return place === '' ? first!.message : `"${place}": ${first!.message}`;
}

async function begunRuns(path: string): Promise<number[]> {
  const names = await readdir(join(path, RUNS_FOLDER)).catch(() => []);
  return names.flatMap((name) => runIndex(name) ?? []).sort((a, b) => a - b);
}

async function noSweep(path: string, damage: Damage | undefined): Promise<SweepFolderError> {
  if (damage) return new SweepFolderError(`${damage.file} is damaged: ${damage.reason}. No run has begun there.`);
  const found = await stat(path).catch(() => undefined);
  if (!found) return new SweepFolderError(`There is no folder ${path}. A sweep's folder is what npm run sweep writes.`);
  if (!found.isDirectory()) {
    return new SweepFolderError(`${path} is a file; a sweep's results are a folder: NAME.sweep beside the sweep file.`);
  }
  return new SweepFolderError(
    `${path} holds no sweep: it has neither ${SWEEP_FILE} nor a folder ${RUNS_FOLDER}. Name the folder that npm run sweep writes, NAME.sweep.`,
  );
}
