/** Where the values of a column stand on an axis: evenly, by their logarithms, or one after the other. */
import { linearTicks, logTicks } from '../../ticks';
import type { Tick } from '../../ticks';
import type { Column, Value } from '../data';
import { valueText } from '../settings';

export interface ColumnScale {
  kind: 'linear' | 'log' | 'category';
  /** In axis units: the value, its log10, or its index among the categories. */
  low: number;
  high: number;
  /** The values in their order, where some are no numbers. */
  categories: readonly Value[];
}

/** A parameter spans decades from here on, and a metric, which nobody has chosen to lie evenly, from there on. */
const SPAN = 10;
const METRIC_SPAN = 300;
/** A grid of equal ratios has a logarithmic axis from here on. */
const GEOMETRIC_SPAN = 4;
/** More distinct values are not looked at one by one. */
const GRID = 40;

export function scaleOf(column: Column): ColumnScale {
  const present = column.values.filter((value) => value !== null);
  const numbers = present.filter((value) => typeof value === 'number');
  if (numbers.length < present.length) {
    const categories = [...new Set(present)].sort(byOrder);
    return { kind: 'category', low: -0.5, high: Math.max(0.5, categories.length - 0.5), categories };
  }
  const distinct = [...new Set(numbers)].sort((a, b) => a - b);
  const spans = column.kind === 'metric' ? wide(distinct) : spansDecades(distinct);
  const kind = spans ? 'log' : 'linear';
  const unit = (value: number) => (kind === 'log' ? Math.log10(value) : value);
  const [low, high] = [unit(distinct[0] ?? 0), unit(distinct.at(-1) ?? 1)];
  const margin = high > low ? 0 : kind === 'log' ? 0.5 : Math.abs(low) / 2 || 0.5;
  return { kind, low: low - margin, high: high + margin, categories: [] };
}

/** In axis units; NaN where there is none, and below 0 on a log axis. */
export function placeOf(scale: ColumnScale, value: Value): number {
  if (value === null) return NaN;
  if (scale.kind === 'category') {
    const place = scale.categories.indexOf(value);
    return place < 0 ? NaN : place;
  }
  if (typeof value !== 'number') return NaN;
  return scale.kind === 'log' ? Math.log10(value) : value;
}

export function placesOf(scale: ColumnScale, { values }: Column): Float64Array {
  return Float64Array.from(values, (value) => placeOf(scale, value));
}

/**
 * Ticks between two places of an axis, in axis units.
 *
 * @param distinct values of a parameter: where they are few, they are the ticks
 */
export function ticksOf(
  scale: ColumnScale,
  [low, high]: readonly [number, number],
  count: number,
  distinct: readonly number[] = [],
): Tick[] {
  if (scale.kind === 'category')
    return scale.categories
      .map((value, i) => ({ value: i, text: valueText(value) }))
      .filter(({ value }) => value >= low && value <= high);
  const shown = distinct.filter((value) => placeOf(scale, value) >= low && placeOf(scale, value) <= high);
  if (shown.length > 0 && shown.length <= count && isApart(scale, shown, (high - low) / (1.5 * count)))
    return shown.map((value) => ({ value: placeOf(scale, value), text: valueText(value) }));
  if (scale.kind === 'linear') return linearTicks(low, high, count);
  return decadeTicks(low, high, count).map(({ value, text }) => ({ value: Math.log10(value), text }));
}

/** Where there is room, 1, 2 and 5 of each decade. */
function decadeTicks(low: number, high: number, count: number): Tick[] {
  const first = Math.floor(low);
  const decades = Array.from({ length: Math.max(1, Math.floor(high) - first + 1) }, (_, i) => first + i);
  const values = decades
    .flatMap((decade) => [1, 2, 5].map((digit) => Number(`${digit}e${decade}`)))
    .filter((value) => Math.log10(value) >= low - 1e-9 && Math.log10(value) <= high + 1e-9);
  // Within half a decade, and over many, others are rounder.
  if (values.length < 3 || values.length > count + 3) return logTicks(10 ** low, 10 ** high, count);
  return values.map((value) => ({ value, text: valueText(value) }));
}

/** The distinct numbers of a column, ascending. */
export function distinctNumbers({ values }: Column): number[] {
  return [...new Set(values.filter((value) => typeof value === 'number'))].sort((a, b) => a - b);
}

function isApart(scale: ColumnScale, values: readonly number[], least: number): boolean {
  return values.every((value, i) => i === 0 || placeOf(scale, value) - placeOf(scale, values[i - 1]!) >= least);
}

/**
 * Positive numbers over a decade or more that lie more evenly by their logarithms. The gaps of a grid say so, and the
 * middle one of many drawn numbers.
 */
function spansDecades(ascending: readonly number[]): boolean {
  const [low, high] = [ascending[0] ?? 0, ascending.at(-1) ?? 0];
  if (low <= 0 || high / low < GEOMETRIC_SPAN) return false;
  const isFew = ascending.length > 2 && ascending.length <= GRID;
  if (high / low < SPAN) return isFew && unevenness(ascending.map(Math.log)) < 1.01;
  if (ascending.length <= 2) return high / low >= SPAN ** 2;
  if (ascending.length > GRID) {
    const middle = ascending[ascending.length >> 1]!;
    const share = (at: number, from: number, to: number) => Math.abs((at - from) / (to - from) - 0.5);
    return share(Math.log(middle), Math.log(low), Math.log(high)) < share(middle, low, high);
  }
  return unevenness(ascending.map(Math.log)) < unevenness(ascending);
}

function wide(ascending: readonly number[]): boolean {
  const low = ascending[0] ?? 0;
  return low > 0 && ascending.at(-1)! / low >= METRIC_SPAN;
}

/** The largest gap by the mean one. */
function unevenness(ascending: readonly number[]): number {
  const gaps = ascending.slice(1).map((value, i) => value - ascending[i]!);
  return (Math.max(...gaps) * gaps.length) / gaps.reduce((sum, gap) => sum + gap, 0);
}

function byOrder(a: Value, b: Value): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b), 'en', { numeric: true });
}
