/** The columns of a sweep as plain values: what tables, filters and panels work on. */
import type { EncodedArray } from '../types';
import { RUN_STATES } from '../types';
import type { Better, RunChange, RunState, SweepView } from '../types';

export type Value = number | string | boolean | null;

export interface Column {
  name: string;
  kind: 'run' | 'state' | 'parameter' | 'seed' | 'metric';
  /** The better way of a metric; null for other columns. */
  better: Better;
  /** [n]; null if a run has none. */
  values: readonly Value[];
}

export interface DataCurve {
  name: string;
  split: 'train' | 'validation';
  stride: number;
  /** Places of the runs, ascending. */
  runs: ArrayLike<number>;
  /** [m, p] */
  values: ArrayLike<number>;
  points: number;
}

export interface SweepData {
  count: number;
  numbers: ArrayLike<number>;
  states: readonly RunState[];
  notebooks: readonly boolean[];
  reasons: ReadonlyMap<number, string>;
  /** `run`, `state`, the parameters, the seed, the metrics. */
  columns: readonly Column[];
  curves: readonly DataCurve[];
  stepsPerEpoch: ArrayLike<number>;
}

type Decode = (array: EncodedArray) => ArrayLike<number>;

/** @throws RangeError when a column has not as many values as there are runs */
export function sweepData(view: SweepView, decode: Decode): SweepData {
  const { count } = view;
  const column = (name: string, array: EncodedArray) => {
    const values = decode(array);
    if (values.length !== count) throw new RangeError(`${name}: ${values.length} values of ${count} runs`);
    return values;
  };
  const numbers = column('numbers', view.numbers);
  const states = Array.from(column('states', view.states), stateOf);
  const parameters = view.parameters.map(({ name, seed, values, places }): Column => ({
    ...{ name, kind: seed ? 'seed' : 'parameter', better: null },
    values: places ? Array.from(column(name, places), (place) => values[place] ?? null) : own(name, values, count),
  }));
  const metrics = view.metrics.map(({ name, better, values }): Column => ({
    ...{ name, kind: 'metric', better, values: Array.from(column(name, values), shortest) },
  }));
  const first: Column[] = [
    { name: 'run', kind: 'run', better: null, values: Array.from(numbers) },
    { name: 'state', kind: 'state', better: null, values: states },
  ];
  return {
    ...{ count, numbers, states, columns: [...first, ...parameters, ...metrics] },
    notebooks: Array.from(column('notebooks', view.notebooks), (one) => one === 1),
    reasons: new Map(view.reasons.map(({ run, text }) => [run, text])),
    curves: view.curves.map(({ name, split, stride, runs, values }) => {
      const [places, numbersOf] = [decode(runs), decode(values)];
      const points = places.length === 0 ? 0 : numbersOf.length / places.length;
      if (!Number.isInteger(points))
        throw new RangeError(`${name}: ${numbersOf.length} values of ${places.length} runs`);
      return { name, split, stride, runs: places, values: numbersOf, points };
    }),
    stepsPerEpoch: column('steps per epoch', view.stepsPerEpoch),
  };
}

/** What is known, with the runs that have changed. */
export function changedData(data: SweepData, changes: readonly RunChange[], decode: Decode): SweepData {
  const states = [...data.states];
  const notebooks = [...data.notebooks];
  const reasons = new Map(data.reasons);
  const metrics = data.columns.filter(({ kind }) => kind === 'metric').map(({ values }) => [...values]);
  const steps = Array.from(data.stepsPerEpoch);
  const curves = data.curves.map((curve) => ({ ...curve, values: Float32Array.from(curve.values) }));
  for (const change of changes) {
    const { run } = change;
    if (!(run < data.count)) throw new RangeError(`there is no run at ${run}`);
    states[run] = stateOf(change.state);
    notebooks[run] = change.notebook;
    steps[run] = change.stepsPerEpoch;
    if (change.reason === undefined) reasons.delete(run);
    else reasons.set(run, change.reason);
    metrics.forEach((values, m) => (values[run] = shortest(change.metrics[m] ?? NaN)));
    for (const { curve: index, values } of change.curves) {
      const curve = curves[index];
      const row = curve ? placeIn(curve.runs, run) : -1;
      const numbers = decode(values);
      if (!curve || row < 0 || numbers.length !== curve.points)
        throw new RangeError(`the curve ${index} of the run at ${run} does not fit`);
      curve.values.set(Float32Array.from(numbers), row * curve.points);
    }
  }
  let metric = 0;
  const columns = data.columns.map((column): Column => {
    if (column.kind === 'state') return { ...column, values: states };
    return column.kind === 'metric' ? { ...column, values: metrics[metric++]! } : column;
  });
  return { ...data, states, notebooks, reasons, columns, curves, stepsPerEpoch: steps };
}

/** The index of a run among those of a curve, or −1. */
export function placeIn(runs: ArrayLike<number>, run: number): number {
  let [low, high] = [0, runs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (runs[middle]! < run) low = middle + 1;
    else high = middle;
  }
  return runs[low] === run ? low : -1;
}

export const columnOf = (data: SweepData, name: string | undefined): Column | undefined =>
  data.columns.find((column) => column.name === name);

/** The numbers of a column; NaN where a run has none. */
export function numbersOf(column: Column): Float64Array {
  return Float64Array.from(column.values, (value) => (typeof value === 'number' ? value : NaN));
}

function own(name: string, values: readonly Value[], count: number): readonly Value[] {
  if (values.length !== count) throw new RangeError(`${name}: ${values.length} values of ${count} runs`);
  return values;
}

const stateOf = (index: number): RunState => RUN_STATES[index] ?? 'waiting';

/** A float32 in as few digits as tell it from its neighbours; null if it is not finite. */
function shortest(value: number): number | null {
  if (!Number.isFinite(value)) return null;
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === Math.fround(value)) return short;
  }
  return value;
}
