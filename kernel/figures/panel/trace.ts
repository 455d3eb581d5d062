/** Curves as pen strokes: only what a panel shows, and no more points than its pixels can tell apart. */
import type { Band, Cells, Line, Panel, Points, Scale } from './panel';
import { scaleOf } from './panel';

/** What a canvas and the text of an SVG path have in common. */
export interface Pen {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
}

/** Index of the first element that is not below a value; the elements ascend. */
function firstFrom(values: ArrayLike<number>, value: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The points that a panel shows from a value on, with one more on either side. */
function shownPart(
  x: ArrayLike<number>,
  { x: { range } }: Panel,
  from = -Infinity,
  isFree = false,
): [start: number, end: number] {
  if (isFree) return [0, x.length];
  return [Math.max(0, firstFrom(x, Math.max(range[0], from)) - 1), Math.min(x.length, firstFrom(x, range[1]) + 1)];
}

/**
 * @param whole whether all points are wanted, as in a file; else those that pixels can tell apart
 * @param left the pixel from which on the line is wanted
 */
export function traceLine(pen: Pen, line: Line, panel: Panel, whole: boolean, left = -Infinity): void {
  const scale = scaleOf(panel, line.right);
  const { box, x } = panel;
  // Some pixels before, so that a column there is a whole one.
  const from = x.range[0] + ((left - 3 - box.left) / box.width) * (x.range[1] - x.range[0]);
  const [start, end] = shownPart(line.x, panel, from, line.isFree);
  const all = left > -Infinity ? shownPart(line.x, panel, -Infinity, line.isFree) : [start, end];
  if (whole || line.isFree || all[1]! - all[0]! < 3 * box.width) traceAll(pen, line, scale, start, end);
  else traceColumns(pen, line, scale, start, end);
}

function traceAll(pen: Pen, { x, y }: Line, scale: Scale, start: number, end: number): void {
  let isDown = false;
  for (let i = start; i < end; i++) {
    const at = scale.y(y[i]!);
    if (!Number.isFinite(at)) isDown = false;
    else if (isDown) pen.lineTo(scale.x(x[i]!), at);
    else {
      pen.moveTo(scale.x(x[i]!), at);
      isDown = true;
    }
  }
}

/** Keeps the first, highest, lowest and last point of each column of pixels: the same ink. */
function traceColumns(pen: Pen, { x, y }: Line, scale: Scale, start: number, end: number): void {
  let isDown = false;
  let column = NaN;
  let [high, low, last] = [NaN, NaN, NaN];
  const leave = () => {
    if (Number.isNaN(column)) return;
    if (high !== last) pen.lineTo(column, high);
    if (low !== high) pen.lineTo(column, low);
    if (last !== low) pen.lineTo(column, last);
  };
  for (let i = start; i < end; i++) {
    const at = scale.y(y[i]!);
    if (!Number.isFinite(at)) {
      leave();
      column = NaN;
      isDown = false;
      continue;
    }
    const across = Math.round(scale.x(x[i]!));
    if (across !== column) {
      leave();
      if (isDown) pen.lineTo(across, at);
      else pen.moveTo(across, at);
      isDown = true;
      [column, high, low] = [across, at, at];
    } else if (at < high) high = at;
    else if (at > low) low = at;
    last = at;
  }
  leave();
}

/** The outline of a band, a closed one for each run of values that are finite on both sides. */
export function traceBand(pen: Pen & { closePath(): void }, { x, low, high }: Band, panel: Panel): void {
  const scale = scaleOf(panel);
  const [start, end] = shownPart(x, panel);
  const isWhole = (i: number) => Number.isFinite(scale.y(low[i]!)) && Number.isFinite(scale.y(high[i]!));
  for (let i = start; i < end; i++) {
    if (!isWhole(i)) continue;
    const first = i;
    pen.moveTo(scale.x(x[i]!), scale.y(high[i]!));
    while (i + 1 < end && isWhole(i + 1)) {
      i++;
      pen.lineTo(scale.x(x[i]!), scale.y(high[i]!));
    }
    for (let back = i; back >= first; back--) pen.lineTo(scale.x(x[back]!), scale.y(low[back]!));
    pen.closePath();
  }
}

/** Where the rings of a line stand. */
export function ringsOf(line: Line, panel: Panel): [x: number, y: number][] {
  const scale = scaleOf(panel, line.right);
  const [start, end] = shownPart(line.x, panel, -Infinity, line.isFree);
  const places: [number, number][] = [];
  for (let i = start; i < end; i++) {
    const at = scale.y(line.y[i]!);
    if (Number.isFinite(at)) places.push([scale.x(line.x[i]!), at]);
  }
  return places;
}

export const RING = 2.5;

/** The cells of a map that a panel shows, in pixels; without seams between them. */
export function cellsOf({ edges, rows, up, colour }: Cells, panel: Panel) {
  const scale = scaleOf(panel);
  const [start, end] = shownPart(edges, panel);
  const found: { left: number; top: number; width: number; height: number; colour: string }[] = [];
  for (let column = start; column < Math.min(end, edges.length - 1); column++) {
    const left = Math.floor(scale.x(edges[column]!));
    const width = Math.ceil(scale.x(edges[column + 1]!)) - left;
    for (let row = 0; row < rows; row++) {
      // The first row is at the top: rows count down from the number of rows to 1.
      const top = scale.y(up ? up[row + 1]! : rows - row + 0.5);
      const height = scale.y(up ? up[row]! : rows - row - 0.5) - top;
      if (top + height < panel.box.top || top > panel.box.top + panel.box.height) continue;
      found.push({
        left,
        top: Math.floor(top),
        width,
        height: Math.ceil(height + (top % 1)),
        colour: colour(column, row),
      });
    }
  }
  return found;
}

/** The points that a panel shows, in pixels. */
export function pointsOf({ x, y, order, colour }: Points, panel: Panel) {
  const scale = scaleOf(panel);
  const { left, top, width, height } = panel.box;
  const found: { x: number; y: number; point: number; colour: string }[] = [];
  for (let i = 0; i < order.length; i++) {
    const point = order[i]!;
    const [across, up] = [scale.x(x[point]!), scale.y(y[point]!)];
    if (across < left || across > left + width || up < top || up > top + height) continue;
    found.push({ x: across, y: up, point, colour: colour(point) });
  }
  return found;
}
