/** Where points crowd, how many there are in each pixel: the rule of the live figure (`renderer/gl/density.ts`). */
import { FAINTEST } from '../../../figures/scatter/crowd';
import type { Plane } from '../../../figures/scatter/plane';
import { DENSITY, rasterImage } from '../canvas';
import type { Context } from '../canvas';

export type Bytes = readonly [number, number, number];

export interface CrowdedPoints {
  /** [2n] */
  coordinates: ArrayLike<number>;
  /** Points of a square CSS pixel where they are most. */
  crowd: number;
  colourOf(point: number): Bytes;
}

/** Each pixel in the mean colour of its points, the stronger the more they are; the scale is logarithmic. */
export function drawDensity(context: Context, plane: Plane, { coordinates, crowd, colourOf }: CrowdedPoints): void {
  const { area, unit, origin } = plane;
  const [width, height] = [Math.round(area.width * DENSITY), Math.round(area.height * DENSITY)];
  const counts = new Uint32Array(width * height);
  const sums = new Float32Array(3 * width * height);
  for (let k = 0; k < coordinates.length / 2; k++) {
    const column = Math.floor((coordinates[2 * k]! * unit.x + origin.x - area.left) * DENSITY);
    const row = Math.floor((origin.y - coordinates[2 * k + 1]! * unit.y - area.top) * DENSITY);
    if (!(column >= 0 && column < width && row >= 0 && row < height)) continue;
    const colour = colourOf(k);
    const pixel = row * width + column;
    counts[pixel]!++;
    for (let c = 0; c < 3; c++) sums[3 * pixel + c]! += colour[c]!;
  }
  const rgba = new Uint8ClampedArray(4 * width * height);
  const scale = (1 - FAINTEST) / Math.log1p(Math.max(2, crowd / DENSITY ** 2));
  counts.forEach((count, pixel) => {
    if (count === 0) return;
    for (let c = 0; c < 3; c++) rgba[4 * pixel + c] = sums[3 * pixel + c]! / count;
    rgba[4 * pixel + 3] = 255 * Math.min(1, FAINTEST + scale * Math.log1p(count));
  });
  context.drawImage(rasterImage(width, height, rgba), area.left, area.top, area.width, area.height);
}
