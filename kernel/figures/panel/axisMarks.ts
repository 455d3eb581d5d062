/** What stands around and above the curves of panels: axes with their numbers and names, and where values are broken. */
import { textWidth } from '../marks';
import type { ColourRole, GroupMark, Mark, PathMark, TextMark } from '../marks';
import type { Axis, Box, Panel, Scale } from './panel';
import { scaleOf } from './panel';

const TICK = 4;
const FONT = 11;
/** About the width of a digit. */
const DIGIT = 6.6;
/** Pixels on the right of a panel that its numbers may reach into. */
const OVERHANG = 8;

/** Below the curves: grid, axes, numbers, names. */
export function axisMarks(panels: readonly Panel[]): GroupMark[] {
  return panels.flatMap((panel, i) => [
    ...(panel.right ? [rightAxis(panel.right, panel.box, scaleOf(panel, true), i)] : []),
    yAxis(panel, scaleOf(panel), i),
    xAxis(panel, scaleOf(panel), i),
  ]);
}

/** Above them: levels, and a dotted line where a value is not finite, or an area where many follow each other. */
export function brokenMarks(panels: readonly Panel[]): Mark[] {
  return panels.flatMap((panel) => {
    const scale = scaleOf(panel);
    const marks = panel.broken.flatMap((one) => brokenMark(one, panel, scale));
    return [...levelMarks(panel, scale), ...inRows(marks)];
  });
}

function brokenMark({ from, to, text }: Panel['broken'][number], { box }: Panel, scale: Scale): Mark[] {
  const [right, bottom] = [box.left + box.width, box.top + box.height];
  const [x0, x1] = [Math.max(box.left, scale.x(from)), Math.min(right, scale.x(to))];
  if (x1 < box.left || x0 > right) return [];
  const edge = (x: number): PathMark => {
    return { ...straight('error', x, box.top, x, bottom), isCrisp: false, dash: [1, 3] };
  };
  const area: Mark = {
    kind: 'rect',
    x: x0,
    y: box.top,
    width: x1 - x0,
    height: box.height,
    fill: 'error',
    opacity: 0.12,
  };
  // At the edge of a panel the words stand on the side that has room.
  const middle = (x0 + x1) / 2;
  const half = 2.8 * text.length;
  const anchor = middle + half > right ? 'end' : middle - half < box.left ? 'start' : 'middle';
  const x = { end: Math.min(middle, right) - 3, start: Math.max(middle, box.left) + 3, middle }[anchor];
  const words: TextMark = {
    kind: 'text',
    name: 'broken',
    x,
    y: box.top + 10,
    text,
    size: 10,
    fill: 'error',
    anchor,
    hasHalo: true,
  };
  return [...(x1 > x0 ? [area, edge(x0), edge(x1)] : [edge(x0)]), words];
}

/** Words that would run into each other stand below each other. */
function inRows(marks: readonly Mark[]): Mark[] {
  const placed: { row: number; from: number; to: number }[] = [];
  return marks.map((mark) => {
    if (mark.kind !== 'text') return mark;
    const width = textWidth(mark.text, mark.size);
    const from = mark.x - (mark.anchor === 'end' ? width : mark.anchor === 'middle' ? width / 2 : 0);
    const to = from + width;
    let row = 0;
    while (placed.some((one) => one.row === row && one.from < to + 4 && from < one.to + 4)) row++;
    placed.push({ row, from, to });
    return { ...mark, y: mark.y + 12 * row };
  });
}

function levelMarks({ box, levels = [] }: Panel, scale: Scale): Mark[] {
  const [right, bottom] = [box.left + box.width, box.top + box.height];
  return levels.flatMap(({ value, text, axis = 'y' }): Mark[] => {
    const dashed = (x1: number, y1: number, x2: number, y2: number): PathMark => {
      return { ...straight('muted', x1, y1, x2, y2), isCrisp: false, dash: [4, 3] };
    };
    if (axis === 'x') {
      const at = scale.x(value);
      if (!(at >= box.left && at <= right)) return [];
      const isLeft = at > box.left + box.width / 2;
      const label = text && {
        ...tick(at + (isLeft ? -4 : 4), box.top + 11, isLeft ? 'end' : 'start', text),
        hasHalo: true,
      };
      return [dashed(at, box.top, at, bottom), ...(label ? [label] : [])];
    }
    const at = scale.y(value);
    if (!(at >= box.top && at <= bottom)) return [];
    return [
      dashed(box.left, at, right, at),
      ...(text ? [{ ...tick(right - 4, at - 4, 'end', text), hasHalo: true }] : []),
    ];
  });
}

function xAxis({ box, x, hasLabels }: Panel, scale: Scale, index: number): GroupMark {
  const [right, bottom] = [box.left + box.width, box.top + box.height];
  const marks: Mark[] = [straight('line', box.left, bottom, right, bottom)];
  for (const { value, text } of x.ticks) {
    const at = scale.x(value);
    marks.push(straight('line', at, bottom, at, bottom + TICK));
    const end = at + (DIGIT * text.length) / 2;
    if (hasLabels && end <= right + OVERHANG) marks.push(tick(at, bottom + TICK + 11, 'middle', text));
  }
  if (x.title && hasLabels) marks.push(title(box.left + box.width / 2, bottom + 35, x.title));
  return { kind: 'group', id: `x axis ${index}`, name: 'x axis', marks, scale: x.log ? 'log' : undefined };
}

function yAxis({ box, y, cells }: Panel, scale: Scale, index: number): GroupMark {
  const [right, bottom] = [box.left + box.width, box.top + box.height];
  const marks: Mark[] = [];
  for (const { value, text } of y.ticks) {
    const at = scale.y(value);
    // A map of cells would hide lines, but for what of them sticks out of it.
    if (!cells) marks.push(straight('grid', box.left, at, right, at));
    marks.push(straight('line', box.left - TICK, at, box.left, at));
    marks.push(tick(box.left - TICK - 3, at + 4, 'end', text));
  }
  marks.push(straight('line', box.left, box.top, box.left, bottom));
  if (y.title) {
    const at = Math.max(FONT, box.left - TICK - 14 - widestOf(y.ticks));
    marks.push({ ...title(at, box.top + box.height / 2, y.title), turn: -90 });
  }
  return { kind: 'group', id: `y axis ${index}`, name: 'y axis', marks, scale: y.log ? 'log' : undefined };
}

/** Pixels of the widest of the numbers beside an axis. */
export function widestOf(ticks: Axis['ticks']): number {
  return Math.max(0, ...ticks.map(({ text }) => textWidth(text, FONT)));
}

function rightAxis({ ticks, title: name }: Axis, box: Box, scale: Scale, index: number): GroupMark {
  const [right, bottom] = [box.left + box.width, box.top + box.height];
  const marks: Mark[] = [straight('line', right, box.top, right, bottom)];
  for (const { value, text } of ticks) {
    const at = scale.y(value);
    marks.push(straight('line', right, at, right + TICK, at), tick(right + TICK + 3, at + 4, 'start', text));
  }
  if (name) marks.push({ ...title(right + 40, box.top + box.height / 2, name), turn: -90 });
  return { kind: 'group', id: `right axis ${index}`, name: 'right axis', marks };
}

function straight(stroke: ColourRole, x1: number, y1: number, x2: number, y2: number): PathMark {
  return { kind: 'path', points: [[x1, y1], [x2, y2]], stroke, isCrisp: true }; // prettier-ignore
}

function tick(x: number, y: number, anchor: 'start' | 'middle' | 'end', text: string): TextMark {
  return { kind: 'text', name: 'tick', x, y, anchor, text, size: FONT, fill: 'muted' };
}

function title(x: number, y: number, text: string): TextMark {
  return { kind: 'text', x, y, anchor: 'middle', text, size: FONT, fill: 'muted' };
}
