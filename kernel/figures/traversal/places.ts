/** Where a traversal stands: values, steps and sizes, alike on a page and in a picture. */
import type { SampleShape, TraversalView, TraversedDimension } from '../../views/types';
import { coordinate } from '../../views/wording';

/** The value of a step. */
export function valueAt({ low, high }: TraversedDimension, step: number, steps: number): number {
  return low + ((high - low) * step) / (steps - 1);
}

/** The step next to a value. */
export function stepAt({ low, high }: TraversedDimension, value: number, steps: number): number {
  const step = Math.round(((value - low) / (high - low)) * (steps - 1));
  return Math.max(0, Math.min(steps - 1, step));
}

/** Between samples of a row, in pixels. */
export const GAP = 3;
/** The large sample. */
export const SIDE = 180;

/** Height of a sample that is so wide. */
export function heightOf(shape: SampleShape, width: number): number {
  // Beyond three times as high, it is squeezed.
  return shape.kind === 'image'
    ? Math.round(Math.min(3 * width, Math.max(4, (width * shape.height) / shape.width)))
    : Math.round(width * 0.6);
}

/** A sample of a row. */
export function cellIn(shape: SampleShape, steps: number, room: number): { width: number; height: number } {
  const width = Math.max(14, Math.min(72, Math.floor(room / steps) - GAP));
  return { width, height: heightOf(shape, width) };
}

/** The large sample. */
export function largeSize(shape: SampleShape): { width: number; height: number } {
  const isHigh = shape.kind === 'image' && shape.height > shape.width;
  const width = isHigh ? Math.round((SIDE * shape.width) / shape.height) : SIDE;
  return { width, height: heightOf(shape, width) };
}

/** The dimensions that stand elsewhere than in the point that they are moved around. */
export function movedFrom(from: readonly number[], z: readonly number[]): number[] {
  return z.flatMap((value, j) => (Math.abs(value - from[j]!) > 1e-9 ? [j] : []));
}

/** Coordinates that are written out; of more, those that were moved. */
const WRITTEN = 6;

/** `z = (0.10, −1.20), ‖z‖ = 1.20`; of many dimensions what was moved. */
export function placeText({ anchors, dimensions }: TraversalView, z: readonly number[], anchor: number): string {
  const { name, z: from } = anchors[anchor]!;
  const length = `‖z‖ = ${coordinate(Math.hypot(...z))}`;
  if (z.length <= WRITTEN) return `z = (${z.map(coordinate).join(', ')}), ${length}`;
  const moved = movedFrom(from, z);
  if (moved.length === 0) return `${name}, ${length}`;
  const names = new Map(dimensions.map((dimension) => [dimension.index, dimension.name]));
  const some = moved.slice(0, WRITTEN).map((j) => `${names.get(j) ?? `z${j + 1}`} = ${coordinate(z[j]!)}`);
  return `${some.join(', ')}, others as in ${name}, ${length}`;
}

/** What stands below the rows. */
export function traversalNotes({ measure, dimensions, latentDimensions, notes }: TraversalView): string[] {
  const shown = dimensions.length;
  const some = shown < latentDimensions ? [`${shown} of ${latentDimensions} latent dimensions.`] : [];
  return [...some, ...(measure === undefined ? [] : [`Bars, and the order of the dimensions: ${measure}.`]), ...notes];
}
