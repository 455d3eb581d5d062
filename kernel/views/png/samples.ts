/** Samples in boxes: images pixel by pixel, vectors as profiles on one scale. */
import { profileLines } from '../../figures/profiles';
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
  const inner = { x: x + 3, y: y + 3, width: width - 6, height: height - 6 };
  for (const [first, ...others] of profileLines(sample, [low, high], inner)) {
    context.moveTo(...first!);
    for (const place of others) context.lineTo(...place);
  }
  context.stroke();
  context.restore();
}
