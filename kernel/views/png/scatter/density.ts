/** Where points crowd, how many there are in each pixel: the rule of the live figure (`renderer/gl/density.ts`). */
import type { Box, Scale } from '../axes';
import { DENSITY, rasterImage } from '../canvas';
import type { Context } from '../canvas';
import { categoryColour } from '../palette';

/** More points than this are shown by their density. */
export const CROWD = 50_000;
const FAINTEST = 0.22;

export interface PlacedPoints {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  classes: ArrayLike<number>;
  /** The colour of a point that has none by its class. */
  colourOf?: ((point: number) => readonly [number, number, number]) | undefined;
}

/**
 * Each pixel in the mean colour of its points, the stronger the more they are; the scale is logarithmic, up to the pixel
 * that has most.
 */
export function drawDensity(context: Context, box: Box, points: PlacedPoints, x: Scale, y: Scale): void {
  const [width, height] = [Math.round(box.width * DENSITY), Math.round(box.height * DENSITY)];
  const counts = new Uint32Array(width * height);
  const sums = new Float32Array(3 * width * height);
  const colours = new Map<number, readonly [number, number, number]>();
  // The scales are straight: two numbers each, and no call for every point.
  const [x0, across] = straight(x, box.left);
  const [y0, up] = straight(y, box.top);
  let most = 1;
  for (let i = 0; i < points.x.length; i++) {
    const column = Math.floor(x0 + across * points.x[i]!);
    const row = Math.floor(y0 + up * points.y[i]!);
    if (column < 0 || column >= width || row < 0 || row >= height) continue;
    const category = points.classes[i]!;
    let colour = points.colourOf?.(i) ?? colours.get(category);
    if (!colour) colours.set(category, (colour = channels(categoryColour(category))));
    const pixel = row * width + column;
    const count = ++counts[pixel]!;
    if (count > most) most = count;
    for (let c = 0; c < 3; c++) sums[3 * pixel + c]! += colour[c]!;
  }
  const rgba = new Uint8ClampedArray(4 * width * height);
  const scale = 1 / Math.log1p(Math.max(2, most));
  counts.forEach((count, pixel) => {
    if (count === 0) return;
    for (let c = 0; c < 3; c++) rgba[4 * pixel + c] = sums[3 * pixel + c]! / count;
    rgba[4 * pixel + 3] = 255 * (FAINTEST + (1 - FAINTEST) * Math.log1p(count) * scale);
  });
  context.drawImage(rasterImage(width, height, rgba), box.left, box.top, box.width, box.height);
}

/** The pixel of 0, counted from the edge of the box, and pixels for each unit. */
function straight(scale: Scale, edge: number): [origin: number, slope: number] {
  return [(scale(0) - edge) * DENSITY, (scale(1) - scale(0)) * DENSITY];
}

function channels(hex: string): readonly [number, number, number] {
  const at = (start: number) => parseInt(hex.slice(start, start + 2), 16);
  return [at(1), at(3), at(5)];
}
