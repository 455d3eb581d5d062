/** The box around points in three dimensions, with ticks and names along three of its edges. */
import { boxTexts, seenBox } from '../../../../kernel/views/scatter/solid';
import { linearTicks } from '../../../../kernel/views/ticks';
import { svg } from '../../../dom';
import type { Theme } from '../../../theme';
import { inside, toPixel } from './plane';
import type { Plane } from './plane';
import type { Solid } from './spaces';

/** What lies behind the points, and what before them. */
export function boxMarks(plane: Plane, solid: Solid, theme: Theme): { behind: SVGElement[]; before: SVGElement[] } {
  const { lines, axes } = seenBox(solid, (x, y) => toPixel(plane, x, y));
  const line = ({ from: [x1, y1], to: [x2, y2], isFar }: (typeof lines)[number]) =>
    svg('line', { x1, y1, x2, y2, stroke: isFar ? theme.grid : theme.line, 'stroke-width': 1 });
  const ticks = (low: number, high: number, count: number) => linearTicks(low, high, count, { longest: 7 });
  const texts = axes.flatMap((one) => boxTexts(one, solid.box[one.axis], solid.names[one.axis], ticks));
  const marks = texts
    .filter(({ isName, at }) => !isName || inside(plane.area, ...at))
    .map(({ text, at: [x, y], isName }) =>
      svg(
        'text',
        {
          ...{ x, y: y + 4, 'text-anchor': 'middle', 'font-size': isName ? 13 : 11 },
          ...{ stroke: theme.background, 'stroke-width': 3, 'paint-order': 'stroke' },
          fill: isName ? theme.foreground : theme.muted,
          ...(isName && { 'font-style': 'italic' }),
        },
        text,
      ),
    );
  return {
    behind: lines.filter(({ isBefore }) => !isBefore).map(line),
    before: [...lines.filter(({ isBefore }) => isBefore).map(line), ...marks],
  };
}
