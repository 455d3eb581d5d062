/** The images of the decoded grid as one. */
import type { SampleShape } from '../../../../kernel/views/types';
import { h } from '../../../dom';
import { imageCanvas } from '../../../samples';
import type { LatentGrid } from '../model';

/** All images side by side, the highest row first: one canvas to draw at any zoom. */
export function mosaicCanvas(grid: LatentGrid, shape: Extract<SampleShape, { kind: 'image' }>): HTMLCanvasElement {
  const canvas = h('canvas', { width: grid.xs.length * shape.width, height: grid.ys.length * shape.height });
  const paper = canvas.getContext('2d');
  if (paper === null) throw new Error('the browser provides no 2D canvas');
  grid.samples.forEach((values, i) => {
    const [row, column] = [Math.floor(i / grid.xs.length), i % grid.xs.length];
    const top = (grid.ys.length - 1 - row) * shape.height;
    paper.drawImage(imageCanvas(values, shape), column * shape.width, top);
  });
  return canvas;
}
