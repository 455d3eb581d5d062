/** Samples in boxes: images pixel by pixel, vectors as profiles on one scale. */
import { drawFrame } from './axes';
import type { Context } from './canvas';
import { drawImage } from './images';
import { categoryColour } from './palette';
import type { Place } from '../../figures/marks';
import type { SampleShape } from '../types';

/** @param range least and greatest value of all samples that are drawn beside it */
export function drawSample(
  context: Context,
  sample: ArrayLike<number>,
  shape: SampleShape,
  [low, high]: readonly [number, number],
  { x, y, width, height }: Place,
): void {
  const box = { left: x, top: y, width, height };
  if (shape.kind === 'image') return drawImage(context, sample, shape, box);
  drawFrame(context, box);
  context.save();
  context.strokeStyle = categoryColour(0);
  context.lineWidth = 1.2;
  context.beginPath();
  let isDown = false;
  for (let i = 0; i < sample.length; i++) {
    const up = y + height - 3 - ((height - 6) * (sample[i]! - low)) / (high - low || 1);
    const across = x + 3 + ((width - 6) * i) / Math.max(1, sample.length - 1);
    if (!Number.isFinite(up)) isDown = false;
    else {
      context[isDown ? 'lineTo' : 'moveTo'](across, up);
      isDown = true;
    }
  }
  context.stroke();
  context.restore();
}
