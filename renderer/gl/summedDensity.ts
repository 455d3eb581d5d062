/**
 * Where points crowd, how many there are in each pixel, added up by the processor: the picture of `density.ts`, for pages
 * without a graphics card. There a million points go through a GPU that is itself a program, at hundreds of nanoseconds
 * each; to add four numbers up takes a tenth of one of them.
 */
import { FAINTEST } from '../../kernel/figures/scatter/crowd';
import type { Area, Mapping, PointBatch } from './points';

/** Sums of premultiplied red, green, blue and of opacity for each pixel, in 255ths; used again by the next drawing. */
let heap = new Float32Array();
let scratch: CanvasRenderingContext2D | undefined;

/**
 * Draws the density into an area of a 2D canvas.
 *
 * @param paper  has CSS pixels as its unit
 * @param screen screen pixels per CSS pixel
 * @param most   how many points a screen pixel has where they are most
 */
export function drawSummedDensity(
  paper: CanvasRenderingContext2D,
  batch: PointBatch,
  mapping: Mapping,
  area: Area,
  screen: number,
  most: number,
): void {
  const [width, height] = [Math.round(area.width * screen), Math.round(area.height * screen)];
  if (width === 0 || height === 0) return;
  sumUp(batch, mapping, area, width, height);
  const picture = new ImageData(width, height);
  tone(picture.data, batch.opacity, most);
  scratch ??= document.createElement('canvas').getContext('2d') ?? undefined;
  if (scratch === undefined) throw new Error('the browser provides no 2D canvas');
  if (scratch.canvas.width < width) scratch.canvas.width = width;
  if (scratch.canvas.height < height) scratch.canvas.height = height;
  scratch.putImageData(picture, 0, 0);
  paper.drawImage(scratch.canvas, 0, 0, width, height, area.left, area.top, area.width, area.height);
}

function sumUp(
  { positions, colours }: PointBatch,
  { unit, origin }: Mapping,
  area: Area,
  width: number,
  height: number,
) {
  const size = 4 * width * height;
  if (heap.length < size) heap = new Float32Array(size);
  else heap.fill(0, 0, size);
  const sums = heap;
  const words = new Uint32Array(colours.buffer, colours.byteOffset, colours.byteLength / 4);
  const [across, down] = [width / area.width, height / area.height];
  const [xUnit, x0] = [unit.x * across, (origin.x - area.left) * across];
  const [yUnit, y0] = [unit.y * down, (origin.y - area.top) * down];
  for (let i = 0; i < words.length; i++) {
    const x = positions[2 * i]! * xUnit + x0;
    const y = y0 - positions[2 * i + 1]! * yUnit;
    if (!(x >= 0 && x < width && y >= 0 && y < height)) continue;
    const word = words[i]!;
    const alpha = word >>> 24;
    // What is hidden lies nowhere.
    if (alpha === 0) continue;
    const at = 4 * ((y | 0) * width + (x | 0));
    sums[at]! += (word & 255) * alpha;
    sums[at + 1]! += ((word >>> 8) & 255) * alpha;
    sums[at + 2]! += ((word >>> 16) & 255) * alpha;
    sums[at + 3]! += alpha;
  }
}

/** The mean colour of each pixel's points, the stronger the more they are. */
function tone(bytes: Uint8ClampedArray, opacity: number, most: number): void {
  const one = 255 * opacity;
  const scale = (1 - FAINTEST) / Math.log1p(Math.max(2, most));
  for (let at = 0; at < bytes.length; at += 4) {
    const alpha = heap[at + 3]!;
    if (alpha === 0) continue;
    const count = alpha / one;
    bytes[at] = heap[at]! / alpha;
    bytes[at + 1] = heap[at + 1]! / alpha;
    bytes[at + 2] = heap[at + 2]! / alpha;
    bytes[at + 3] = 255 * Math.min(1, count) * Math.min(1, FAINTEST + scale * Math.log1p(count));
  }
}
