/** Latent points with their classes, decoded. */
import * as z from 'zod/mini';
import type { LatentScatterView, SampleShape } from '../../../kernel/views/types';
import { decode, encodedArray, sampleShape, splitSamples, viewBase } from '../../data';
import type { TypedArray } from '../../data';
import type { Cell, TableData } from '../../figure/table';
import { norm } from '../../numbers';

export const latentScatterSchema: z.ZodMiniType<LatentScatterView> = z.object({
  ...viewBase,
  points: encodedArray,
  totalPoints: z.number(),
  indices: z.optional(encodedArray),
  dimensions: z.array(z.string()),
  labels: z.nullable(encodedArray),
  classNames: z.array(z.string()),
  sampleShape,
  decodes: z.boolean(),
  grid: z.nullable(z.object({ xs: z.array(z.number()), ys: z.array(z.number()), samples: encodedArray })),
});

export interface LatentData {
  n: number;
  d: number;
  /** [n · d] row-major. */
  points: TypedArray;
  /** [n] which point of the data set each one is; null where that is its place here. */
  indices: TypedArray | null;
  dimensions: string[];
  /** [n] as the view has them, or null when the points have none. */
  labels: TypedArray | null;
  /** [n] index into `classes`, or null when the points have no labels. */
  classOf: Int32Array | null;
  classes: LatentClass[];
  shape: SampleShape;
  decodes: boolean;
  grid: LatentGrid | null;
}

export interface LatentClass {
  label: number;
  name: string;
  count: number;
}

export interface LatentGrid {
  xs: number[];
  ys: number[];
  samples: TypedArray[];
}

/** @throws RangeError when arrays and their declared lengths disagree */
export function readLatents(view: LatentScatterView): LatentData {
  const [n = 0, d = 0] = view.points.shape;
  const points = decode(view.points);
  if (d !== view.dimensions.length || d === 0) {
    throw new RangeError(`points of ${d} dimensions and ${view.dimensions.length} names for them`);
  }
  const labels = view.labels === null ? null : decode(view.labels);
  if (labels !== null && labels.length !== n) throw new RangeError(`${labels.length} labels for ${n} points`);
  const indices = view.indices ? decode(view.indices) : null;
  if (indices !== null && indices.length !== n) throw new RangeError(`${indices.length} indices for ${n} points`);
  return {
    n,
    d,
    points,
    indices,
    dimensions: view.dimensions,
    labels,
    ...classify(labels, view.classNames),
    shape: view.sampleShape,
    decodes: view.decodes,
    grid: readGrid(view),
  };
}

/** Classes in the order of their labels; those that no point has are left out, but keep their place among the colours. */
function classify(labels: TypedArray | null, names: string[]): Pick<LatentData, 'classOf' | 'classes'> {
  if (labels === null) return { classOf: null, classes: [] };
  const found = [...new Set(labels)].sort((a, b) => a - b);
  const named = names.length > 0;
  const all = named ? [...names.keys(), ...found.filter((label) => label < 0 || label >= names.length)] : found;
  const indexOf = new Map(all.map((label, i) => [label, i]));
  const classes = all.map((label): LatentClass => ({ label, name: names[label] ?? String(label), count: 0 }));
  const classOf = Int32Array.from(labels, (label) => indexOf.get(label) ?? 0);
  for (const index of classOf) classes[index]!.count++;
  return { classOf, classes };
}

function readGrid({ grid, sampleShape: shape }: LatentScatterView): LatentGrid | null {
  if (grid === null) return null;
  const samples = splitSamples(grid.samples, shape);
  if (samples.length !== grid.xs.length * grid.ys.length) {
    throw new RangeError(`${samples.length} grid samples for ${grid.xs.length} × ${grid.ys.length} coordinates`);
  }
  return { xs: grid.xs, ys: grid.ys, samples };
}

/** The coordinates of one point. */
export function pointAt({ points, d }: LatentData, index: number): number[] {
  return Array.from(points.subarray(index * d, (index + 1) * d));
}

/** Which point of the data set it is. */
export function indexOf({ indices }: Pick<LatentData, 'indices'>, point: number): number {
  return indices?.[point] ?? point;
}

export function classNameOf({ classOf, classes }: LatentData, index: number): string | undefined {
  return classOf === null ? undefined : classes[classOf[index]!]?.name;
}

/** The grid cell next to a latent point, in the first two dimensions. */
export function nearestCell(grid: LatentGrid, z: ArrayLike<number>): { z: [number, number]; sample: TypedArray } {
  const column = nearestIndex(grid.xs, z[0]!);
  const row = nearestIndex(grid.ys, z[1]!);
  return { z: [grid.xs[column]!, grid.ys[row]!], sample: grid.samples[row * grid.xs.length + column]! };
}

function nearestIndex(values: number[], at: number): number {
  let best = 0;
  values.forEach((value, i) => {
    if (Math.abs(value - at) < Math.abs(values[best]! - at)) best = i;
  });
  return best;
}

/** One row a point. */
export function latentTable(data: LatentData): TableData {
  const labelled = data.classOf !== null;
  return {
    columns: ['point', ...(labelled ? ['class'] : []), ...data.dimensions, 'norm'],
    rows: data.n,
    row: (i): Cell[] => {
      const z = pointAt(data, i);
      return [indexOf(data, i), ...(labelled ? [classNameOf(data, i) ?? ''] : []), ...z, norm(z)];
    },
  };
}
