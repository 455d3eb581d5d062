/** What points of a scatter are coloured by: one rule for the live figure and for pictures. */
import { scaleRange } from './colourScale';
import type { Interval } from '../extent';

/** What a view holds that its points can be coloured by, decoded. */
export interface Colourable {
  /** [n · d] row-major. */
  points: ArrayLike<number>;
  dimensions: readonly string[];
  labels: ArrayLike<number> | null;
  classNames: readonly string[];
  columns: readonly { name: string; values: ArrayLike<number>; categories?: readonly string[] | undefined }[];
}

export type Colouring = Groups | Scale | { kind: 'plain'; name: '' };

/** Categories, each with a colour and a mark. */
export interface Groups {
  kind: 'groups';
  /** `class`, or the name of the column. */
  name: string;
  /** What each group is in the data: a label, or the index of a category; NaN for points without one. */
  labels: number[];
  names: string[];
  /** [n] index of its group. */
  groupOf: Int32Array;
}

/** Numbers on a continuous scale. */
export interface Scale {
  kind: 'scale';
  name: string;
  /** [n] */
  values: Float32Array;
  /** What the scale spans: a few far values lie beyond it. */
  range: Interval;
}

export const CLASS = 'class';
export const NORM = 'norm';
/** Dimensions that are offered; of a map of codes nobody looks for one of thousands. */
const MOST_DIMENSIONS = 64;

/** Names of all that there is to colour by, in the order in which it is offered. */
export function colourNames({ dimensions, labels, columns }: Colourable): string[] {
  const own = dimensions.length <= MOST_DIMENSIONS ? dimensions : [];
  return [...(labels ? [CLASS] : []), ...columns.map(({ name }) => name), NORM, ...own];
}

/** How a name is written: `‖z‖`. */
export const colourText = (name: string) => (name === NORM ? '‖z‖' : name);

/** @param by one of {@link colourNames}; what there is not is the class, or one colour where that is not known */
export function colouringOf(data: Colourable, by: string | undefined): Colouring {
  const column = data.columns.find(({ name }) => name === by);
  if (column?.categories) return categories(column.name, column.values, column.categories);
  if (column) return scale(column.name, Float32Array.from(column.values));
  const d = data.dimensions.length;
  const n = data.points.length / d;
  if (by === NORM)
    return scale(
      NORM,
      Float32Array.from({ length: n }, (_, i) => normAt(data.points, i, d)),
    );
  const dimension = data.dimensions.indexOf(by ?? '');
  if (dimension >= 0 && by !== CLASS)
    return scale(
      by!,
      Float32Array.from({ length: n }, (_, i) => data.points[i * d + dimension]!),
    );
  return data.labels ? classes(data.labels, data.classNames) : { kind: 'plain', name: '' };
}

function scale(name: string, values: Float32Array): Scale {
  return { kind: 'scale', name, values, range: scaleRange(values) };
}

function normAt(points: ArrayLike<number>, i: number, d: number): number {
  let square = 0;
  for (let j = 0; j < d; j++) square += points[i * d + j]! ** 2;
  return Math.sqrt(square);
}

/** In the order of their labels; those that no point has keep their place among the colours. */
function classes(labels: ArrayLike<number>, names: readonly string[]): Groups {
  const found = [...new Set(Array.from(labels))].sort((a, b) => a - b);
  const all = names.length > 0 ? [...names.keys(), ...found.filter((label) => label < 0 || label >= names.length)] : found; // prettier-ignore
  return groups(
    CLASS,
    labels,
    all,
    all.map((label) => names[label] ?? String(label)),
  );
}

function categories(name: string, values: ArrayLike<number>, names: readonly string[]): Groups {
  const lacks = Array.from(values).some((value) => !Number.isFinite(value));
  const labels = [...names.keys(), ...(lacks ? [NaN] : [])];
  return groups(name, values, labels, [...names, ...(lacks ? ['no value'] : [])]);
}

function groups(name: string, values: ArrayLike<number>, labels: number[], names: string[]): Groups {
  const indexOf = new Map(labels.map((label, i) => [label, i]));
  return { kind: 'groups', name, labels, names, groupOf: Int32Array.from(values, (value) => indexOf.get(value) ?? 0) };
}
