import { scaleLinear } from 'd3-scale';
import { coreOf } from '../../extent';
import { clarity } from '../../scatter/clarity';
import { scaleColours } from '../../scatter/colourScale';
import { colourText, type Scale } from '../../scatter/colouring';
import type { LatentScatterView } from '../../types';
import { count, counted } from '../../wording';
import { bottom, clipped, drawBottomAxis, drawFrame, drawLeftAxis, line, right, ticksOf } from '../axes';
import type { Box, Scale as AxisScale } from '../axes';
import { drawPng, drawText, measureWith, textWidth } from '../canvas';
import type { Context } from '../canvas';
import { drawMosaic } from '../images';
import { drawDisc, drawMark } from '../marks';
import { pageWidth } from '../page';
import { css, FAINT, INK, QUIET } from '../palette';
import { farOff, readCloud, scaleColour, shownAxes } from './cloud';
import type { Cloud } from './cloud';
import { CROWD, drawDensity } from './density';
import { boxDrawing } from './solid';

const PANEL = 380;
const LEFT = 62;
const TOP = 52;
const BELOW = 50;
const LEGEND_ENTRY = 18;
const MAX_LEGEND = 20;
/** Width that a class name has in the legend. */
const MAX_NAME = 110;
const SCALE_HEIGHT = 180;
/** Width of the bar of a scale with its values. */
const SCALE_WIDTH = 84;

/** What the live figure leaves free beside the points at either end. */
const MARGIN = 0.06;

/**
 * Points in the first two latent dimensions at equal scale, coloured by class, with the decoded grid beside
 * them. One-dimensional latents are drawn as one row of points a class.
 */
export function latentScatterPng(view: LatentScatterView): Buffer {
  const cloud = readCloud(view);
  const isLine = view.dimensions.length === 1;
  const legendWidth = isLine ? 16 : cloud.scale ? SCALE_WIDTH : cloud.names.length > 0 ? legendRoom(cloud.names) : 16;
  const shape = view.sampleShape;
  const axes = shownAxes(view);
  // The grid is of the first two dimensions, and belongs beside them.
  const grid =
    view.grid !== null && shape.kind === 'image' && !axes.isProjected && !cloud.solid ? { ...view.grid, shape } : null;
  const left = isLine ? legendRoom(cloud.names) + 8 : LEFT;
  const beside = left + PANEL + legendWidth + (grid ? PANEL + 62 : 0);
  // Narrower pages have the decoded grid below the plane.
  const isNarrow = pageWidth(beside) < beside;
  const size = isNarrow ? Math.min(PANEL, pageWidth(beside) - left - legendWidth) : PANEL;
  const plot: Box = { left, top: TOP, width: size, height: size };
  const width = isNarrow ? left + size + legendWidth : beside;
  const grids = grid && isNarrow ? size + BELOW + 22 : 0;
  return drawPng(width, TOP + size + BELOW + grids, (context) => {
    drawText(context, view.title, 14, 22, { size: 14, weight: 'bold', maxWidth: width - 28 });
    drawText(context, subtitle(view, cloud), 14, 39, { size: 10.5, colour: QUIET, maxWidth: width - 28 });
    if (isLine) drawRows(context, plot, view, cloud);
    else {
      drawPlane(context, plot, view, cloud);
      drawLegend(context, { left: right(plot) + 12, top: TOP }, cloud);
    }
    const place = isNarrow ? { ...plot, top: TOP + size + BELOW + 22 } : { ...plot, left: width - PANEL - 14 };
    if (grid) drawGrid(context, place, view, grid);
  });
}

/** Width of the widest class name with its mark. */
function legendRoom(names: string[]): number {
  const widths = measureWith((context) => names.map((name) => textWidth(context, name, { size: 11 })));
  return Math.min(MAX_NAME, Math.max(20, ...widths)) + 32;
}

function subtitle(view: LatentScatterView, cloud: Cloud): string {
  const kept = view.points.shape[0] ?? 0;
  const shown = kept < view.totalPoints ? `a random sample of ${count(kept)} of ` : '';
  const first = cloud.solid ? 'three' : 'two';
  const projected = { pca: `the first ${first} principal components`, umap: 'UMAP', latent: `the first ${first}` };
  const from = `${projected[view.space ?? 'latent']} of ${view.dimensions.length} dimensions`;
  const isPart = view.dimensions.length > (cloud.solid ? 3 : 2) || (view.space ?? 'latent') !== 'latent';
  const plane = isPart ? `, ${from}` : '';
  const far = cloud.solid ? 0 : farOff(cloud, view.dimensions.length > 1);
  const left = far > 0 ? `; ${counted(far, 'point')} too far away to show with the others` : '';
  return `Posterior means: ${shown}${counted(view.totalPoints, 'point')}${plane}${left}`;
}

function drawPlane(context: Context, box: Box, view: LatentScatterView, cloud: Cloud): void {
  const { solid } = cloud;
  const [xDomain, yDomain] = solid ? solidDomains(solid.reach) : equalDomains(cloud.x, cloud.y);
  const x = scaleLinear(xDomain, [box.left, right(box)]);
  const y = scaleLinear(yDomain, [bottom(box), box.top]);
  const colourOf = cloud.scale ? (i: number) => scaleColour(cloud, i) : undefined;
  const draw = () => {
    if (cloud.x.length > CROWD) drawDensity(context, box, { ...cloud, colourOf }, x, y);
    else drawPoints(context, cloud, x, y);
  };
  if (solid) {
    const { behind, before } = boxDrawing(context, solid, x, y);
    return clipped(context, box, () => {
      behind();
      draw();
      before();
    });
  }
  const [across, up] = [ticksOf(x, 7), ticksOf(y, 7)];
  drawFrame(context, box);
  clipped(context, box, () => {
    for (const { value } of across) line(context, x(value), box.top, x(value), bottom(box), FAINT);
    for (const { value } of up) line(context, box.left, y(value), right(box), y(value), FAINT);
    draw();
  });
  const { names } = shownAxes(view);
  drawBottomAxis(context, box, x, { label: names[0], ticks: across });
  drawLeftAxis(context, box, y, { label: names[1], ticks: up });
}

function drawPoints(context: Context, cloud: Cloud, x: AxisScale, y: AxisScale): void {
  const n = cloud.x.length;
  const radius = n > 8000 ? 1.1 : n > 2500 ? 1.5 : n > 500 ? 2.1 : 3;
  context.save();
  const alpha = n > 8000 ? 0.45 : n > 2500 ? 0.6 : 0.75;
  context.globalAlpha = alpha;
  for (let i = 0; i < n; i++) {
    if (cloud.solid) context.globalAlpha = alpha * clarity(cloud.solid.nearness[i]!);
    const [left, top] = [x(cloud.x[i]!), y(cloud.y[i]!)];
    if (cloud.scale) drawDisc(context, css(scaleColour(cloud, i)), left, top, radius);
    else drawMark(context, cloud.classes[i]!, left, top, radius);
  }
  context.restore();
}

/** One dimension: a row a class, points jittered up and down by their index (golden ratio, so evenly). */
function drawRows(context: Context, box: Box, view: LatentScatterView, cloud: Cloud): void {
  const rows = Math.max(1, cloud.names.length);
  const x = scaleLinear(padded(cloud.x), [box.left, right(box)]);
  const y = scaleLinear([0, rows], [box.top, bottom(box)]);
  cloud.names.forEach((name, row) => {
    const style = { size: 11, align: 'right', baseline: 'middle', maxWidth: MAX_NAME } as const;
    drawText(context, name, box.left - 10, y(row + 0.5), style);
  });
  const jitter = (i: number) => 0.5 + 0.7 * (((i * 0.6180339887) % 1) - 0.5);
  drawFrame(context, box);
  drawPoints(context, { ...cloud, y: cloud.classes.map((row, i) => row + jitter(i)) }, x, y);
  drawBottomAxis(context, box, x, { label: view.dimensions[0] });
}

function drawLegend(context: Context, corner: { left: number; top: number }, cloud: Cloud): void {
  if (cloud.scale) return drawScale(context, corner, cloud.scale);
  if (cloud.names.length === 0) return;
  cloud.names.slice(0, MAX_LEGEND).forEach((name, i) => {
    const y = corner.top + 8 + LEGEND_ENTRY * i;
    drawMark(context, i, corner.left + 5, y, 4.5);
    drawText(context, name, corner.left + 15, y, { size: 11, baseline: 'middle', maxWidth: MAX_NAME });
  });
  const more = cloud.names.length - MAX_LEGEND;
  if (more > 0) {
    const y = corner.top + 8 + LEGEND_ENTRY * MAX_LEGEND;
    drawText(context, `and ${count(more)} more`, corner.left + 15, y, { size: 11, colour: QUIET, baseline: 'middle' });
  }
}

/** The scale as a bar with its values; those beyond its ends have the colours of the ends. */
function drawScale(context: Context, corner: { left: number; top: number }, { name, range }: Scale): void {
  const colours = scaleColours('light');
  const [top, height, width] = [corner.top + 22, SCALE_HEIGHT, 14];
  drawText(context, colourText(name), corner.left, corner.top + 8, {
    size: 11,
    baseline: 'middle',
    maxWidth: MAX_NAME,
  });
  for (let row = 0; row < height; row++) {
    context.fillStyle = css(colours[Math.round(((height - 1 - row) / (height - 1)) * (colours.length - 1))]!);
    context.fillRect(corner.left, top + row, width, 1.5);
  }
  const y = scaleLinear(range, [top + height, top]);
  for (const { value, text } of ticksOf(y, 5)) {
    line(context, corner.left + width, y(value), corner.left + width + 4, y(value), QUIET);
    drawText(context, text, corner.left + width + 7, y(value), { size: 10.5, colour: QUIET, baseline: 'middle' });
  }
}

function drawGrid(
  context: Context,
  box: Box,
  view: LatentScatterView,
  grid: NonNullable<LatentScatterView['grid']> & { shape: Parameters<typeof drawMosaic>[2] },
): void {
  const heading = 'Decoder mean over the plane';
  const centre = box.left + (box.width - textWidth(context, heading, { size: 11 })) / 2;
  drawText(context, heading, centre, box.top - 8, { size: 11, colour: INK });
  drawMosaic(context, grid.samples, grid.shape, grid.xs.length, box);
  const cell = { width: box.width / grid.xs.length, height: box.height / grid.ys.length };
  const x = gridScale(grid.xs, [box.left + cell.width / 2, right(box) - cell.width / 2]);
  const y = gridScale(grid.ys, [bottom(box) - cell.height / 2, box.top + cell.height / 2]);
  drawBottomAxis(context, box, x, { label: view.dimensions[0], ticks: ticksOf(x, 7) });
  drawLeftAxis(context, box, y, { label: view.dimensions[1], ticks: ticksOf(y, 7) });
}

const gridScale = (coordinates: number[], range: [number, number]) =>
  scaleLinear([coordinates[0]!, coordinates.at(-1)!], range);

/** However the box is turned, it has room in this. */
function solidDomains(reach: number): [[number, number], [number, number]] {
  const half = reach * (1 + 2 * MARGIN);
  return [
    [-half, half],
    [-half, half],
  ];
}

/** Domains of one length around the points, so that a unit is as long on either axis. */
function equalDomains(xs: number[], ys: number[]): [[number, number], [number, number]] {
  const [x, y] = [padded(xs), padded(ys)];
  const half = Math.max(x[1] - x[0], y[1] - y[0]) / 2;
  const around = ([low, high]: [number, number]): [number, number] => [
    (low + high) / 2 - half,
    (low + high) / 2 + half,
  ];
  return [around(x), around(y)];
}

function padded(values: number[]): [number, number] {
  const [low, high] = coreOf(values);
  const margin = (high - low) * 0.03;
  return [low - margin, high + margin];
}
