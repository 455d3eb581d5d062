/** The sample beside the plane, with the latent point that it is decoded from. */
import type { SampleShape } from '../../views/types';
import { coordinate } from '../../views/wording';

/** What stands below a lower one begins there all the same. */
export const LEAST_HEIGHT = 92;

/** Coordinates written out at most; of more, those that were chosen. */
export const WRITTEN = 4;

/** A sample as large as a square has room for; pixels of small images stay whole. */
export function sampleSize(shape: SampleShape, side: number): { width: number; height: number } {
  if (shape.kind !== 'image') return { width: side, height: side * 0.6 };
  const longest = Math.max(shape.width, shape.height);
  const scale = longest > side ? side / longest : Math.max(1, Math.floor(side / longest));
  // A line of pixels is seen too.
  return { width: Math.max(4, shape.width * scale), height: Math.max(4, shape.height * scale) };
}

/** `z = (0.52, −1.31)`, or `z₁ 0.52, z₂ −1.31, others 0` of a cell of the grid, and `‖z‖ = 1.41`. */
export function cellLines([first, second]: readonly [number, number], dimensions: readonly string[]): string[] {
  const z = dimensions.map((_, i) => [first, second][i] ?? 0);
  const named = `${dimensions[0]} ${coordinate(first)}, ${dimensions[1]} ${coordinate(second)}, others 0`;
  return [
    z.length <= WRITTEN ? `z = (${z.map(coordinate).join(', ')})` : named,
    `‖z‖ = ${coordinate(Math.hypot(first, second))}`,
  ];
}
