/** Numbers as a small picture: an image, or the first of many side by side. */
import type { Thumbnail } from '../../protocol';
import { rasterImage } from '../../views/png/canvas';
import type { Numbers } from './numbers';
import { rangeOf } from './sparkline';

/** A thumbnail is no wider or higher, and so is the grid of several. */
const SIDE = 160;
const MOST_IMAGES = 16;
/** Between the images of a grid. */
const GAP = 2;
/** Tables with fewer rows or columns are no pictures. */
const LEAST_SIDE = 8;

interface Images {
  count: number;
  height: number;
  width: number;
  channels: number;
}

/** How numbers of this shape are drawn: [h, w], [h, w, c], [n, h, w] or [n, h, w, c] with 1, 3 or 4 channels. */
export function pictureShape(shape: readonly number[]): Images | undefined {
  const isColour = (channels = 0) => channels === 1 || channels === 3 || channels === 4;
  const [first = 0, second = 0, third = 0, fourth = 0] = shape;
  const images =
    shape.length === 2
      ? { count: 1, height: first, width: second, channels: 1 }
      : shape.length === 3 && isColour(third)
        ? { count: 1, height: first, width: second, channels: third }
        : shape.length === 3
          ? { count: first, height: second, width: third, channels: 1 }
          : shape.length === 4 && isColour(fourth)
            ? { count: first, height: second, width: third, channels: fourth }
            : undefined;
  const isLarge = images && images.count > 0 && Math.min(images.height, images.width) >= LEAST_SIDE;
  return isLarge ? images : undefined;
}

/** Undefined for what cannot be read without moving all of it, or holds no finite number. */
export async function pictureOf(
  numbers: Pick<Numbers, 'at'>,
  shape: readonly number[],
  side = SIDE,
): Promise<Thumbnail | undefined> {
  const images = pictureShape(shape);
  if (!images) return undefined;
  const { height, width, channels } = images;
  const shown = Math.min(images.count, MOST_IMAGES);
  const columns = Math.ceil(Math.sqrt(shown));
  const step = Math.max(1, Math.ceil((Math.max(height, width) * columns) / side));
  const [rows, across] = [Math.ceil(height / step), Math.ceil(width / step)];
  const places = new Int32Array(shown * rows * across * channels);
  let next = 0;
  for (let image = 0; image < shown; image++) {
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < across; x++) {
        const pixel = ((image * height + y * step) * width + x * step) * channels;
        for (let channel = 0; channel < channels; channel++) places[next++] = pixel + channel;
      }
    }
  }
  const values = await numbers.at(places);
  const range = values && grey(values);
  if (!range) return undefined;
  const png = drawGrid(values, { count: shown, height: rows, width: across, channels }, { columns, side }, range);
  const [black, white] = range;
  return { ...png, shown, of: images.count, black, white };
}

/** What is black and what is white: 0 and 1, or 0 and 255, where the values are of these, else the least and greatest. */
function grey(values: ArrayLike<number>): [number, number] | undefined {
  const [low, high] = rangeOf(Array.from(values).filter(Number.isFinite));
  if (low > high) return undefined;
  if (low >= 0 && high <= 1) return [0, 1];
  return low >= 0 && high <= 255 && high > 1 && Number.isInteger(low) && Number.isInteger(high)
    ? [0, 255]
    : [low, high];
}

function drawGrid(
  values: ArrayLike<number>,
  { count, height, width, channels }: Images,
  { columns, side }: { columns: number; side: number },
  [black, white]: [number, number],
): { png: string; width: number; height: number } {
  const rows = Math.ceil(count / columns);
  const [gridWidth, gridHeight] = [columns * (width + GAP) - GAP, rows * (height + GAP) - GAP];
  // Small pictures are drawn with larger pixels.
  const zoom = Math.max(1, Math.floor(side / Math.max(gridWidth, gridHeight)));
  const rgba = new Uint8ClampedArray(gridWidth * zoom * gridHeight * zoom * 4);
  for (let y = 0; y < gridHeight * zoom; y++) {
    for (let x = 0; x < gridWidth * zoom; x++) {
      const [row, top] = [Math.floor(y / zoom / (height + GAP)), Math.floor(y / zoom) % (height + GAP)];
      const [column, left] = [Math.floor(x / zoom / (width + GAP)), Math.floor(x / zoom) % (width + GAP)];
      const image = row * columns + column;
      if (image >= count || top >= height || left >= width) continue;
      const at = ((image * height + top) * width + left) * channels;
      const target = 4 * (y * gridWidth * zoom + x);
      for (let channel = 0; channel < 3; channel++) {
        const value = values[at + (channels >= 3 ? channel : 0)]!;
        rgba[target + channel] = white > black ? (255 * (value - black)) / (white - black) : 128;
      }
      rgba[target + 3] = 255;
    }
  }
  const canvas = rasterImage(gridWidth * zoom, gridHeight * zoom, rgba);
  return {
    png: canvas.toBuffer('image/png').toString('base64'),
    width: gridWidth * zoom,
    height: gridHeight * zoom,
  };
}
