/** What stands around and above the curves of panels: axes with their numbers and names, and where values are broken. */
import type { Box } from '../chart/axes';
import { svg } from '../dom';
import { withAlpha } from '../colours';
import type { Theme } from '../theme';
import type { Axis, Panel, Scale } from './panel';
import { scaleOf } from './panel';

const TICK = 4;
const FONT = 11;
/** About the width of a digit. */
const DIGIT = 6.6;
/** Pixels on the right of a panel that its numbers may reach into. */
const OVERHANG = 8;

/** Below the curves: grid, axes, numbers, names. */
export function axisMarks(panels: readonly Panel[], theme: Theme): SVGElement[] {
  return panels.flatMap((panel) => [
    ...(panel.right ? [rightAxis(panel.right, panel.box, scaleOf(panel, true), theme)] : []),
    yAxis(panel, scaleOf(panel), theme),
    xAxis(panel, scaleOf(panel), theme),
  ]);
}

function levelMarks({ box, levels = [] }: Panel, scale: Scale, theme: Theme): SVGElement[] {
  return levels.flatMap(({ value, text }) => {
    const at = scale.y(value);
    if (!(at >= box.top && at <= box.top + box.height)) return [];
    const across = svg('line', {
      ...{ x1: box.left, x2: box.left + box.width, y1: at, y2: at, stroke: theme.muted, 'stroke-dasharray': '4 3' },
    });
    return [across, label(theme, box.left + box.width - 4, at - 4, 'end', text)];
  });
}

/** Above them: levels, and a dotted line where a value is not finite, or an area where many follow each other. */
export function brokenMarks(panels: readonly Panel[], theme: Theme): SVGElement[] {
  return panels.flatMap((panel) => {
    const { box, broken } = panel;
    const scale = scaleOf(panel);
    const levels = levelMarks(panel, scale, theme);
    const [right, bottom] = [box.left + box.width, box.top + box.height];
    const marks = broken.flatMap(({ from, to, text }) => {
      const [x0, x1] = [Math.max(box.left, scale.x(from)), Math.min(right, scale.x(to))];
      if (x1 < box.left || x0 > right) return [];
      const edge = (x: number) =>
        svg('line', { x1: x, x2: x, y1: box.top, y2: bottom, stroke: theme.error, 'stroke-dasharray': '1 3' });
      const area = { x: x0, y: box.top, width: x1 - x0, height: box.height, fill: withAlpha(theme.error, 0.12) };
      // At the edge of a panel the words stand on the side that has room.
      const middle = (x0 + x1) / 2;
      const half = 2.8 * text.length;
      const anchor = middle + half > right ? 'end' : middle - half < box.left ? 'start' : 'middle';
      const x = { end: Math.min(middle, right) - 3, start: Math.max(middle, box.left) + 3, middle }[anchor];
      const label = { x, y: box.top + 10, 'text-anchor': anchor, 'font-size': 10, fill: theme.error };
      return [
        ...(x1 > x0 ? [svg('rect', area), edge(x0), edge(x1)] : [edge(x0)]),
        svg('text', { class: 'broken', ...label }, text),
      ];
    });
    return [...levels, ...marks];
  });
}

function xAxis({ box, x, hasLabels }: Panel, scale: Scale, theme: Theme): SVGElement {
  const bottom = box.top + box.height;
  const axis = svg('g', { class: 'x axis' }, line(theme.line, box.left, bottom, box.left + box.width, bottom));
  for (const { value, text } of x.ticks) {
    const at = scale.x(value);
    axis.append(line(theme.line, at, bottom, at, bottom + TICK));
    const end = at + (DIGIT * text.length) / 2;
    if (hasLabels && end <= box.left + box.width + OVERHANG)
      axis.append(label(theme, at, bottom + TICK + 11, 'middle', text));
  }
  if (x.title && hasLabels) axis.append(title(theme, box.left + box.width / 2, bottom + 35, x.title));
  return axis;
}

function yAxis({ box, y }: Panel, scale: Scale, theme: Theme): SVGElement {
  const [right, bottom] = [box.left + box.width, box.top + box.height];
  const axis = svg('g', { class: 'y axis' });
  if (y.log) axis.dataset.scale = 'log';
  for (const { value, text } of y.ticks) {
    const at = scale.y(value);
    axis.append(line(theme.grid, box.left, at, right, at), line(theme.line, box.left - TICK, at, box.left, at));
    axis.append(label(theme, box.left - TICK - 3, at + 4, 'end', text));
  }
  axis.append(line(theme.line, box.left, box.top, box.left, bottom));
  if (y.title) {
    const widest = Math.max(0, ...y.ticks.map(({ text }) => text.length));
    const at = Math.max(FONT, box.left - TICK - 14 - 0.94 * DIGIT * widest);
    axis.append(turned(title(theme, 0, 0, y.title), at, box, -90));
  }
  return axis;
}

function rightAxis({ ticks, title: name }: Axis, box: Box, scale: Scale, theme: Theme): SVGElement {
  const [right, bottom] = [box.left + box.width, box.top + box.height];
  const axis = svg('g', { class: 'right axis' }, line(theme.line, right, box.top, right, bottom));
  for (const { value, text } of ticks) {
    const at = scale.y(value);
    axis.append(line(theme.line, right, at, right + TICK, at), label(theme, right + TICK + 3, at + 4, 'start', text));
  }
  if (name) axis.append(turned(title(theme, 0, 0, name), right + 40, box, -90));
  return axis;
}

function line(stroke: string, x1: number, y1: number, x2: number, y2: number): SVGElement {
  return svg('line', { x1, y1, x2, y2, stroke, 'shape-rendering': 'crispEdges' });
}

function label(theme: Theme, x: number, y: number, anchor: string, text: string): SVGElement {
  return svg('text', { class: 'tick', x, y, 'text-anchor': anchor, 'font-size': FONT, fill: theme.muted }, text);
}

function title(theme: Theme, x: number, y: number, text: string): SVGElement {
  return svg('text', { x, y, 'text-anchor': 'middle', 'font-size': FONT, fill: theme.muted }, text);
}

function turned(text: SVGElement, x: number, box: Box, angle: number): SVGElement {
  text.setAttribute('transform', `translate(${x} ${box.top + box.height / 2}) rotate(${angle})`);
  return text;
}
