/** The frame of the plane: grid lines below the points, ticks and names around them. */
import { linearTicks } from '../../views/ticks';
import type { Mark, PathMark, TextMark } from '../marks';
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

export function gridLines(plane: Plane, hasSecond: boolean): Mark[] {
  const { left, top, width, height } = plane.area;
  const { across, up } = planeTicks(plane);
  const vertical = across.map(({ at }) => straight('grid', at, top, at, top + height, true));
  const horizontal = up.map(({ at }) => straight('grid', left, at, left + width, at, true));
  return hasSecond ? [...vertical, ...horizontal] : vertical;
}

/** @param names of the two axes; without a second, the height has no meaning and no ticks */
export function planeAxes(plane: Plane, [first, second]: readonly [string, string | null]): Mark[] {
  const { left, top, width, height } = plane.area;
  const bottom = top + height;
  const { across, up } = planeTicks(plane);
  const frame: Mark = { kind: 'rect', x: left, y: top, width, height, stroke: 'line', isCrisp: true };
  const x: Mark[] = [
    ...across.flatMap(({ at, text }) => [
      straight('line', at, bottom, at, bottom + 4),
      number(text, at, bottom + 16, 'middle'),
    ]),
    name(first, left + width / 2, bottom + 33),
  ];
  const marks: Mark[] = [frame, { kind: 'group', id: 'x axis', name: 'x axis', marks: x }];
  if (second === null) return marks;
  const middle = top + height / 2;
  // A few letters stand upright; more would lie over the ticks.
  const isTurned = second.length > UPRIGHT;
  const x0 = left - MARGIN.left;
  const y: Mark[] = [
    ...up.flatMap(({ at, text }) => [
      straight('line', left - 4, at, left, at),
      number(text, left - 7, at + 3.5, 'end'),
    ]),
    isTurned ? { ...name(second, x0 + 12, middle), turn: -90 } : name(second, x0 + 10, middle + 4),
  ];
  return [...marks, { kind: 'group', id: 'y axis', name: 'y axis', marks: y }];
}

function straight(stroke: 'grid' | 'line', x1: number, y1: number, x2: number, y2: number, isCrisp = false): PathMark {
  return { kind: 'path', points: [[x1, y1], [x2, y2]], stroke, isCrisp }; // prettier-ignore
}

function number(text: string, x: number, y: number, anchor: 'middle' | 'end'): TextMark {
  return { kind: 'text', name: 'tick', x, y, text, size: 11, fill: 'muted', anchor };
}

function name(text: string, x: number, y: number): TextMark {
  return { kind: 'text', x, y, text, size: 13, fill: 'foreground', anchor: 'middle', isItalic: true };
}
