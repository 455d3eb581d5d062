/** What samples are beside their shape, as a renderer and the saved picture draw it. */
import type { SampleLayout, SampleShape } from '../types';

/** Pixels of a film strip: frames [count · h, w, c], one below the other, beside each other: [h, count · w, c]. */
export function besideEachOther<T extends ArrayLike<number>>(
  pixels: T,
  { height, width, channels }: Extract<SampleShape, { kind: 'image' }>,
  count: number,
): Uint8Array {
  const [rows, stride] = [height / count, width * channels];
  const out = new Uint8Array(pixels.length);
  for (let frame = 0; frame < count; frame++) {
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < stride; x++) {
        out[y * count * stride + frame * stride + x] = pixels[(frame * rows + y) * stride + x]!;
      }
    }
  }
  return out;
}

/** The shape in which a sample is drawn. */
export function layoutShape(shape: SampleShape, layout: SampleLayout | undefined): SampleShape {
  if (layout?.kind !== 'frames' || shape.kind !== 'image') return shape;
  return { ...shape, height: shape.height / layout.count, width: shape.width * layout.count };
}

/** An image is at most so many times as high as its column is wide; … */
const HIGHEST = 3;
/** … and a side of it has at least so many pixels, however long the other is. */
const THINNEST = 8;

/**
 * How large an image is drawn in a column of this width: in its proportions as long as both sides are seen. Beyond, a line
 * of pixels is stretched.
 */
export function drawnSize(shape: { height: number; width: number }, column: number) {
  const scale = Math.min(column / shape.width, (HIGHEST * column) / shape.height);
  const [width, height] = [shape.width * scale, shape.height * scale];
  return {
    width: Math.min(column, Math.max(THINNEST, width)),
    height: Math.max(THINNEST, height),
    isStretched: Math.min(width, height) < THINNEST,
  };
}

/** The values of one feature of a sequence, step by step. */
export function overSteps(values: ArrayLike<number>, feature: number, features: number): number[] {
  return Array.from({ length: Math.floor(values.length / features) }, (_, step) => values[step * features + feature]!);
}

/** Sequences of more features are drawn by the first ones. */
export const MOST_BANDS = 8;
