/** What the axes of a figure span: all that is finite, with a margin; 0 where bars stand on it. */
import type { FigureData, LayerData } from './data';
import { spanOf } from '../span';

export type Range = readonly [low: number, high: number];

/** Which axes are logarithmic, and which layers are not shown. */
export interface FigureChoices {
  logX: boolean;
  logY: boolean;
  /** Indices of layers; of groups of points as `layer group`. */
  hidden: ReadonlySet<string>;
}

const MARGIN = 0.045;

/** In axis units: log10 of the value on a log axis. */
export function wholeRanges(data: FigureData, choices: FigureChoices): { x: Range; y: Range } {
  const shown = data.layers.filter((_, i) => !choices.hidden.has(String(i)));
  const layers = shown.length > 0 ? shown : data.layers;
  const lines = (axis: 'x' | 'y') => data.lines.filter((line) => line.axis === axis).map(({ value }) => value);
  const isTight = layers.some(({ kind }) => kind === 'surface');
  const x = spanned([...layers.flatMap(xOf), lines('x')], choices.logX, isTight ? 0 : MARGIN / 1.5);
  const y = spanned([...layers.flatMap(yOf), lines('y')], choices.logY, isTight ? 0 : MARGIN);
  // Bars stand on their axis.
  const hasBars = layers.some(({ kind }) => kind === 'bars') && !choices.logY;
  return { x, y: hasBars ? [y[0] < 0 && spanOf(...layers.flatMap(yOf))[0] >= 0 ? 0 : y[0], y[1]] : y };
}

function spanned(arrays: readonly ArrayLike<number>[], isLog: boolean, margin: number): Range {
  const usable = isLog ? arrays.map((values) => Array.from(values).filter((value) => value > 0)) : arrays;
  const isEmpty = !usable.some((values) => Array.prototype.some.call(values, Number.isFinite));
  const [low, high] = isEmpty ? [isLog ? 1 : 0, isLog ? 10 : 1] : spanOf(...usable);
  const [from, to] = isLog ? [Math.log10(low), Math.log10(high)] : [low, high];
  const span = to - from;
  const room = span > 0 ? margin * span : isLog ? 0.5 : Math.abs(from) * 0.1 || 1;
  return [from - room, to + room];
}

function xOf(layer: LayerData): ArrayLike<number>[] {
  if (layer.kind === 'bars') return [layer.edges];
  return layer.kind === 'surface' ? [edgesOf(layer.x)] : [layer.x];
}

function yOf(layer: LayerData): ArrayLike<number>[] {
  switch (layer.kind) {
    case 'bars':
      return [layer.heights, [0]];
    case 'surface':
      return [edgesOf(layer.y)];
    case 'points':
      return [layer.y];
    default:
      return [layer.y, ...(layer.low && layer.high ? [layer.low, layer.high] : [])];
  }
}

/** The edges of cells about points: half-way between them. */
export function edgesOf(centres: ArrayLike<number>): Float64Array {
  const n = centres.length;
  if (n === 1) return Float64Array.of(centres[0]! - 0.5, centres[0]! + 0.5);
  return Float64Array.from({ length: n + 1 }, (_, i) => {
    if (i === 0) return centres[0]! - (centres[1]! - centres[0]!) / 2;
    if (i === n) return centres[n - 1]! + (centres[n - 1]! - centres[n - 2]!) / 2;
    return (centres[i - 1]! + centres[i]!) / 2;
  });
}
