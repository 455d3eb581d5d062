/** A traversal, decoded, and the point that the sliders stand at. */
import * as z from '../../schema';
import { besideEachOther, layoutShape } from '../../../kernel/views/pictures/layouts';
import { valueAt } from '../../../kernel/figures/traversal/places';
import type { SampleLayout, SampleShape, TraversalView } from '../../../kernel/views/types';
import { encodedArray, sampleShape, splitSamples, viewBase } from '../../data';
import type { TypedArray } from '../../data';
import type { Cell, TableData } from '../../figure/table';
import { spanOf } from '../../../kernel/figures/span';

import { sampleLayout } from '../reconstructions/schema';

export const traversalSchema: z.Schema<TraversalView> = z.object({
  ...viewBase,
  sampleShape,
  layout: z.optional(sampleLayout),
  dimensions: z.array(
    z.object({
      index: z.int().check(z.minimum(0)),
      name: z.string(),
      value: z.optional(z.number()),
      low: z.number(),
      high: z.number(),
    }),
  ),
  measure: z.optional(z.string()),
  latentDimensions: z.int().check(z.minimum(1)),
  anchors: z.array(z.object({ name: z.string(), z: z.array(z.number()) })).check(z.minLength(1)),
  steps: z.int().check(z.minimum(2)),
  samples: encodedArray,
  middle: encodedArray,
  decodes: z.boolean(),
  notes: z.array(z.string()),
});

export interface Traversal {
  view: TraversalView;
  /** As samples are drawn: of film strips, the frames beside each other. */
  shape: SampleShape;
  /** [dimensions][steps] */
  rows: TypedArray[][];
  middle: TypedArray;
  /** Least and greatest of all values, for profiles. */
  range: [number, number];
}

/** @throws RangeError when there is another number of samples than the dimensions have values */
export function readTraversal(view: TraversalView): Traversal {
  const { dimensions, steps, sampleShape: stored, layout, latentDimensions } = view;
  const all = splitSamples(view.samples, stored).map((sample) => drawn(sample, stored, layout));
  if (all.length !== dimensions.length * steps) {
    throw new RangeError(`${all.length} samples for ${dimensions.length} dimensions of ${steps} values`);
  }
  const short = view.anchors.find((anchor) => anchor.z.length !== latentDimensions);
  if (short) throw new RangeError(`the point "${short.name}" has ${short.z.length} of ${latentDimensions} dimensions`);
  const [middle = new Uint8Array()] = splitSamples(view.middle, stored).map((sample) => drawn(sample, stored, layout));
  return {
    view,
    shape: layoutShape(stored, layout),
    rows: dimensions.map((_, row) => all.slice(row * steps, (row + 1) * steps)),
    middle,
    range: stored.kind === 'vector' ? spanOf(...all) : [0, 255],
  };
}

export function drawn(sample: TypedArray, shape: SampleShape, layout: SampleLayout | undefined): TypedArray {
  return layout?.kind === 'frames' && shape.kind === 'image' ? besideEachOther(sample, shape, layout.count) : sample;
}

/** The points that the rows show around a point, as the kernel's `traversalPoints` has them; the point itself is the last. */
export function pointsAround(z: readonly number[], { dimensions, steps }: TraversalView): number[][] {
  const moved = dimensions.flatMap((dimension) =>
    Array.from({ length: steps }, (_, step) => z.with(dimension.index, valueAt(dimension, step, steps))),
  );
  return [...moved, [...z]];
}

export function traversalTable({ view }: Traversal, z: readonly number[]): TableData {
  const { dimensions, measure } = view;
  return {
    columns: ['dimension', ...(measure === undefined ? [] : [measure]), 'from', 'to', 'now'],
    rows: dimensions.length,
    row: (i): Cell[] => {
      const { name, value, low, high, index } = dimensions[i]!;
      return [name, ...(measure === undefined ? [] : [value ?? null]), low, high, z[index]!];
    },
  };
}
