/** The plane as a drawing of its own, in print colours: points as vector marks, classes named beside them. */
import { legendMarks } from '../../../kernel/figures/scatter/legendMarks';
import { mosaicBox } from '../../../kernel/figures/scatter/mosaic';
import { toPixel } from '../../../kernel/figures/scatter/plane';
import { inDrawingOrder, pointRadius } from '../../../kernel/figures/scatter/points';
import type { ScatterRoom } from '../../../kernel/figures/scatter/room';
import { scaleMarks } from '../../../kernel/figures/scatter/scaleMarks';
import { h, svg } from '../../dom';
import type { SvgImage } from '../../figure/save';
import { standalone } from '../../figure/stage';
import { PNG_SCALE } from '../../figure/save';
import { coloursOf, markElement } from '../../figure/marks';
import { measureIn } from '../../figure/text';
import { drawPoints } from '../../gl/drawPoints';
import { sharedGl } from '../../gl/sharedContext';
import { PRINT_THEME } from '../../theme';
import { markShape } from './colour/legend';
import { inkAt, inksOf } from './colour/paint';
import type { Bytes, Paint } from './colour/paint';
import { mosaicCanvas } from './plane/mosaic';
import { clipped, frameMarks, manifoldProfiles } from './plane/painter';
import type { Picture } from './plane/painter';
import { wayPath } from './plane/marks';
import { sideOf } from './ways/strip';
import type { Strip } from './ways/strip';
import { spanOf } from '../../../kernel/figures/span';
import { imageCanvas, profilePath } from '../../samples';
import { DIMMED, isHidden, pointsOf } from './plane/points';
import { clarity } from '../../../kernel/views/scatter/clarity';

/** More points than this are pixels: a drawing of as many marks is slow to open and shows no more. */
const MOST_MARKS = 10_000;

const HEAD = 30;

export function printScatter(
  title: string,
  picture: Picture,
  { isNarrow, stage, aside }: ScatterRoom,
  way: PrintedWay | null,
): SvgImage {
  const theme = PRINT_THEME;
  const { data, plane, look, manifold } = picture;
  const { behind, before } = frameMarks(picture, theme, 'frame');
  const points = data.n > MOST_MARKS ? pointPixels : pointMarks;
  const content = manifold ? [...mosaicImage(picture), ...manifoldProfiles(picture, theme)] : points(picture);
  const legend = manifold ? { marks: [], height: 0 } : printedLegend(look, { ...aside, height: stage.height - aside.top }); // prettier-ignore
  const isBeside = !isNarrow && legend.height > 0;
  const body = svg(
    'g',
    { transform: `translate(0 ${HEAD})` },
    ...behind,
    ...clipped(content, plane, 'plane'),
    ...before,
    ...clipped(way ? [printedLine(way)] : [], plane, 'way'),
    ...legend.marks.map((mark) => markElement(mark, coloursOf(theme))),
  );
  const heading = svg('text', { x: 12, y: 20, 'font-size': 14, 'font-weight': 600, fill: theme.foreground }, title);
  const width = isBeside ? aside.left + aside.width : stage.width + 8;
  const foot = HEAD + Math.max(stage.height, legend.height > 0 ? aside.top + legend.height : 0);
  const strip = way ? printedStrip(way, foot, width) : { elements: [], height: 0 };
  return standalone([heading, body, ...strip.elements], width, foot + 4 + strip.height, theme);
}

/** What the points are coloured by, where the column with it stands on the screen. */
function printedLegend({ paint, hidden }: Picture['look'], room: ScatterRoom['aside'] & { height: number }) {
  const measure = measureIn(PRINT_THEME.fontFamily);
  const widthOf = (text: string, size: number, strong: boolean) => measure(text, { size, strong });
  if (paint.kind === 'scale') return scaleMarks(paint, room, widthOf);
  const groups = paint.groups.map((group, i) => (hidden.has(i) ? { ...group, count: 0 } : group));
  return legendMarks(groups, room, widthOf);
}

export interface PrintedWay {
  title: string;
  strip: Strip;
  pixels: [number, number][];
}

const printedLine = ({ pixels }: PrintedWay) =>
  svg('path', { d: wayPath(pixels), fill: 'none', stroke: PRINT_THEME.foreground, 'stroke-width': 1.5 });

/** The samples along a way below the plane. */
function printedStrip({ title, strip }: PrintedWay, top: number, width: number) {
  const side = sideOf(width - 24, strip.samples.length);
  const name = svg('text', { x: 12, y: top + 16, 'font-size': 12, fill: PRINT_THEME.foreground }, title);
  const elements = strip.samples.map((values, i) => {
    const [x, y] = [12 + i * (side + 4), top + 24];
    const { shape } = strip;
    if (shape.kind !== 'image') {
      const box = { x, y, width: side, height: side * 0.6 };
      return svg('path', {
        d: profilePath(values, spanOf(...strip.samples), box),
        fill: 'none',
        stroke: PRINT_THEME.foreground,
      });
    }
    const scale = side / Math.max(shape.width, shape.height);
    const place = { x, y, width: shape.width * scale, height: shape.height * scale };
    const image = svg('image', { ...place, href: imageCanvas(values, shape).toDataURL('image/png') });
    image.style.imageRendering = 'pixelated';
    return image;
  });
  return { elements: [name, ...elements], height: side + 36 };
}

function pointMarks({ data, coordinates, plane, look }: Picture): SVGElement[] {
  const radius = pointRadius(data.n);
  const inks = inksOf(look.paint, PRINT_THEME);
  const marks = svg('g', { 'fill-opacity': 0.75 });
  for (const k of inDrawingOrder(data.n, look.nearness)) {
    const [x, y] = toPixel(plane, coordinates[2 * k]!, coordinates[2 * k + 1]!);
    if (isHidden(look, k) || !Number.isFinite(x) || !Number.isFinite(y)) continue;
    const mark = markOf(look.paint, inks, k, x, y, radius);
    const share = look.nearness ? clarity(look.nearness[k]!) : 1;
    const isBack = look.selected !== null && look.selected[k] !== 1;
    if (isBack || share < 1) mark.setAttribute('fill-opacity', (0.75 * share * (isBack ? DIMMED : 1)).toFixed(3));
    marks.append(mark);
  }
  return [marks];
}

/** Rounded to a tenth of a pixel: a drawing of thousands of points stays short. */
const tenths = (pixels: number) => Math.round(10 * pixels) / 10;

function markOf(paint: Paint, inks: Bytes[], k: number, x: number, y: number, r: number): SVGElement {
  if (paint.kind === 'groups') return markShape(paint.groupOf[k]!, PRINT_THEME, tenths(x), tenths(y), r);
  const [red, green, blue] = inks[inkAt(paint, k)]!;
  return svg('circle', { cx: tenths(x), cy: tenths(y), r, fill: `rgb(${red} ${green} ${blue})` });
}

/** The points as they are on the screen, with print's colours and pixels. */
function pointPixels({ data, coordinates, plane, look }: Picture): SVGElement[] {
  const { left, top, width, height } = plane.area;
  const size = { width: Math.ceil(left + width), height: Math.ceil(top + height) };
  const canvas = h('canvas', { width: size.width * PNG_SCALE, height: size.height * PNG_SCALE });
  const paper = canvas.getContext('2d');
  if (paper === null) throw new Error('the browser provides no 2D canvas');
  paper.scale(PNG_SCALE, PNG_SCALE);
  const { batch } = pointsOf(data, coordinates, look, PRINT_THEME);
  drawPoints(paper, batch, plane, plane.area, PNG_SCALE);
  sharedGl().release(batch);
  return [svg('image', { ...size, href: canvas.toDataURL('image/png') })];
}

function mosaicImage({ data, plane }: Picture): SVGElement[] {
  if (data.grid === null || data.shape.kind !== 'image') return [];
  const href = mosaicCanvas(data.grid, data.shape).toDataURL('image/png');
  const image = svg('image', { ...mosaicBox(data.grid, plane), href, preserveAspectRatio: 'none' });
  image.style.imageRendering = 'pixelated';
  return [image];
}
