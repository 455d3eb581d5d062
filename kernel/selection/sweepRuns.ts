/** `sweepRuns`: a sweep's runs as flat records. */
import { resolve } from 'node:path';
import { path, takes } from '../autoencoders/arguments';
import { readSweep, type ParameterValue, type RunState } from '../sweeps/results/index';
import { sweepColumns } from '../views/sweep/columns';

/** A run of a sweep: besides these its parameters and its metrics by their names, which are null if there is none. */
export interface SweepRun {
  /** Its number, from 1. */
  run: number;
  /** How far the run is, and how it ended. */
  state: RunState;
  seed: number | null;
  /** Over all its attempts; null before it has ended. */
  seconds: number | null;
  [name: string]: ParameterValue;
}

/**
 * The runs of a sweep, one record each, for your own tables and figures.
 *
 * ```ts
 * const runs = (await sweepRuns('beta.sweep')).filter(({ state }) => state === 'done')
 * runs.map(({ beta, elbo }) => [beta, elbo])
 * ```
 *
 * A metric of the name of a parameter has `metrics.` before it; a parameter called `run`, `state`, `seed` or `seconds` has
 * `parameters.`, as in `results.parquet`.
 *
 * @throws SweepFolderError when there is no sweep in the folder
 */
export async function sweepRuns(folder: string): Promise<SweepRun[]> {
  takes('sweepRuns', ['folder', folder, path]);
  const { runs } = await readSweep(resolve(folder), { curves: false, reports: false });
  const { parameters, metrics } = sweepColumns(runs.map(({ record }) => record));
  const valuesIn = (columns: ReadonlyMap<string, string>, values: Readonly<Record<string, ParameterValue>>) =>
    Object.fromEntries([...columns].map(([name, column]) => [column, values[name] ?? null]));
  return runs.map(({ index, record }) => ({
    ...valuesIn(parameters, record.parameters),
    ...{ run: index, state: record.state, seed: record.seed, seconds: record.seconds },
    ...valuesIn(metrics, record.metrics),
  }));
}
