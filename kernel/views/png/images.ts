import { forEachDifference } from '../pictures/differences';
import { splitSamples } from '../samples';
import type { Samples, SampleShape } from '../types';
import type { Box } from './axes';
import { rasterImage } from './canvas';
import type { Context } from './canvas';
import { diverging, RULE } from './palette';

export type ImageShape = Extract<SampleShape, { kind: 'image' }>;

/**
 * Draws one sample's pixels, uint8 [h, w, c], sharp-edged into a box. With three channels and more the first three are red,
 * green and blue, with fewer the first is grey.
 */
export function drawImage(context: Context, pixels: ArrayLike<number>, shape: ImageShape, box: Box): void {
  const rgba = new Uint8ClampedArray(shape.width * shape.height * 4);
  for (let i = 0; i < shape.width * shape.height; i++) writePixel(rgba, i, pixels, i, shape);
  paste(context, rgba, shape, box);
}

function writePixel(
  rgba: Uint8ClampedArray,
  to: number,
  pixels: ArrayLike<number>,
  from: number,
  { channels }: ImageShape,
): void {
  for (let channel = 0; channel < 3; channel++) {
    rgba[4 * to + channel] = pixels[from * channels + (channels >= 3 ? channel : 0)]!;
  }
  rgba[4 * to + 3] = 255;
}

/** Draws signed differences (first minus second, per pixel averaged over channels) on a scale of ±`limit`, in 0…1. */
export function drawDifference(
  context: Context,
  [first, second]: [ArrayLike<number>, ArrayLike<number>],
  shape: ImageShape,
  limit: number,
  box: Box,
): void {
  const rgba = new Uint8ClampedArray(shape.width * shape.height * 4);
  forEachDifference(second, first, shape, (difference, i) => {
    rgba.set([...diverging(limit === 0 ? 0 : difference / limit), 255], 4 * i);
  });
  paste(context, rgba, shape, box);
  frame(context, box);
}

/** A field of numbers [rows, columns] in colours from red, green, blue bytes. */
export function drawField(
  context: Context,
  { rows, columns }: { rows: number; columns: number },
  colourAt: (place: number) => readonly [number, number, number],
  box: Box,
): void {
  const rgba = new Uint8ClampedArray(rows * columns * 4);
  for (let i = 0; i < rows * columns; i++) rgba.set([...colourAt(i), 255], 4 * i);
  paste(context, rgba, { kind: 'image', height: rows, width: columns, channels: 1 }, box);
  frame(context, box);
}

function frame(context: Context, box: Box): void {
  context.save();
  context.strokeStyle = RULE;
  context.lineWidth = 0.8;
  context.strokeRect(box.left, box.top, box.width, box.height);
  context.restore();
}

/** The samples of a grid edge to edge in a box, as one image; the first row at the bottom, as its coordinates ascend upwards. */
export function drawMosaic(context: Context, samples: Samples, shape: ImageShape, columns: number, box: Box): void {
  const images = splitSamples(samples);
  const rows = Math.ceil(images.length / columns);
  const [width, height] = [columns * shape.width, rows * shape.height];
  const rgba = new Uint8ClampedArray(4 * width * height);
  images.forEach((pixels, i) => {
    const left = (i % columns) * shape.width;
    const top = (rows - 1 - Math.floor(i / columns)) * shape.height;
    for (let y = 0; y < shape.height; y++) {
      const [from, to] = [y * shape.width, (top + y) * width + left];
      for (let x = 0; x < shape.width; x++) writePixel(rgba, to + x, pixels, from + x, shape);
    }
  });
  paste(context, rgba, { ...shape, width, height }, box);
}

/** Small images keep their pixels as squares; large ones are scaled smoothly. */
function paste(context: Context, rgba: Uint8ClampedArray<ArrayBuffer>, shape: ImageShape, box: Box): void {
  context.save();
  context.imageSmoothingEnabled = shape.width > 2 * box.width;
  context.drawImage(rasterImage(shape.width, shape.height, rgba), box.left, box.top, box.width, box.height);
  context.restore();
}
