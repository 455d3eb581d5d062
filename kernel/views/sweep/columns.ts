/** How the columns of a sweep's table are called. */

/** Columns that every sweep has. */
const OWN: ReadonlySet<string> = new Set(['run', 'state', 'seed', 'seconds']);

export interface SweepColumns {
  /** The column of each parameter, by its name. */
  readonly parameters: ReadonlyMap<string, string>;
  /** The column of each metric that runs have reported. */
  readonly metrics: ReadonlyMap<string, string>;
}

/**
 * Names of columns: those that runs have given, with `parameters.` or `metrics.` before them where another column has the
 * name, as in `results.parquet`. A parameter keeps its name before a metric.
 */
export function sweepColumns(
  runs: readonly {
    readonly parameters: Readonly<Record<string, unknown>>;
    readonly metrics: Readonly<Record<string, unknown>>;
  }[],
): SweepColumns {
  const parameters = namesOf(runs.map((run) => run.parameters));
  const metrics = namesOf(runs.map((run) => run.metrics));
  const columns = (names: ReadonlySet<string>, kind: string, taken: ReadonlySet<string>) =>
    new Map([...names].map((name) => [name, taken.has(name) ? `${kind}.${name}` : name]));
  return {
    parameters: columns(parameters, 'parameters', OWN),
    metrics: columns(metrics, 'metrics', new Set([...OWN, ...parameters])),
  };
}

function namesOf(records: readonly object[]): Set<string> {
  return new Set(records.flatMap((record) => Object.keys(record)));
}
