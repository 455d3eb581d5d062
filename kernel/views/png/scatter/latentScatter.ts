import { printColours } from '../../../figures/colours';
import { spanOf } from '../../../figures/span';
import { decodedScatter } from '../../../figures/scatter/data';
import type { ScatterData } from '../../../figures/scatter/data';
import { mosaicBox, mosaicProfiles } from '../../../figures/scatter/mosaic';
import { scatterPicture } from '../../../figures/scatter/picture';
import type { PlanePart, ScatterPicture } from '../../../figures/scatter/picture';
import { toPixel } from '../../../figures/scatter/plane';
import { inDrawingOrder, opacity, pointRadius } from '../../../figures/scatter/points';
import { decode } from '../../encoding';
import { clarity } from '../../scatter/clarity';
import { scaleColours, scaleStep, WITHOUT_VALUE } from '../../scatter/colourScale';
import { splitSamples } from '../../samples';
import type { LatentScatterView } from '../../types';
import { clipped } from '../axes';
import { drawPng, measureWith } from '../canvas';
import type { Context } from '../canvas';
import { drawNotes, noteLines, notesHeight, widthIn } from '../figures/notes';
import { paintMarks } from '../figures/paintMarks';
import { drawMosaic } from '../images';
import { drawDisc, drawMark } from '../marks';
import { pageWidth } from '../page';
import { categoryColour, css } from '../palette';
import { drawSample } from '../samples';
import { drawDensity } from './density';
import type { Bytes } from './density';

const WIDTH = 860;

/** A latent scatter as the live view shows it before anyone has touched it, and below it the decoder's grid. */
export function latentScatterPng(view: LatentScatterView): Buffer {
  const width = pageWidth(WIDTH);
  const data = decodedScatter(view, decode, splitSamples);
  const picture = measureWith((context) => scatterPicture(view, data, { width, widthOf: widthIn(context) }));
  const { marks, planes, sample, notes, bottom } = picture;
  const lines = noteLines(notes, width);
  return drawPng(width, Math.ceil(bottom + notesHeight(lines)), (context) => {
    for (const part of planes) {
      framed(context, part, part.behind);
      clipped(context, part.plane.area, () => {
        if (part.shows === 'points') drawPoints(context, part, data, picture);
        else drawGrid(context, part, view, data);
      });
      framed(context, part, part.before);
    }
    paintMarks(context, marks, printColours);
    if (sample) {
      const { left: x, top: y, ...size } = sample.box;
      drawSample(context, sample.values, sample.shape, spanOf(sample.values), { x, y, ...size });
    }
    drawNotes(context, lines, bottom);
  });
}

function framed(context: Context, { plane, isCut }: PlanePart, marks: PlanePart['behind']): void {
  const paint = () => paintMarks(context, marks, printColours);
  if (isCut) clipped(context, plane.area, paint);
  else paint();
}

function drawPoints(context: Context, { plane }: PlanePart, data: ScatterData, { crowd }: ScatterPicture): void {
  const { coordinates, colouring, n, space } = data;
  const bytesOf = scaleBytes(data);
  if (crowd > 0) {
    const colours = (colouring.kind === 'groups' ? colouring.names : ['']).map((_, i) => channels(categoryColour(i)));
    const groupOf = colouring.kind === 'groups' ? colouring.groupOf : undefined;
    return drawDensity(context, plane, { coordinates, crowd, colourOf: bytesOf ?? ((k) => colours[groupOf?.[k] ?? 0]!) }); // prettier-ignore
  }
  const nearness = space.solid?.nearness;
  const [radius, alpha] = [pointRadius(n), opacity(n)];
  context.save();
  for (const k of inDrawingOrder(n, nearness)) {
    const [x, y] = toPixel(plane, coordinates[2 * k]!, coordinates[2 * k + 1]!);
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    context.globalAlpha = nearness ? alpha * clarity(nearness[k]!) : alpha;
    if (bytesOf) drawDisc(context, css(bytesOf(k)), x, y, radius);
    else drawMark(context, colouring.kind === 'groups' ? colouring.groupOf[k]! : 0, x, y, radius);
  }
  context.restore();
}

/** The colour of a point on the scale; undefined if points are on none. */
function scaleBytes({ colouring }: ScatterData): ((point: number) => Bytes) | undefined {
  if (colouring.kind !== 'scale') return undefined;
  const colours = scaleColours('light');
  return (k) => colours[scaleStep(colouring.values[k]!, colouring.range)] ?? WITHOUT_VALUE.light;
}

function channels(hex: string): Bytes {
  const at = (start: number) => parseInt(hex.slice(start, start + 2), 16);
  return [at(1), at(3), at(5)];
}

function drawGrid(context: Context, { plane }: PlanePart, { grid }: LatentScatterView, data: ScatterData): void {
  const { shape } = data;
  if (!grid || !data.grid) return;
  if (shape.kind === 'vector') return paintMarks(context, mosaicProfiles(data.grid, plane), printColours);
  const { x: left, y: top, ...size } = mosaicBox(data.grid, plane);
  drawMosaic(context, grid.samples, shape, grid.xs.length, { left, top, ...size });
}
