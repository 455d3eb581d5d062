/** What a run's model makes of some samples, in two rows: inputs above, reconstructions below. */
import { wholeOf } from '../../extent';
import { splitSamples } from '../../samples';
import type { ReconstructionsView } from '../../types';
import type { Box } from '../axes';
import { drawText } from '../canvas';
import type { Context } from '../canvas';
import { drawImage } from '../images';
import { INK, QUIET, RULE } from '../palette';

const NAMES = 92;
const GAP = 5;
const TITLE = 24;

/** Height with its title. */
export function pictureHeight(view: ReconstructionsView, width: number): number {
  const { height, rows } = layout(view, width);
  return TITLE + rows.length * (height + GAP);
}

export function drawPicture(
  context: Context,
  { left, top, width }: Pick<Box, 'left' | 'top' | 'width'>,
  view: ReconstructionsView,
  title: string,
): void {
  drawText(context, title, left, top + 12, { size: 12, weight: 'bold', maxWidth: width });
  const { rows, cell, height } = layout(view, width);
  rows.forEach(({ name, samples }, row) => {
    const y = top + TITLE + row * (height + GAP);
    drawText(context, name, left + NAMES - 10, y + height / 2, {
      size: 10.5,
      colour: QUIET,
      align: 'right',
      baseline: 'middle',
      maxWidth: NAMES - 10,
    });
    samples.forEach((values, i) => {
      const box = { left: left + NAMES + i * (cell + GAP), top: y, width: cell, height };
      if (view.sampleShape.kind === 'image') drawImage(context, values, view.sampleShape, box);
      else drawProfile(context, values, box);
    });
  });
}

function layout(view: ReconstructionsView, width: number) {
  const { sampleShape: shape, inputs, methods } = view;
  const rows = [
    ...(inputs ? [{ name: 'input', samples: splitSamples(inputs) }] : []),
    ...methods.map(({ name, samples }) => ({ name, samples: splitSamples(samples) })),
  ];
  const count = Math.max(1, ...rows.map(({ samples }) => samples.length));
  const cell = Math.max(20, Math.min(56, (width - NAMES) / count - GAP));
  const height = shape.kind === 'image' ? (cell * shape.height) / shape.width : 0.7 * cell;
  const most = Math.max(1, Math.floor((width - NAMES) / (cell + GAP)));
  return { rows: rows.map(({ name, samples }) => ({ name, samples: samples.slice(0, most) })), cell, height };
}

function drawProfile(context: Context, values: ArrayLike<number>, box: Box): void {
  const [low, high] = wholeOf(values);
  context.strokeStyle = RULE;
  context.lineWidth = 0.8;
  context.strokeRect(box.left, box.top, box.width, box.height);
  context.strokeStyle = INK;
  context.beginPath();
  for (let i = 0; i < values.length; i++)
    context.lineTo(
      box.left + (i / Math.max(1, values.length - 1)) * box.width,
      box.top + (1 - (values[i]! - low) / (high - low)) * box.height,
    );
  context.stroke();
}
