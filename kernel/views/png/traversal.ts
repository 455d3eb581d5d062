import { besideEachOther, layoutShape } from '../pictures/layouts';
import { splitSamples } from '../samples';
import type { TraversalView } from '../types';
import { alike } from '../wording';
import { drawFrame } from './axes';
import type { Box } from './axes';
import { drawPng, drawText } from './canvas';
import type { Context } from './canvas';
import { drawImage } from './images';
import { categoryColour, FAINT, QUIET } from './palette';

const [LEFT, TOP, GAP, ROOM] = [150, 66, 3, 640];
const MOST_ROWS = 12;

/** A row for each dimension: its name, what it tells, and the samples from its lowest value to its highest. */
export function traversalPng(view: TraversalView): Buffer {
  const rows = view.dimensions.slice(0, MOST_ROWS);
  const samples = splitSamples(view.samples);
  const cell = cellOf(view);
  const height = TOP + rows.length * (cell.height + 8) + 8;
  const width = LEFT + view.steps * (cell.width + GAP) + 20;
  const values = samples.flatMap((sample) => (view.sampleShape.kind === 'vector' ? Array.from(sample) : []));
  const range = [values.reduce((a, b) => Math.min(a, b), Infinity), values.reduce((a, b) => Math.max(a, b), -Infinity)];
  const most = Math.max(...rows.map(({ value = 0 }) => value), 1e-12);
  const amounts = alike(rows.map(({ value }) => value ?? NaN));
  const ends = alike(rows.flatMap(({ low, high }) => [low, high]));
  return drawPng(Math.max(480, width), height, (context) => {
    drawText(context, view.title, 14, 22, { size: 14, weight: 'bold', maxWidth: Math.max(480, width) - 28 });
    const shown =
      rows.length < view.dimensions.length ? `the first ${rows.length} of ${view.dimensions.length} dimensions, ` : '';
    const by = view.measure === undefined ? '' : `; bars: ${view.measure}`;
    const about = `${shown}one at a time around ${view.anchors[0]?.name ?? '0'}${by}`;
    drawText(context, about, 14, 39, { size: 10.5, colour: QUIET, maxWidth: Math.max(480, width) - 28 });
    rows.forEach((row, r) => {
      const top = TOP + r * (cell.height + 8);
      const middle = top + cell.height / 2;
      drawText(context, row.name, 14, middle - 6, { size: 12, weight: 'bold', baseline: 'middle' });
      drawText(context, `${ends[2 * r]!} … ${ends[2 * r + 1]!}`, LEFT - 12, middle - 6, {
        size: 10,
        colour: QUIET,
        align: 'right',
        baseline: 'middle',
      });
      if (row.value !== undefined) drawValue(context, row.value / most, amounts[r]!, middle + 8);
      for (let i = 0; i < view.steps; i++) {
        const box = { left: LEFT + i * (cell.width + GAP), top, ...cell };
        drawSample(context, view, samples[r * view.steps + i]!, range as [number, number], box);
      }
    });
  });
}

function cellOf(view: TraversalView): { width: number; height: number } {
  const shape = layoutShape(view.sampleShape, view.layout);
  const width = Math.max(30, Math.min(84, ROOM / view.steps - GAP));
  return {
    width,
    height:
      shape.kind === 'image' ? Math.min(3 * width, Math.max(16, (width * shape.height) / shape.width)) : width * 0.6,
  };
}

function drawValue(context: Context, share: number, text: string, y: number): void {
  const [left, width] = [14, 80];
  context.fillStyle = FAINT;
  context.fillRect(left, y, width, 4);
  context.fillStyle = categoryColour(0);
  context.fillRect(left, y, width * Math.max(0, share), 4);
  drawText(context, text, LEFT - 12, y + 2, { size: 9.5, colour: QUIET, align: 'right', baseline: 'middle' });
}

function drawSample(
  context: Context,
  { sampleShape, layout }: TraversalView,
  sample: ArrayLike<number>,
  [low, high]: [number, number],
  box: Box,
): void {
  if (sampleShape.kind === 'image') {
    const shape = layoutShape(sampleShape, layout);
    const pixels = layout?.kind === 'frames' ? besideEachOther(sample, sampleShape, layout.count) : sample;
    if (shape.kind === 'image') drawImage(context, pixels, shape, box);
    return;
  }
  drawFrame(context, box);
  context.save();
  context.strokeStyle = categoryColour(0);
  context.lineWidth = 1.2;
  context.beginPath();
  for (let i = 0; i < sample.length; i++) {
    const x = box.left + 3 + ((box.width - 6) * i) / Math.max(1, sample.length - 1);
    context.lineTo(x, box.top + box.height - 3 - ((box.height - 6) * (sample[i]! - low)) / (high - low || 1));
  }
  context.stroke();
  context.restore();
}
