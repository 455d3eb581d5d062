/** What a sweep's panels show at first: in the live view, in saved pictures and in print. */
import { columnOf } from '../data';
import type { Column, DataCurve, SweepData } from '../data';
import { frontMetrics } from '../pareto';
import { varying } from '../settings';
import type { Better, SweepView } from '../../types';
import { usualAxes } from './parallel';

export interface SweepChoices {
  /** The metric that runs are ranked by, and which way is better; null if that is not known: then none is the best. */
  metric: string | undefined;
  better: Better;
  /** The column that colours runs. */
  colour: string;
  /** The column of the x axis of the metric's panel. */
  parameter: string;
  front: readonly [x: string, y: string] | undefined;
  /** Axes of the parallel coordinates, from the left. */
  axes: readonly string[];
  /** Index of the curve. */
  curve: number;
}

export function usualChoices(view: Pick<SweepView, 'metric'>, data: SweepData): SweepChoices {
  const { metric } = view;
  const column = columnOf(data, metric);
  const measured = data.columns.filter(
    ({ kind, values }) => kind === 'metric' && values.some((value) => value !== null),
  );
  const front = frontMetrics(measured.map(({ name }) => name));
  const [first] = [...varying(data)].sort((a, b) => numeric(b) - numeric(a));
  const colour = first?.name ?? metric ?? 'state';
  return {
    ...{ metric, better: column?.better ?? null, colour, parameter: first?.name ?? 'run', front },
    axes: usualAxes(data, metric, front ?? []),
    curve: curveOfMetric(data.curves, metric),
  };
}

/** Numbers tell most on an axis. */
const numeric = ({ values }: Column) => Number(values.some((value) => typeof value === 'number'));

/** The curve that ends in the metric, or the first one. */
function curveOfMetric(curves: readonly DataCurve[], metric: string | undefined): number {
  return Math.max(
    0,
    curves.findIndex(({ name, split }) => `${split}.${name}` === metric),
  );
}
