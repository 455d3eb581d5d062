/** A sweep's runs as a view. */
import { encode, encodeIndices } from '../encoding';
import { RUN_STATES, VIEW_VERSION } from '../types';
import { sweepColumns, type SweepColumns } from './columns';
import { curvesOnGrid, type RunCurveInput } from './curves';
import type { PlainMetric, PlainParameter, PlainSweep } from './plain';
import { ranked, wayOfMetric } from './ranking';
import { summarize } from './summary';
import type { Better, EncodedArray, RunPicture, RunState, SweepView } from '../types';

export interface SweepRunInput {
  number: number;
  state: RunState;
  /** Why it is in that state. */
  reason?: string | undefined;
  /** Values that are no number, text or flag become JSON. */
  parameters: Readonly<Record<string, unknown>>;
  seed?: number | undefined;
  /** Null or NaN for what is not finite. */
  metrics: Readonly<Record<string, number | null>>;
  seconds?: number | undefined;
  /** Whether there is an executed notebook. */
  notebook: boolean;
  curves: readonly RunCurveInput[];
  stepsPerEpoch: number;
  /** Where its curves will end. */
  lastStep: number;
}

export interface SweepInput {
  id: string;
  title: string;
  folder: string;
  /** Absolute. */
  place?: string | undefined;
  runs: readonly SweepRunInput[];
  /** Metrics that the sweep names, with their ways, the one that counts first. */
  metrics: readonly { name: string; better: Better }[];
  /** The metric that ranks the runs; absent: the first one. */
  metric?: string | undefined;
  notes: readonly string[];
}

/** Bytes of JSON that a sweep takes without its picture, those of the best runs included. */
export const ROOM = 160_000;
/** Bytes of those that pictures of runs may take. */
export const PICTURES_ROOM = 36_000;
/** Bytes that curves get at least. */
const CURVES_ROOM = 30_000;
/** Numbers that metrics may have in all: of more metrics than fit, those that the sweep does not name are left out. */
const METRIC_NUMBERS = 14_000;

export function plainSweep(given: SweepInput): PlainSweep {
  const { runs } = given;
  const columns = sweepColumns(runs);
  const reported = columns.metrics;
  const input = withColumnNames(given, reported);
  const running = runs.some(({ state }) => state === 'running' || state === 'waiting');
  const { metrics, left } = metricsOf(input, reported);
  const view: PlainSweep = {
    ...{ version: VIEW_VERSION, id: input.id, title: input.title, summary: '', folder: input.folder, running },
    count: runs.length,
    numbers: Int32Array.from(runs, ({ number }) => number),
    states: Uint8Array.from(runs, ({ state }) => RUN_STATES.indexOf(state)),
    notebooks: Uint8Array.from(runs, ({ notebook }) => Number(notebook)),
    parameters: parametersOf(runs, columns),
    metrics,
    reasons: runs.flatMap(({ reason }, run) => (reason === undefined ? [] : [{ run, text: shortened(reason) }])),
    curves: [],
    stepsPerEpoch: Int32Array.from(runs, ({ stepsPerEpoch }) => stepsPerEpoch),
    notes: [...input.notes],
  };
  if (input.place !== undefined) view.place = input.place;
  const metric = chosenMetric(input, metrics);
  if (metric !== undefined) view.metric = metric;
  if (metric !== undefined) view.notes.push(...notFiniteNotes(input, metrics, reported.values()));
  else if (reported.size > 0) view.noneFinite = true;
  const rest = JSON.stringify(encodeSweep(view)).length;
  const room = Math.max(CURVES_ROOM, ROOM - PICTURES_ROOM - rest);
  const { curves, left: terms } = curvesOnGrid(
    runs.map((run) => run.curves),
    {
      numbers: Math.floor((room * 3) / 16),
      lastStep: Math.max(1, ...runs.map(({ lastStep }) => lastStep)),
      allRuns: running,
    },
  );
  view.curves = curves;
  if (left.length > 0) view.notes.push(`Metrics left out to save space: ${left.join(', ')}.`);
  if (terms.length > 0) view.notes.push(`Curves left out to save space: ${terms.join(', ')}.`);
  view.summary = summarize(view);
  return view;
}

/** @param pictures what the models of runs make of samples */
export function encodeSweep(sweep: PlainSweep, pictures: readonly RunPicture[] = []): SweepView {
  const { parameters, metrics, curves, numbers, states, notebooks, stepsPerEpoch, running, ...rest } = sweep;
  return {
    ...rest,
    ...(running && { running }),
    numbers: encode('int32', numbers),
    states: encode('uint8', states),
    notebooks: encode('uint8', notebooks),
    stepsPerEpoch: encode('int32', stepsPerEpoch),
    parameters: parameters.map(({ places, ...one }) => ({ ...one, ...encodedPlaces(places, one.values.length) })),
    metrics: metrics.map(({ values, ...one }) => ({ ...one, values: encode('float32', values) })),
    curves: curves.map(({ name, split, stride, runs, values, points }) => ({
      ...{ name, split, stride, runs: encode('int32', runs) },
      values: encode('float32', values, [runs.length, points]),
    })),
    pictures: [...pictures],
  };
}

function encodedPlaces(places: Int32Array, values: number): { places?: EncodedArray } {
  if (places.length === values && places.every((place, i) => place === i)) return {};
  return { places: encodeIndices(places) };
}

/**
 * The best run by each metric whose way is known, that of the view's own metric first; without repetitions. Where the way of
 * the view's own metric is not known, its lowest and its highest run: the reader says which of them is best.
 */
export function bestRuns({ metrics, metric, count }: PlainSweep): { run: number; metric: string }[] {
  const order = [...metrics].sort((a, b) => Number(b.name === metric) - Number(a.name === metric));
  const all = Array.from({ length: count }, (_, i) => i);
  const found = new Map<number, string>();
  for (const { name, better, values } of order) {
    if (name === 'seconds' || (better === null && name !== metric)) continue;
    for (const way of better === null ? (['lower', 'higher'] as const) : [better]) {
      const [best] = ranked(values, way, all);
      if (best !== undefined && !found.has(best)) found.set(best, name);
    }
  }
  return [...found].map(([run, name]) => ({ run, metric: name }));
}

function parametersOf(runs: readonly SweepRunInput[], columns: SweepColumns): PlainParameter[] {
  const swept = [...columns.parameters].filter(([name]) => name !== 'seed');
  const found = swept.map(([name, column]) =>
    distinct(
      column,
      runs.map(({ parameters }) => parameters[name]),
    ),
  );
  const seeds = distinct(
    'seed',
    runs.map(({ seed, parameters }) => seed ?? parameters['seed']),
  );
  return [...found, ...(seeds.values.length > 0 ? [{ ...seeds, seed: true as const }] : [])];
}

function distinct(name: string, given: readonly unknown[]): PlainParameter {
  const values: (number | string | boolean)[] = [];
  const known = new Map<number | string | boolean, number>();
  const places = given.map((one) => {
    if (one === undefined || one === null) return -1;
    const value = asValue(one);
    if (!known.has(value)) known.set(value, values.push(value) - 1);
    return known.get(value)!;
  });
  const isMany = values.length > MANY;
  const told = isMany
    ? values.map((value) => (typeof value === 'number' ? Number(value.toPrecision(DIGITS)) : value))
    : values;
  return { name, values: told, places: Int32Array.from(places, (place) => (place < 0 ? values.length : place)) };
}

/** More values than these were drawn at random: each keeps so many digits. */
const MANY = 200;
const DIGITS = 9;

function asValue(value: unknown): number | string | boolean {
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string') return value;
  return JSON.stringify(value) ?? String(value);
}

/** With the metrics that are asked for called as their columns are. */
function withColumnNames(input: SweepInput, reported: ReadonlyMap<string, string>): SweepInput {
  const columnOf = (name: string) => reported.get(name) ?? name;
  const { metric } = input;
  return {
    ...input,
    metrics: input.metrics.map((one) => ({ ...one, name: columnOf(one.name) })),
    metric: metric === undefined ? undefined : columnOf(metric),
  };
}

function metricsOf(
  { runs, metrics }: SweepInput,
  reported: ReadonlyMap<string, string>,
): { metrics: PlainMetric[]; left: string[] } {
  const named = metrics.map(({ name }) => name);
  const measured = [...reported.values()].filter((name) => !named.includes(name));
  const own = new Map([...reported].map(([name, column]) => [column, name]));
  // What cells report has names without a split.
  const split = (name: string) => (name.startsWith('train.') ? 2 : name.startsWith('validation.') ? 1 : 0);
  const others = measured.sort((a, b) => split(a) - split(b));
  const most = Math.max(named.length, 4, Math.floor(METRIC_NUMBERS / Math.max(1, runs.length)));
  const names = [...named, ...others].filter((name) => name !== 'seconds');
  const kept = names.slice(0, most);
  const columns = kept.map((name): PlainMetric => ({
    name,
    better: metrics.find((one) => one.name === name)?.better ?? wayOfMetric(name),
    values: Float32Array.from(runs, (run) => run.metrics[own.get(name) ?? name] ?? NaN),
  }));
  const seconds = Float32Array.from(runs, (run) => run.seconds ?? NaN);
  return { metrics: [...columns, { name: 'seconds', better: 'lower', values: seconds }], left: names.slice(most) };
}

function chosenMetric({ metric, metrics: named }: SweepInput, metrics: readonly PlainMetric[]): string | undefined {
  const isThere = (name: string | undefined) =>
    name !== undefined && metrics.some((one) => one.name === name && one.values.some(Number.isFinite));
  const usual = [metric, ...named.map(({ name }) => name), 'validation.total'];
  return (
    usual.find(isThere) ?? metrics.find(({ name, values }) => name !== 'seconds' && values.some(Number.isFinite))?.name
  );
}

/** Metrics that the sweep or the reader names, and that have been reported without a finite value. */
function notFiniteNotes({ metrics: named }: SweepInput, metrics: readonly PlainMetric[], reported: Iterable<string>) {
  const isReported = new Set(reported);
  return named
    .filter(({ name }) => isReported.has(name))
    .filter(({ name }) => metrics.some((one) => one.name === name && !one.values.some(Number.isFinite)))
    .map(({ name }) => `No value of ${name} is finite.`);
}

/** Characters of a reason. */
const REASON = 300;

const shortened = (text: string) => (text.length > REASON ? `${text.slice(0, REASON)}…` : text);
