import { footOf, scaleBeside, SCALE_WIDTH } from '../../figures/reconstructions/scale';
import { differenceScale } from '../pictures/differences';
import { drawnSize } from '../pictures/layouts';
import { pictureNotes } from '../pictures/reconstructionNotes';
import { splitSamples } from '../samples';
import type { ReconstructionMethod, ReconstructionsView } from '../types';
import { alike, count, counted, quantity } from '../wording';
import type { Box } from './axes';
import { drawPng, drawText, wrapText } from './canvas';
import type { Context } from './canvas';
import { drawNotes, noteLines, notesHeight } from './figures/notes';
import { pageWidth } from './page';
import { drawDifference, drawImage } from './images';
import type { ImageShape } from './images';
import { drawScale } from './differenceScale';
import { INK, QUIET } from './palette';
import { stripsPng } from './strips';
import { vectorReconstructionsPng } from './vectors';

const MAX_COLUMNS = 12;
const TOP = 50;
const GAP = 6;
/** The height of a line of words. */
const ROW = 16;
const WIDTH = 860;
/** Width of the names before the rows. */
const namesWidth = () => (pageWidth(WIDTH) < 640 ? 112 : 170);
/** What the images have on their right: room for the scale of differences, or a margin. */
const MARGIN = 16;
/** Width of all images of a row, and how many are in it. */
const roomBeside = (right: number) => pageWidth(WIDTH) - namesWidth() - right;
const columnsIn = (room: number) => Math.min(MAX_COLUMNS, Math.max(3, Math.floor(room / (34 + GAP))));

/**
 * Inputs in the first row; below, each method's reconstructions with their squared errors, and the signed differences
 * on one scale for all methods. Samples from the prior, which have no input, fill their own rows.
 */
export function reconstructionsPng(view: ReconstructionsView): Buffer {
  if (view.layout) return stripsPng(view);
  if (view.sampleShape.kind === 'vector') return vectorReconstructionsPng(view, view.sampleShape.features);
  return view.inputs === null ? samplesPng(view, view.sampleShape) : comparisonPng(view, view.sampleShape, view.inputs);
}

/** Size of a drawn image so that `columns` of them fill a room, within what can be made out and what is comfortable. */
function cellSize(shape: ImageShape, columns: number, room: number): { width: number; height: number } {
  const width = Math.max(28, Math.min(84, room / columns - GAP));
  const drawn = drawnSize(shape, width);
  return { width: drawn.width, height: drawn.height };
}

function comparisonPng(
  view: ReconstructionsView,
  shape: ImageShape,
  encoded: ReconstructionsView['methods'][0]['samples'],
) {
  const room = roomBeside(SCALE_WIDTH);
  const inputs = splitSamples(encoded).slice(0, columnsIn(room));
  const methods = view.methods.map((method) => ({ ...method, images: splitSamples(method.samples) }));
  const cell = cellSize(shape, inputs.length, room);
  const scale = differenceScale(
    splitSamples(encoded),
    methods.map(({ images }) => images),
    shape,
  );
  const { limit } = scale;
  const captions = view.labels.length > 0 ? 16 : 0;
  // A row of images that are lower still has room for its name.
  const [low, lower] = [Math.max(cell.height, ROW), Math.max(cell.height, 3 * ROW)];
  const methodHeight = lower + low + 2 * GAP + 14 + 10;
  const right = namesWidth() + inputs.length * (cell.width + GAP) - GAP;
  const rows = TOP + captions + low + 14 + methods.length * methodHeight;
  const place = scaleBeside(right, TOP + captions, rows - 14 - 24);
  const width = Math.max(right + SCALE_WIDTH, Math.min(namesWidth() + 260 + MARGIN, pageWidth(WIDTH)));
  const foot = Math.max(rows, footOf(place)) + 6;
  const notes = noteLines(pictureNotes(view, scale, shape), width);
  return drawPng(width, foot + notesHeight(notes) + 6, (context) => {
    drawHeading(context, view, width, encoded.shape[0] ?? 0, inputs.length);
    const column = (i: number, top: number): Box => ({ left: namesWidth() + i * (cell.width + GAP), top, ...cell });
    let top = TOP + captions;
    drawMethodName(context, { name: 'Input' }, top, cell.height);
    inputs.forEach((pixels, i) => {
      const box = column(i, top);
      drawImage(context, pixels, shape, box);
      caption(context, view.labels[i] ?? '', box, box.top - 5);
    });
    top += low + 14;
    for (const method of methods) {
      const errors = alike(inputs.map((_, i) => method.errors[i] ?? NaN));
      const [second, third] = [top + lower + GAP, top + lower + low + 2 * GAP + 7];
      drawMethodName(context, method, top, cell.height);
      rowName(context, 'difference', second + cell.height / 2);
      rowName(context, 'squared error', third);
      inputs.forEach((pixels, i) => {
        const box = column(i, top);
        drawImage(context, method.images[i]!, shape, box);
        drawDifference(context, [method.images[i]!, pixels], shape, limit, { ...box, top: second });
        caption(context, errors[i]!, box, third + 3.5, INK);
      });
      top += methodHeight;
    }
    if (methods.length > 0) drawScale(context, place, limit);
    drawNotes(context, notes, foot);
  });
}

function drawHeading(context: Context, view: ReconstructionsView, width: number, total: number, shown: number): void {
  drawText(context, view.title, 14, 22, { size: 14, weight: 'bold', maxWidth: width - 28 });
  const text = shown < total ? `The first ${shown} of ${counted(total, 'image')}` : counted(total, 'image');
  drawText(context, text, 14, 39, { size: 10.5, colour: QUIET, maxWidth: width - 28 });
}

function rowName(context: Context, name: string, y: number): void {
  drawText(context, name, namesWidth() - 12, y, { size: 10, align: 'right', baseline: 'middle', colour: QUIET });
}

function drawMethodName(
  context: Context,
  method: Pick<ReconstructionMethod, 'name' | 'heldOut'>,
  top: number,
  height: number,
): void {
  const { heldOut } = method;
  const measured = heldOut
    ? [`MSE ${quantity(heldOut.meanSquaredError ?? NaN)} on ${count(heldOut.count)} held out`]
    : [];
  const names = wrapText(context, method.name, namesWidth() - 26, { size: 11, weight: 'bold' });
  const quiet = { size: 10, colour: QUIET } as const;
  const said = measured.flatMap((text) => wrapText(context, text, namesWidth() - 26, quiet));
  const lines = names.length + said.length;
  let y = top + height / 2 - ((lines - 1) * 14) / 2;
  for (const name of names) {
    drawText(context, name, namesWidth() - 12, y, { size: 11, weight: 'bold', align: 'right', baseline: 'middle' });
    y += 14;
  }
  for (const text of said) {
    drawText(context, text, namesWidth() - 12, y, { ...quiet, align: 'right', baseline: 'middle' });
    y += 14;
  }
}

function caption(context: Context, text: string, box: Box, y: number, colour = QUIET): void {
  const style = { size: 9.5, colour, align: 'center', maxWidth: box.width + GAP - 2 } as const;
  drawText(context, text, box.left + box.width / 2, y, style);
}

const NO_DIFFERENCES = { limit: 0, beyond: 0 };

function samplesPng(view: ReconstructionsView, shape: ImageShape): Buffer {
  const methods = view.methods.map((method) => ({ ...method, images: splitSamples(method.samples).slice(0, 96) }));
  const most = Math.max(1, ...methods.map((method) => method.images.length));
  const room = roomBeside(MARGIN);
  const columns = Math.min(columnsIn(room), most);
  const cell = cellSize(shape, columns, room);
  const rows = methods.map((method) => Math.ceil(method.images.length / columns));
  const width = namesWidth() + Math.max(columns * (cell.width + GAP), Math.min(260, room)) + MARGIN;
  const foot = TOP + rows.reduce((sum, n) => sum + n * (cell.height + GAP) + 12, 0);
  const notes = noteLines(pictureNotes(view, NO_DIFFERENCES, shape), width);
  return drawPng(width, foot + notesHeight(notes), (context) => {
    drawText(context, view.title, 14, 22, { size: 14, weight: 'bold', maxWidth: width - 28 });
    drawText(context, 'decoder means of samples from the prior', 14, 39, { size: 10.5, colour: QUIET });
    let top = TOP;
    methods.forEach((method, m) => {
      drawMethodName(context, method, top, cell.height);
      const rest = (method.samples.shape[0] ?? 0) - method.images.length;
      if (rest > 0) rowName(context, `and ${count(rest)} more`, top + cell.height + GAP + 8);
      method.images.forEach((pixels, i) => {
        const left = namesWidth() + (i % columns) * (cell.width + GAP);
        const boxTop = top + Math.floor(i / columns) * (cell.height + GAP);
        drawImage(context, pixels, shape, { left, top: boxTop, ...cell });
      });
      top += rows[m]! * (cell.height + GAP) + 12;
    });
    drawNotes(context, notes, foot);
  });
}
