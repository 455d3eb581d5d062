/** A panel of a sweep as plain data, in the units of its axes: one description for the live panel, files and saved pictures. */
import type { Tick } from '../../ticks';
import type { Column } from '../data';
import { distinctNumbers, ticksOf } from './scale';
import type { ColumnScale } from './scale';

export interface ChartAxis {
  title: string;
  range: readonly [low: number, high: number];
  /** @param count how many there is room for, about */
  ticks(range: readonly [number, number], count: number): Tick[];
}

export interface ChartLine {
  name: string;
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  colour: string;
  width: number;
}

export interface ChartBand {
  name: string;
  x: ArrayLike<number>;
  low: ArrayLike<number>;
  high: ArrayLike<number>;
  colour: string;
}

/** A spread at one place. */
export interface ErrorBar {
  x: number;
  low: number;
  middle: number;
  high: number;
  colour: string;
}

/** A run where it stands, or a point of its curve. */
export interface ChartPoint {
  run: number;
  x: number;
  y: number;
  colour: string;
}

export interface Chart {
  x: ChartAxis;
  y: ChartAxis;
  bands: ChartBand[];
  lines: ChartLine[];
  bars: ErrorBar[];
  points: ChartPoint[];
  /** Words beside points, the first ones first where there is no room for all. */
  labels: { x: number; y: number; text: string }[];
  /** Why there is nothing to see; absent where there is something. */
  empty?: string;
}

/** Room about what is shown, as a share of it. */
const MARGIN = 0.06;

/** From the least to the greatest finite number, with some room about them. */
export function rangeOf(values: Iterable<number>, margin = MARGIN): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return [0, 1];
  const room = margin * (high - low || Math.abs(high) || 1);
  return [low - room, high + room];
}

/** An axis of a column's values, as far as these places. */
export function columnAxis(column: Column, scale: ColumnScale, places: Iterable<number>): ChartAxis {
  const distinct = column.kind === 'metric' ? [] : distinctNumbers(column);
  return {
    title: column.name,
    range: scale.kind === 'category' ? [scale.low, scale.high] : rangeOf(places),
    ticks: (range, count) => ticksOf(scale, range, count, distinct),
  };
}
