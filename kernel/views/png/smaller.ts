import { figureFile } from '../pictures/figureFile';
import { canvasLibrary, DOTS_PER_METRE, MEANING } from './canvas';

/**
 * A picture of ours in one pixel for each of its physical size, in few colours: a third of the bytes, for a notebook that
 * has many.
 *
 * @param size in CSS pixels
 * @param colours at most
 */
export async function smallerPng(png: Buffer, size: { width: number; height: number }, colours = 64): Promise<Buffer> {
  const { createCanvas, loadImage } = canvasLibrary();
  const { width, height } = size;
  const context = createCanvas(width, height).getContext('2d');
  context.imageSmoothingQuality = 'high';
  context.drawImage(await loadImage(png), 0, 0, width, height);
  const rgba = context.getImageData(0, 0, width, height).data;
  const options = { colours, keep: MEANING, dotsPerMetre: Math.round(DOTS_PER_METRE), room: 0 };
  return figureFile({ rgba, width, height }, options);
}
