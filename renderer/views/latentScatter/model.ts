/** Latent points with their classes, decoded. */
import type { Group } from '../../../kernel/figures/scatter/legend';
import type { LatentGrid as SharedGrid } from '../../../kernel/figures/scatter/mosaic';
import * as z from '../../schema';
import type {
  ColourColumn,
  LatentFrames,
  LatentScatterView,
  Projections,
  SampleShape,
} from '../../../kernel/views/types';
import { decode, encodedArray, sampleShape, splitSamples, viewBase } from '../../data';
import type { TypedArray } from '../../data';
import { withRows } from '../../figure/tableData';
import type { Cell, TableData } from '../../figure/table';
import { norm } from '../../numbers';
import { CLASS } from '../../../kernel/views/scatter/colouring';
import { paintOf } from './colour/paint';

/** A value for each point. */
export const colourColumnSchema: z.Schema<ColourColumn> = z.object({
  name: z.string(),
  values: encodedArray,
  categories: z.optional(z.array(z.string())),
});

export const projectionsSchema: z.Schema<Projections> = z.object({
  pca: z.optional(
    z.object({ mean: encodedArray, directions: encodedArray, scores: encodedArray, shares: encodedArray }),
  ),
  umap: z.optional(z.object({ places: encodedArray })),
  umap3: z.optional(z.object({ places: encodedArray })),
});

const framesSchema: z.Schema<LatentFrames> = z.object({
  rows: encodedArray,
  followed: z.optional(z.number()),
  epochs: z.array(z.number()),
  steps: z.array(z.number()),
  stride: z.number(),
  latents: encodedArray,
  aligned: z.optional(encodedArray),
});

/** What is new of a live scatter. */
export interface ScatterChange {
  /** How much of a projection the kernel has computed, from 0 to 1. */
  projected?: number | undefined;
  /** Steps that the model has been trained since the view was made. */
  newer?: number | undefined;
}

export const scatterChangeSchema: z.Schema<ScatterChange> = z.object({
  projected: z.optional(z.number()),
  newer: z.optional(z.number()),
});

export const latentScatterSchema: z.Schema<LatentScatterView> = z.object({
  ...viewBase,
  points: encodedArray,
  totalPoints: z.number(),
  indices: z.optional(encodedArray),
  dimensions: z.array(z.string()),
  labels: z.nullable(encodedArray),
  classNames: z.array(z.string()),
  sampleShape,
  decodes: z.boolean(),
  colours: z.optional(z.array(colourColumnSchema)),
  liveColours: z.optional(z.array(z.string())),
  colourBy: z.optional(z.string()),
  projections: z.optional(projectionsSchema),
  data: z.optional(z.string()),
  trained: z.optional(z.object({ steps: z.number(), epochs: z.number() })),
  frames: z.optional(framesSchema),
  space: z.optional(z.enum(['latent', 'pca', 'umap'])),
  turn: z.optional(z.object({ third: z.number(), yaw: z.number(), pitch: z.number() })),
  grid: z.nullable(z.object({ xs: z.array(z.number()), ys: z.array(z.number()), samples: encodedArray })),
});

export interface LatentData {
  /** What data the points are of; undefined: nobody knows. */
  of: string | undefined;
  n: number;
  d: number;
  /** [n · d] row-major. */
  points: TypedArray;
  /** [n] which point of the data set each one is; null if that is its place here. */
  indices: TypedArray | null;
  dimensions: string[];
  /** [n] as the view has them, or null when the points have none. */
  labels: TypedArray | null;
  classNames: string[];
  /** [n] index into `classes`, or null when the points have no labels. */
  classOf: Int32Array | null;
  classes: Group[];
  /** What they can be coloured by; grows by what the live kernel gives. */
  columns: { name: string; values: TypedArray; categories?: string[] | undefined }[];
  liveColours: string[];
  colourBy: string | undefined;
  /** What was projected when the view was built, and the space that is shown at first. */
  projections: Projections;
  space: string | undefined;
  shape: SampleShape;
  decodes: boolean;
  grid: LatentGrid | null;
}

export type LatentGrid = SharedGrid & { samples: readonly TypedArray[] };

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
  const columns = (view.colours ?? []).map((column) => ({ ...column, values: decode(column.values) }));
  const short = columns.find(({ values }) => values.length !== n);
  if (short) throw new RangeError(`colours “${short.name}”: ${short.values.length} values for ${n} points`);
  const colourable = { points, dimensions: view.dimensions, labels, classNames: view.classNames, columns };
  const classes = paintOf({ ...colourable, columns: [] }, CLASS);
  return {
    of: view.data,
    n,
    d,
    indices,
    ...colourable,
    classOf: classes.kind === 'groups' ? classes.groupOf : null,
    classes: classes.groups,
    liveColours: view.liveColours ?? [],
    colourBy: view.colourBy,
    projections: view.projections ?? {},
    space: view.space,
    shape: view.sampleShape,
    decodes: view.decodes,
    grid: readGrid(view),
  };
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

/**
 * One row a point.
 *
 * @param selected [n], 1 for points that are selected; null: none are
 */
export function latentTable(data: LatentData, selected: Uint8Array | null): TableData {
  const labelled = data.classOf !== null;
  const { columns } = data;
  const value = ({ values, categories }: (typeof columns)[number], i: number): Cell => {
    const one = values[i]!;
    return categories ? (categories[one] ?? null) : Number.isFinite(one) ? one : null;
  };
  const table: TableData = {
    columns: [
      'row',
      ...(labelled ? ['class'] : []),
      ...data.dimensions,
      'norm',
      ...columns.map(({ name }) => name),
      ...(selected ? ['selected'] : []),
    ],
    rows: data.n,
    row: (i): Cell[] => {
      const z = pointAt(data, i);
      return [
        indexOf(data, i),
        ...(labelled ? [classNameOf(data, i) ?? ''] : []),
        ...z,
        norm(z),
        ...columns.map((column) => value(column, i)),
        ...(selected ? [selected[i] === 1 ? 'yes' : 'no'] : []),
      ];
    },
  };
  return withRows(table, data.of, (i) => indexOf(data, i));
}
