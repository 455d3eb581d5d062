/** Smaller pictures of large images. */
import type { SampleShape } from '../types';

export type ImageShape = Extract<SampleShape, { kind: 'image' }>;

/** The shape whose longer side is at most `side`, in about the same proportions. */
export function shapeWithin(shape: ImageShape, side: number): ImageShape {
  const longer = Math.max(shape.height, shape.width);
  if (longer <= side) return shape;
  const scaled = (length: number) => Math.max(1, Math.round((length * side) / longer));
  return { ...shape, height: scaled(shape.height), width: scaled(shape.width) };
}

/**
 * Images [n, h, w, c] in a smaller shape: each value is the mean of the area that it stands for.
 *
 * @param values row by row; missing ones (NaN) make their areas missing
 */
export function shrunken(values: ArrayLike<number>, from: ImageShape, to: ImageShape): Float32Array {
  const { height, width, channels } = from;
  const n = values.length / (height * width * channels);
  const [rows, columns] = [shares(height, to.height), shares(width, to.width)];
  const out = new Float32Array(n * to.height * to.width * channels);
  let at = 0;
  for (let i = 0; i < n; i++) {
    for (const row of rows) {
      for (const column of columns) {
        for (let c = 0; c < channels; c++) {
          let sum = 0;
          for (const [y, high] of row) {
            for (const [x, wide] of column) sum += high * wide * values[((i * height + y) * width + x) * channels + c]!;
          }
          out[at++] = sum;
        }
      }
    }
  }
  return out;
}

/** Which of the `from` lengths each of the `to` ones covers, and how much of its own length that is. */
function shares(from: number, to: number): [index: number, share: number][][] {
  const length = from / to;
  return Array.from({ length: to }, (_, i) => {
    const [start, end] = [i * length, (i + 1) * length];
    const first = Math.floor(start + 1e-9);
    const last = Math.min(from - 1, Math.ceil(end - 1e-9) - 1);
    return Array.from({ length: last - first + 1 }, (_, j): [number, number] => {
      const index = first + j;
      return [index, (Math.min(end, index + 1) - Math.max(start, index)) / length];
    });
  });
}
