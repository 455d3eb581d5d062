/** The frame of the plane: grid lines below the points, ticks and names around them. */
import { linearTicks } from '../../../../kernel/views/ticks';
import { svg } from '../../../dom';
import type { Theme } from '../../../theme';
import { toLatent, toPixel } from './plane';
import type { Plane } from './plane';

/** Room for ticks and names around the area of the points. */
export const MARGIN = { left: 58, right: 10, top: 8, bottom: 38 };

/** What fits into the margin on the left, beside the name. */
const LABELS = { longest: 7 };

/** Letters of a name that fit beside the ticks. */
const UPRIGHT = 4;

interface Tick {
  at: number;
  text: string;
  value: number;
}

/** Pixels of a letter beside a tick, at most, and between two labels. */
const [LETTER, BETWEEN] = [6.6, 6];

/** As many ticks as fit side by side. */
function apart(most: number, ticks: (count: number) => Tick[]): Tick[] {
  for (let count = most; count > 2; count--) {
    const tried = ticks(count);
    const longest = Math.max(...tried.map(({ text }) => text.length));
    const fits = tried.every(({ at }, i) => i === 0 || at - tried[i - 1]!.at >= LETTER * longest + BETWEEN);
    if (fits) return tried;
  }
  return ticks(2);
}

function planeTicks(plane: Plane): { across: Tick[]; up: Tick[] } {
  const { area } = plane;
  const [x0, y1] = toLatent(plane, area.left, area.top);
  const [x1, y0] = toLatent(plane, area.left + area.width, area.top + area.height);
  const room = (pixels: number) => Math.max(2, Math.floor(pixels / 50));
  const across = apart(room(area.width), (count) =>
    linearTicks(x0, x1, count, LABELS).map(({ value, text }) => ({ at: toPixel(plane, value, 0)[0], text, value })),
  );
  // Where a unit is as long on both axes, their numbers are as far apart too.
  const step = plane.unit.x === plane.unit.y && across.length > 1 ? across[1]!.value - across[0]!.value : undefined;
  const tried = step === undefined ? [] : linearTicks(y0, y1, (y1 - y0) / step, LABELS);
  const up = tried.length > 1 ? tried : linearTicks(y0, y1, Math.max(2, Math.floor(area.height / 60)), LABELS);
  return { across, up: up.map(({ value, text }) => ({ at: toPixel(plane, 0, value)[1], text, value })) };
}

export function gridLines(plane: Plane, hasSecond: boolean, theme: Theme): SVGElement[] {
  const { area } = plane;
  const { across, up } = planeTicks(plane);
  const line = (attributes: Record<string, number>) =>
    svg('line', { ...attributes, stroke: theme.grid, 'stroke-width': 1, 'shape-rendering': 'crispEdges' });
  const vertical = across.map(({ at }) => line({ x1: at, x2: at, y1: area.top, y2: area.top + area.height }));
  const horizontal = up.map(({ at }) => line({ x1: area.left, x2: area.left + area.width, y1: at, y2: at }));
  return hasSecond ? [...vertical, ...horizontal] : vertical;
}

/** @param names of the two axes; without a second, the height has no meaning and no ticks */
export function axisMarks(plane: Plane, names: readonly [string, string | null], theme: Theme): SVGElement[] {
  const { left, top, width, height } = plane.area;
  const bottom = top + height;
  const { across, up } = planeTicks(plane);
  const text = (content: string, attributes: Record<string, string | number>) =>
    svg('text', { 'font-size': 11, fill: theme.muted, ...attributes }, content);
  const marks: SVGElement[] = [
    svg('rect', { x: left, y: top, width, height, fill: 'none', stroke: theme.line, 'shape-rendering': 'crispEdges' }),
  ];
  for (const { at, text: label } of across) {
    marks.push(svg('line', { x1: at, x2: at, y1: bottom, y2: bottom + 4, stroke: theme.line }));
    marks.push(text(label, { x: at, y: bottom + 16, 'text-anchor': 'middle' }));
  }
  const [first, second] = names;
  const name = { 'font-size': 13, 'font-style': 'italic', fill: theme.foreground, 'text-anchor': 'middle' };
  marks.push(text(first, { ...name, x: left + width / 2, y: bottom + 33 }));
  if (second === null) return marks;
  for (const { at, text: label } of up) {
    marks.push(svg('line', { x1: left - 4, x2: left, y1: at, y2: at, stroke: theme.line }));
    marks.push(text(label, { x: left - 7, y: at + 3.5, 'text-anchor': 'end' }));
  }
  const middle = top + height / 2;
  // A few letters stand upright; more would lie over the ticks.
  const turned =
    second.length > UPRIGHT
      ? { transform: `rotate(-90 12 ${middle})`, x: 12, y: middle }
      : { x: 10, y: middle + 4, transform: '' };
  marks.push(text(second, { ...name, ...turned }));
  return marks;
}
