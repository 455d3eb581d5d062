/** Where a sweep's folder holds what. */
import { join } from 'node:path';

/** The sweep as it was resolved; never written again. */
export const SWEEP_FILE = 'sweep.json';
/** The notebook as it was when the sweep began: what every run executes. */
export const NOTEBOOK_FILE = 'notebook.ipynb';
/** A folder for each run. */
export const RUNS_FOLDER = 'runs';

/** What a run's folder holds. */
export const RUN_FILES = {
  /** State, parameters, times, metrics: a {@link RunRecord}. */
  record: 'run.json',
  /** Terms of the trainings by step: {@link Curves}. */
  curves: 'curves.json',
  /** Metrics as they came, a {@link Report} a line. */
  reports: 'reports.jsonl',
  /** The executed notebook, as far as it ran. */
  notebook: 'notebook.ipynb',
  /** What its cells printed. */
  log: 'log.txt',
  /** The model that it leaves, a checkpoint; see `model.ts`. */
  model: 'model',
  /** Checkpoints of its trainings. */
  trainings: 'trainings',
} as const;

/** `…/runs/0001` */
export function runFolder(sweepFolder: string, index: number): string {
  return join(sweepFolder, RUNS_FOLDER, runName(index));
}

/** `0001`; runs are counted from 1. */
export function runName(index: number): string {
  return String(index).padStart(4, '0');
}

/** The number of a run, by the name of its folder; undefined for a name that is none of ours. */
export function runIndex(name: string): number | undefined {
  return /^\d{4,}$/.test(name) && Number(name) > 0 ? Number(name) : undefined;
}
