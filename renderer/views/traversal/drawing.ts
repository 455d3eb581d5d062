/** Samples onto paper: pixel by pixel, or as profiles on one scale. */
import type { Place } from '../../../kernel/figures/marks';
import { categoryColour } from '../../palette';
import { imageCanvas, profilePath } from '../../samples';
import type { Theme } from '../../theme';
import type { Traversal } from './model';

export function drawSample(
  paper: CanvasRenderingContext2D,
  sample: ArrayLike<number>,
  { shape, range }: Pick<Traversal, 'shape' | 'range'>,
  { x, y, width, height }: Place,
  theme: Theme,
): void {
  if (shape.kind === 'image') {
    paper.imageSmoothingEnabled = shape.width > 2 * width;
    paper.drawImage(imageCanvas(sample, shape), x, y, width, height);
    return;
  }
  paper.strokeStyle = theme.grid;
  paper.lineWidth = 1;
  paper.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
  paper.strokeStyle = categoryColour(theme.categories, 0);
  paper.lineWidth = 1.5;
  const inner = { x: x + 3, y: y + 3, width: width - 6, height: height - 6 };
  paper.stroke(new Path2D(profilePath(sample, range, inner)));
}

/** A canvas of so many screen pixels with CSS pixels as its unit, cleared. */
export function paperOf(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  const density = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * density);
  canvas.height = Math.round(height * density);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const paper = canvas.getContext('2d');
  if (paper === null) throw new Error('the browser provides no 2D canvas');
  paper.setTransform(density, 0, 0, density, 0, 0);
  return paper;
}
