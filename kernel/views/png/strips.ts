/** Samples that are wider than high: film strips, sequences and sound, a block of rows each. */
import { printColours } from '../../figures/colours';
import { profileLines } from '../../figures/profiles';
import { stripCaptions } from '../../figures/reconstructions/captions';
import { lineKeyMarks, scaleBeside, SCALE_WIDTH } from '../../figures/reconstructions/scale';
import { spanOf } from '../../figures/span';
import { differenceScale } from '../pictures/differences';
import { besideEachOther, layoutShape, MOST_BANDS, overSteps } from '../pictures/layouts';
import { pictureNotes } from '../pictures/reconstructionNotes';
import { DEPTH, spectrogram } from '../pictures/spectrogram';
import type { Spectrogram } from '../pictures/spectrogram';
import { splitSamples } from '../samples';
import type { ReconstructionsView } from '../types';
import { counted, quantity } from '../wording';
import { drawFrame } from './axes';
import type { Box } from './axes';
import { drawPng, drawText } from './canvas';
import { paintMarks } from './figures/paintMarks';
import { drawNotes, noteLines, notesHeight } from './figures/notes';
import { pageWidth } from './page';
import type { Context } from './canvas';
import { drawScale } from './differenceScale';
import { drawDifference, drawField, drawImage } from './images';
import type { ImageShape } from './images';
import { categoryColour, diverging, INK, loudness, QUIET } from './palette';

const [LEFT, TOP, GAP] = [150, 52, 5];
const WIDTH = 860;
/** Width of a strip. */
const stripWidth = () => pageWidth(WIDTH) - LEFT - SCALE_WIDTH;
const MOST_SAMPLES = 4;

interface Row {
  name: string;
  height: number;
  draw(context: Context, box: Box): void;
}

export function stripsPng(view: ReconstructionsView): Buffer {
  const inputs = view.inputs && splitSamples(view.inputs);
  const outputs = view.methods.map(({ samples }) => splitSamples(samples));
  const total = inputs?.length ?? Math.max(0, ...outputs.map((samples) => samples.length));
  const shown = Math.min(MOST_SAMPLES, total);
  const scale = differenceScale(inputs ?? [], inputs ? outputs : [], view.sampleShape);
  const { limit } = scale;
  const blocks = Array.from({ length: shown }, (_, i) => rowsOf(view, inputs, outputs, i, limit));
  const blockHeight = (rows: Row[]) => 20 + rows.reduce((sum, row) => sum + row.height + GAP, 0);
  const width = LEFT + stripWidth() + SCALE_WIDTH;
  const foot = TOP + blocks.reduce((sum, rows) => sum + blockHeight(rows), 0) + 6;
  const notes = noteLines(pictureNotes(view, scale, view.sampleShape), width);
  const order = Array.from({ length: shown }, (_, i) => i);
  const captions = stripCaptions({ ...view, isDrawn: inputs === null }, order);
  return drawPng(width, foot + notesHeight(notes) + 6, (context) => {
    drawText(context, view.title, 14, 22, { size: 14, weight: 'bold', maxWidth: LEFT + stripWidth() });
    const some = shown < total ? `the first ${shown} of ${counted(total, 'sample')}; ` : '';
    drawText(context, `${some}${meaningOf(view)}`, 14, 39, {
      size: 10.5,
      colour: QUIET,
      maxWidth: LEFT + stripWidth(),
    });
    let top = TOP;
    blocks.forEach((rows, i) => {
      drawText(context, captions[i]!, LEFT, top + 12, { size: 10.5, colour: QUIET, maxWidth: stripWidth() });
      top += 18;
      for (const row of rows) {
        const box = { left: LEFT, top, width: stripWidth(), height: row.height };
        row.draw(context, box);
        const middle = top + row.height / 2;
        drawText(context, row.name, LEFT - 10, middle, {
          size: 11,
          align: 'right',
          baseline: 'middle',
          maxWidth: LEFT - 20,
        });
        top += row.height + GAP;
      }
      top += 2;
    });
    const place = scaleBeside(LEFT + stripWidth(), TOP + 18, top - 36);
    if (inputs && view.layout?.kind === 'frames') drawScale(context, place, limit);
    if (inputs && view.layout?.kind === 'sound') drawScale(context, place, DEPTH / 2, ' dB');
    if (inputs && view.layout?.kind === 'steps')
      paintMarks(context, lineKeyMarks(place, view.methods.length, undefined), printColours);
    drawNotes(context, notes, foot);
  });
}

function meaningOf({ layout }: ReconstructionsView): string {
  if (layout?.kind === 'frames') return `${layout.count} frames from left to right`;
  if (layout?.kind === 'sound')
    return `spectrograms, 0 to ${quantity(layout.rate / 2)} Hz, ${DEPTH} dB from black to white`;
  const names = layout?.kind === 'steps' ? layout.features : [];
  const left = names.length > MOST_BANDS ? ` (the first ${MOST_BANDS} of ${names.length} features)` : '';
  return `each feature over the steps: ${names.slice(0, MOST_BANDS).join(', ')}${left}`;
}

function rowsOf(
  view: ReconstructionsView,
  inputs: readonly ArrayLike<number>[] | null,
  outputs: readonly (readonly ArrayLike<number>[])[],
  i: number,
  limit: number,
): Row[] {
  const { layout, sampleShape, methods } = view;
  const input = inputs?.[i];
  if (layout?.kind === 'steps') {
    const bands = Math.min(MOST_BANDS, layout.features.length);
    const height = Math.max(40, bands * 26);
    return methods.map(({ name }, m) => ({
      name,
      height,
      draw: (context, box) => drawBands(context, box, [input, outputs[m]![i]!], layout.features.length, m + 1),
    }));
  }
  const tile = layout?.kind === 'sound' ? soundTile(layout.rate) : frameTile(view);
  if (!tile || (sampleShape.kind === 'image') !== (layout?.kind === 'frames')) return [];
  const row = (name: string, draw: Row['draw']): Row => ({
    name,
    height: tile.height,
    draw,
  });
  return [
    ...(input ? [row('input', (context, box) => tile.draw(context, input, box))] : []),
    ...methods.flatMap(({ name }, m) => {
      const output = outputs[m]![i];
      if (!output) return [];
      const made = row(name, (context, box) => tile.draw(context, output, box));
      if (!input) return [made];
      return [made, row('difference', (context, box) => tile.difference(context, [output, input], limit, box))];
    }),
  ];
}

interface Tile {
  height: number;
  draw(context: Context, sample: ArrayLike<number>, box: Box): void;
  difference(context: Context, pair: [ArrayLike<number>, ArrayLike<number>], limit: number, box: Box): void;
}

function frameTile({ sampleShape, layout }: ReconstructionsView): Tile | undefined {
  if (sampleShape.kind !== 'image' || layout?.kind !== 'frames') return undefined;
  const shape = layoutShape(sampleShape, layout) as ImageShape;
  const scale = Math.min(stripWidth() / shape.width, 64 / shape.height);
  const size = { width: shape.width * scale, height: shape.height * scale };
  const strip = (sample: ArrayLike<number>) => besideEachOther(sample, sampleShape, layout.count);
  const divide = (context: Context, box: Box) => divideFrames(context, { ...box, ...size }, layout.count);
  return {
    height: size.height,
    draw: (context, sample, box) => {
      drawImage(context, strip(sample), shape, { ...box, ...size });
      divide(context, box);
    },
    difference: (context, [output, input], limit, box) => {
      drawDifference(context, [strip(output), strip(input)], shape, limit, { ...box, ...size });
      divide(context, box);
    },
  };
}

/** White lines between the frames. */
function divideFrames(context: Context, box: Box, count: number): void {
  context.save();
  context.fillStyle = '#fff';
  for (let i = 1; i < count; i++) context.fillRect(box.left + (i * box.width) / count - 0.5, box.top, 1, box.height);
  context.restore();
}

function soundTile(rate: number): Tile {
  const field = (
    context: Context,
    of: Spectrogram,
    colour: (i: number) => readonly [number, number, number],
    box: Box,
  ) => drawField(context, of, colour, box);
  return {
    height: 56,
    draw: (context, sample, box) => {
      const found = spectrogram(sample, rate);
      field(context, found, (i) => loudness(1 + found.decibels[i]! / DEPTH), box);
    },
    difference: (context, [output, input], _limit, box) => {
      const [a, b] = [spectrogram(output, rate), spectrogram(input, rate)];
      const level = (of: Spectrogram, i: number) => Math.max(-DEPTH, of.decibels[i]!);
      field(context, a, (i) => diverging((level(a, i) - level(b, i)) / (DEPTH / 2)), box);
    },
  };
}

/** One band a feature, each with a scale of its own: the input broad and grey, the output in its colour. */
function drawBands(
  context: Context,
  box: Box,
  [input, output]: [ArrayLike<number> | undefined, ArrayLike<number>],
  features: number,
  method: number,
): void {
  drawFrame(context, box);
  const bands = Math.min(MOST_BANDS, features);
  const height = box.height / bands;
  for (let feature = 0; feature < bands; feature++) {
    const lines = [input, output].map((values) => values && overSteps(values, feature, features));
    const range = spanOf(...lines.flatMap((line) => (line ? [line] : [])));
    const band = { x: box.left + 4, y: box.top + feature * height + 3, width: box.width - 8, height: height - 6 };
    lines.forEach((line, which) => {
      const style = which === 0 ? { colour: INK, width: 2 } : { colour: categoryColour(method), width: 1.3 };
      if (line) drawLine(context, profileLines(line, range, band), style);
    });
  }
}

function drawLine(
  context: Context,
  lines: readonly (readonly (readonly [x: number, y: number])[])[],
  { colour, width }: { colour: string; width: number },
): void {
  context.save();
  context.strokeStyle = colour;
  context.globalAlpha = width === 2 ? 0.45 : 1;
  context.lineWidth = width;
  context.beginPath();
  for (const [first, ...others] of lines) {
    context.moveTo(...first!);
    for (const place of others) context.lineTo(...place);
  }
  context.stroke();
  context.restore();
}
