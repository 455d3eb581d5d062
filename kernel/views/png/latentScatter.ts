import { scaleLinear } from 'd3-scale';
import { decode } from '../encoding';
import { scaleColours, scaleStep, WITHOUT_VALUE, type Bytes } from '../scatter/colourScale';
import { colouringOf, colourText, type Scale } from '../scatter/colouring';
import { coreOf, isWithin } from '../extent';
import type { LatentScatterView } from '../types';
import { count, counted } from '../wording';
import { bottom, clipped, drawBottomAxis, drawFrame, drawLeftAxis, line, right, ticksOf } from './axes';
import type { Box, Scale as AxisScale } from './axes';
import { drawPng, drawText, measureWith, textWidth } from './canvas';
import type { Context } from './canvas';
import { pageWidth } from './page';
import { drawMosaic } from './images';
import { CROWD, drawDensity } from './density';
import { drawDisc, drawMark } from './marks';
import { css, INK, QUIET } from './palette';

const PANEL = 380;
const LEFT = 62;
const TOP = 52;
const BELOW = 50;
const LEGEND_ENTRY = 18;
const MAX_LEGEND = 20;
const MAX_DIRECT_LABELS = 12;
/** Points that medians are found of. */
const MOST_SORTED = 100_000;
/** Width that a class name has in the legend. */
const MAX_NAME = 110;
const SCALE_HEIGHT = 180;
/** Width of the bar of a scale with its values. */
const SCALE_WIDTH = 84;

interface Cloud {
  x: number[];
  y: number[];
  /** Class of each point, 0 where there are none. */
  classes: number[];
  names: string[];
  /** Where they are on a scale, in place of classes. */
  scale: Scale | null;
  /** [m] index of each among the view's points. */
  places: number[];
}

/**
 * Points in the first two latent dimensions at equal scale, coloured and named by class, with the decoded grid beside
 * them. One-dimensional latents are drawn as one row of points a class.
 */
export function latentScatterPng(view: LatentScatterView): Buffer {
  const cloud = readCloud(view);
  const isLine = view.dimensions.length === 1;
  const legendWidth = isLine ? 16 : cloud.scale ? SCALE_WIDTH : cloud.names.length > 0 ? legendRoom(cloud.names) : 16;
  const shape = view.sampleShape;
  const axes = shownAxes(view);
  // The grid is of the first two dimensions, and belongs beside them.
  const grid = view.grid !== null && shape.kind === 'image' && !axes.isProjected ? { ...view.grid, shape } : null;
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
  const projected = { pca: 'the first two principal components', umap: 'UMAP', latent: 'the first two' };
  const from = `${projected[view.space ?? 'latent']} of ${view.dimensions.length} dimensions`;
  const plane = view.dimensions.length > 2 ? `, ${from}` : '';
  const far = farOff(cloud, view.dimensions.length > 1);
  const left = far > 0 ? `; ${counted(far, 'point')} too far away to show with the others` : '';
  return `Posterior means: ${shown}${counted(view.totalPoints, 'point')}${plane}${left}`;
}

/** Points that {@link coreOf} leaves out on one of the axes. */
function farOff({ x, y }: Cloud, isPlane: boolean): number {
  const [across, up] = [coreOf(x), coreOf(y)];
  return x.filter((value, i) => !isWithin(value, across) || (isPlane && !isWithin(y[i]!, up))).length;
}

/** What the axes are of: the first two dimensions, components, or an embedding. */
function shownAxes({ points, dimensions, projections, space }: LatentScatterView) {
  const { pca, umap } = projections ?? {};
  if (space === 'pca' && pca) {
    const shares = decode(pca.shares);
    const names = Array.from(shares, (share, i) => `PC ${i + 1} (${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %)`);
    return { places: decode(pca.scores), stride: shares.length, names, isProjected: true };
  }
  if (space === 'umap' && umap)
    return { places: decode(umap.places), stride: 2, names: ['UMAP 1', 'UMAP 2'], isProjected: true };
  return { places: decode(points), stride: dimensions.length, names: dimensions, isProjected: false };
}

/** Finite points of the two axes, with what they are coloured by. */
function readCloud(view: LatentScatterView): Cloud {
  const points = decode(view.points);
  const width = view.dimensions.length;
  const colouring = colouringOf(
    {
      points,
      dimensions: view.dimensions,
      labels: view.labels && decode(view.labels),
      classNames: view.classNames,
      columns: (view.colours ?? []).map((column) => ({ ...column, values: decode(column.values) })),
    },
    view.colourBy,
  );
  const { places, stride } = shownAxes(view);
  const isGroups = colouring.kind === 'groups';
  const cloud: Cloud = {
    ...{ x: [], y: [], classes: [], places: [] },
    names: isGroups ? colouring.names : [],
    scale: colouring.kind === 'scale' ? colouring : null,
  };
  for (let i = 0; i < points.length / width; i++) {
    const [x, y] = [places[i * stride]!, places[i * stride + Math.min(1, stride - 1)]!];
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    cloud.x.push(x);
    cloud.y.push(y);
    cloud.classes.push(isGroups ? colouring.groupOf[i]! : 0);
    cloud.places.push(i);
  }
  return cloud;
}

/** The colour of a point on the scale. */
function scaleColour({ scale, places }: Cloud, i: number): Bytes {
  const step = scaleStep(scale!.values[places[i]!]!, scale!.range);
  return step < 0 ? WITHOUT_VALUE.light : scaleColours('light')[step]!;
}

function drawPlane(context: Context, box: Box, view: LatentScatterView, cloud: Cloud): void {
  const [xDomain, yDomain] = equalDomains(cloud.x, cloud.y);
  const x = scaleLinear(xDomain, [box.left, right(box)]);
  const y = scaleLinear(yDomain, [bottom(box), box.top]);
  drawFrame(context, box);
  clipped(context, box, () => {
    line(context, x(0), box.top, x(0), bottom(box), '#e4e8ec');
    line(context, box.left, y(0), right(box), y(0), '#e4e8ec');
    const colourOf = cloud.scale ? (i: number) => scaleColour(cloud, i) : undefined;
    if (cloud.x.length > CROWD) drawDensity(context, box, { ...cloud, colourOf }, x, y);
    else drawPoints(context, cloud, x, y);
    if (cloud.names.length <= MAX_DIRECT_LABELS) drawClassNames(context, cloud, x, y);
  });
  const { names } = shownAxes(view);
  drawBottomAxis(context, box, x, { label: names[0], ticks: ticksOf(x, 7) });
  drawLeftAxis(context, box, y, { label: names[1], ticks: ticksOf(y, 7) });
}

function drawPoints(context: Context, cloud: Cloud, x: AxisScale, y: AxisScale): void {
  const n = cloud.x.length;
  const radius = n > 8000 ? 1.1 : n > 2500 ? 1.5 : n > 500 ? 2.1 : 3;
  context.save();
  context.globalAlpha = n > 8000 ? 0.45 : n > 2500 ? 0.6 : 0.75;
  for (let i = 0; i < n; i++) {
    const [left, top] = [x(cloud.x[i]!), y(cloud.y[i]!)];
    if (cloud.scale) drawDisc(context, css(scaleColour(cloud, i)), left, top, radius);
    else drawMark(context, cloud.classes[i]!, left, top, radius);
  }
  context.restore();
}

/** The name of each class at its median point, moved down where it would cover another. */
function drawClassNames(context: Context, cloud: Cloud, x: AxisScale, y: AxisScale): void {
  const style = { size: 10, weight: 'bold', align: 'center', baseline: 'middle', halo: true } as const;
  const placed: { x: number; y: number; width: number }[] = [];
  const members = cloud.names.map((): { x: number[]; y: number[] } => ({ x: [], y: [] }));
  // Where there are many, some of them tell where the median is.
  const stride = Math.ceil(cloud.x.length / MOST_SORTED);
  for (let i = 0; i < cloud.x.length; i += stride) {
    members[cloud.classes[i]!]?.x.push(cloud.x[i]!);
    members[cloud.classes[i]!]?.y.push(cloud.y[i]!);
  }
  const names = cloud.names
    .map((name, i) => ({ name, x: x(median(members[i]!.x)), y: y(median(members[i]!.y)) }))
    .filter((label) => Number.isFinite(label.x))
    .sort((a, b) => a.y - b.y);
  for (const label of names) {
    const width = textWidth(context, label.name, style);
    for (const other of placed) {
      const beside = Math.abs(other.x - label.x) > (other.width + width) / 2 + 4;
      if (!beside && label.y < other.y + 13) label.y = other.y + 13;
    }
    placed.push({ x: label.x, y: label.y, width });
    drawText(context, label.name, label.x, label.y, style);
  }
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
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
    drawText(context, `and ${more} more`, corner.left + 15, y, { size: 11, colour: QUIET, baseline: 'middle' });
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
