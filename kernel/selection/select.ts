/** `select`: the best model of a sweep. */
import { join, resolve } from 'node:path';
import { callable, flag, object, oneOf, optional, path, takes, text, type Kind } from '../autoencoders/arguments';
import type { Model } from '../autoencoders/index';
import {
  hasModel,
  readSweep,
  RUN_FILES,
  type Parameters,
  type RunResult,
  type SweepResults,
} from '../sweeps/results/index';
import { ranked, rankedByMedian, wayOfMetric } from '../views/sweep/ranking';
import { isOfTest, refuseTest } from './leakage';
import { ModelError, savedModel, type ModelClass } from './savedModel';

/** Options of {@link select}. */
export interface SelectOptions<M = Model> {
  /** The sweep's folder. */
  folder: string;
  /** The metric that decides, as runs have reported it: `validation.total`, `mig`. */
  metric: string;
  /** Whether the least or the greatest value is best; default: what the sweep says, or what the metric's name tells. */
  order?: 'min' | 'max';
  /**
   * `runs`: the run with the best value. `seeds`: the setting with the best median over its seeds, and of its runs the best
   * one. Default `runs`.
   */
  over?: 'runs' | 'seeds';
  /** A metric of the test set may decide; see the error that says why it may not without this. Default false. */
  allowTestMetric?: boolean;
  /** The class of the model, where the library does not have it. */
  model?: ModelClass<M>;
}

/** The best model, and what it is of. */
export interface Selected<M = Model> {
  /** The loaded model; {@link Model.dispose} it when you no longer need it. */
  model: M;
  /** The number of its run. */
  run: number;
  /** The run's folder, with its executed notebook and its log. */
  folder: string;
  /** The parameters of the run. */
  parameters: Parameters;
  seed: number | null;
  /** The name of the metric. */
  metric: string;
  /** Whether the metric was minimised or maximised. */
  order: 'min' | 'max';
  /** Its run's value of the metric. */
  value: number;
  /** With `over: 'seeds'` the median over the seeds of its setting, and how many they are. */
  median?: number;
  /** How many seeds the setting has. */
  seeds?: number;
  /** How many runs were compared. */
  compared: number;
}

/**
 * The best model of a sweep, loaded, by a metric of its runs. Runs that are not done do not count, nor do those whose metric is
 * not finite.
 *
 * ```ts
 * const { model, parameters, run } = await select({ folder: 'beta.sweep', metric: 'validation.total' });
 * const { model: robust } = await select({ folder: 'beta.sweep', metric: 'mig', over: 'seeds' });
 * ```
 *
 * @throws RangeError for a metric of the test set, an unknown metric, one whose better way is not known, and for a sweep
 *   without a run that is done; each says what there is
 * @throws ModelError for a run without a model, or whose class the library does not have
 */
export async function select<M = Model>(options: SelectOptions<M>): Promise<Selected<M>> {
  checkOptions(options);
  const { metric, over = 'runs', allowTestMetric = false, model: Class } = options;
  const results = await readSweep(resolve(options.folder), { curves: false, reports: false });
  const names = metricsOf(results);
  if (isOfTest(metric) && !allowTestMetric) throw refuseTest(metric, names);
  const done = results.runs.filter(({ record }) => record.state === 'done');
  if (done.length === 0) throw new RangeError(`select: no run of ${results.folder} is done; ${statesOf(results)}.`);
  if (!names.includes(metric))
    throw new RangeError(`select: no run has the metric "${metric}"; there are ${listed(names)}.`);
  const order = options.order ?? usualOrder(results, metric);
  const better = order === 'min' ? 'lower' : 'higher';
  const values = Float64Array.from(done, ({ record }) => record.metrics[metric] ?? NaN);
  const compared = values.filter(Number.isFinite).length;
  if (compared === 0) throw new RangeError(`select: "${metric}" is finite in no run that is done.`);
  const settings = settingsOf(done);
  const best = over === 'seeds' ? rankedByMedian(values, better, settings)[0]! : undefined;
  const place = best ? best.runs[0]! : ranked(values, better, done.keys())[0]!;
  const { index, folder, record } = done[place]!;
  await requireModel(folder, index);
  return {
    model: await savedModel<M>(join(folder, RUN_FILES.model), Class),
    ...{ run: index, folder, parameters: record.parameters, seed: record.seed, metric, order, value: values[place]! },
    ...(best && { median: best.median, seeds: settings.find((runs) => runs.includes(place))!.length }),
    compared,
  };
}

function checkOptions(options: unknown): void {
  const { folder, metric, order, over, allowTestMetric, model } = (options ?? {}) as Partial<SelectOptions>;
  takes('select', ['options', options, object('folder', 'metric')], ['folder', folder, path], ['metric', metric, text]);
  takes('select', ['order', order, optional(oneOf('min', 'max'))], ['over', over, optional(oneOf('runs', 'seeds'))]);
  takes('select', ['allowTestMetric', allowTestMetric, optional(flag)], ['model', model, optional(modelClass)]);
}

const modelClass: Kind = (value) =>
  callable(value) === undefined && typeof (value as Partial<ModelClass>).load === 'function'
    ? undefined
    : 'a class of models with load(), such as VAE';

/** What runs have measured, those that the sweep names first. */
function metricsOf({ sweep, runs }: SweepResults): string[] {
  const named = (sweep?.metrics ?? []).map(({ name }) => name);
  const measured = new Set(runs.flatMap(({ record }) => Object.keys(record.metrics)));
  return [...named.filter((name) => measured.has(name)), ...[...measured].filter((name) => !named.includes(name))];
}

function usualOrder({ sweep }: SweepResults, metric: string): 'min' | 'max' {
  const goal = sweep?.metrics.find(({ name }) => name === metric)?.goal;
  const way = wayOfMetric(metric);
  if (!goal && way === null)
    throw new RangeError(
      `select: it is not known whether lower or higher "${metric}" is better; pass order: 'min' or 'max'.`,
    );
  return goal ?? (way === 'lower' ? 'min' : 'max');
}

/** Places of runs with equal parameters, their seeds aside. */
function settingsOf(runs: readonly RunResult[]): number[][] {
  const found = new Map<string, number[]>();
  runs.forEach(({ record: { parameters } }, i) => {
    const key = JSON.stringify(
      Object.entries(parameters)
        .filter(([name]) => name !== 'seed')
        .sort(),
    );
    found.set(key, [...(found.get(key) ?? []), i]);
  });
  return [...found.values()];
}

async function requireModel(folder: string, run: number): Promise<void> {
  if (await hasModel(folder)) return;
  throw new ModelError(
    `select: the best run, ${run}, has saved no model: there is no ${join(folder, RUN_FILES.model)}. A run saves the model ` +
      `that it trains first, or the one that its notebook passes to keepModel(model).`,
  );
}

const listed = (names: readonly string[]) =>
  names.length === 0 ? 'none' : names.map((name) => `"${name}"`).join(', ');

function statesOf({ runs }: SweepResults): string {
  const states = [...new Set(runs.map(({ record }) => record.state))];
  return states.map((state) => `${runs.filter(({ record }) => record.state === state).length} ${state}`).join(', ');
}
