/** The box around points in three dimensions, with ticks and names along three of its edges. */
import { boxTexts, seenBox } from '../../views/scatter/solid';
import { linearTicks } from '../../views/ticks';
import type { Mark } from '../marks';
import { inside, toPixel } from './plane';
import type { Plane } from './plane';
import type { Solid } from './spaces';

/** What lies behind the points, and what before them. */
export function boxMarks(plane: Plane, solid: Omit<Solid, 'nearness'>): { behind: Mark[]; before: Mark[] } {
  const { lines, axes } = seenBox(solid, (x, y) => toPixel(plane, x, y));
  const line = ({ from, to, isFar }: (typeof lines)[number]): Mark => {
    return { kind: 'path', points: [from, to], stroke: isFar ? 'grid' : 'line' };
  };
  const ticks = (low: number, high: number, count: number) => linearTicks(low, high, count, { longest: 7 });
  const texts = axes.flatMap((one) => boxTexts(one, solid.box[one.axis], solid.names[one.axis], ticks));
  const marks = texts
    .filter(({ isName, at }) => !isName || inside(plane.area, ...at))
    .map(({ text, at: [x, y], isName }): Mark => {
      const look = isName ? ({ size: 13, fill: 'foreground', isItalic: true } as const) : ({ size: 11, fill: 'muted' } as const); // prettier-ignore
      return { kind: 'text', x, y: y + 4, anchor: 'middle', hasHalo: true, text, ...look };
    });
  return {
    behind: lines.filter(({ isBefore }) => !isBefore).map(line),
    before: [...lines.filter(({ isBefore }) => isBefore).map(line), ...marks],
  };
}
