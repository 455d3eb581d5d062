/** `sweepRuns`: a sweep's runs as flat records. */
import { resolve } from 'node:path';
import { path, takes } from '../autoencoders/arguments';
import { readSweep, type ParameterValue, type RunState } from '../sweeps/results/index';

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

const OWN: ReadonlySet<string> = new Set(['run', 'state', 'seed', 'seconds']);

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
  const given = [...new Set(runs.flatMap(({ record }) => Object.keys(record.parameters)))];
  const parameters = given.map((name) => [name, OWN.has(name) ? `parameters.${name}` : name] as const);
  const metrics = [...new Set(runs.flatMap(({ record }) => Object.keys(record.metrics)))];
  const own = new Set([...OWN, ...given]);
  const named = metrics.map((name) => [name, own.has(name) ? `metrics.${name}` : name] as const);
  return runs.map(({ index, record }) => ({
    ...Object.fromEntries(parameters.map(([name, as]) => [as, record.parameters[name] ?? null])),
    ...{ run: index, state: record.state, seed: record.seed, seconds: record.seconds },
    ...Object.fromEntries(named.map(([name, as]) => [as, record.metrics[name] ?? null])),
  }));
}
