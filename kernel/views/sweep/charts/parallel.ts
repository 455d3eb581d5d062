/** Parallel coordinates: an axis for each column, a line for each run. */
import type { Tick } from '../../ticks';
import type { Column, SweepData } from '../data';
import { varying } from '../settings';
import { distinctNumbers, placesOf, scaleOf, ticksOf } from './scale';
import type { ColumnScale } from './scale';

export interface ParallelAxis {
  column: Column;
  scale: ColumnScale;
  /** [n]: from 0 at its foot to 1; NaN where a run has no value. */
  shares: Float64Array;
  /** With shares for values. */
  ticks: Tick[];
}

/** Ticks of an axis. */
const TICKS = 6;
/** Axes that are shown at first. */
const AXES = 8;
/** Values of one column that have lines through a place each: more are not told by words. */
const CATEGORIES = 12;

export function parallelAxis(column: Column): ParallelAxis {
  const scale = scaleOf(column);
  const share = (place: number) => (place - scale.low) / (scale.high - scale.low);
  const distinct = column.kind === 'metric' ? [] : distinctNumbers(column);
  const all = ticksOf(scale, [scale.low, scale.high], distinct.length <= TICKS + 2 ? TICKS + 2 : TICKS, distinct);
  const stride = Math.ceil(all.length / CATEGORIES);
  const ticks = all.filter((_, i) => i % stride === 0).map(({ value, text }) => ({ value: share(value), text }));
  return { column, scale, shares: placesOf(scale, column).map(share), ticks };
}

/** What the axes are of at first: parameters that differ, the metric that runs are ranked by, then others. */
export function usualAxes(data: SweepData, metric: string | undefined, others: readonly string[]): string[] {
  const measured = (name: string) =>
    data.columns.some((column) => column.name === name && column.values.some((value) => value !== null));
  const parameters = varying(data).map(({ name }) => name);
  const metrics = [...others, ...(metric === undefined ? [] : [metric])].filter(measured);
  const last = [...new Set(metrics)].slice(0, Math.max(2, AXES - parameters.length));
  return [...parameters.slice(0, AXES - Math.min(2, last.length)), ...last];
}

/** Whether the share of a run lies within what its axis is brushed to. */
export function isWithinBrush(share: number, [low, high]: readonly [number, number]): boolean {
  return share >= low - 1e-9 && share <= high + 1e-9;
}
