/** The scale that points are coloured on: a bar with its values, and what lies beyond it or has none. */
import { hexOf, scaleColours } from '../../views/scatter/colourScale';
import type { Scale } from '../../views/scatter/colouring';
import { linearTicks } from '../../views/ticks';
import { counted } from '../../views/wording';
import type { Mark } from '../marks';

/** Pixels of a bar. */
export const BAR = { width: 168, height: 12, foot: 31 } as const;
/** Pixels of a number, about. */
const NUMBER = 46;

/** The bar from its top left corner, with its numbers below: half of one may stand beside it. */
export function barMarks({ range: [low, high] }: Scale, x: number, y: number, isDark: boolean): Mark[] {
  const colours = scaleColours(isDark ? 'dark' : 'light');
  const strips = Array.from({ length: BAR.width }, (_, i): Mark => {
    const colour = colours[Math.round((i / (BAR.width - 1)) * (colours.length - 1))]!;
    // A little wider than its place, so that no line is seen between two.
    const width = Math.min(1.5, BAR.width - i);
    return { kind: 'rect', x: x + i, y, width, height: BAR.height, fill: hexOf(colour) };
  });
  const ticks = linearTicks(low, high, Math.max(2, Math.floor(BAR.width / NUMBER))).flatMap(
    ({ value, text }): Mark[] => {
      const at = x + ((value - low) / (high - low)) * BAR.width;
      const foot = y + BAR.height;
      return [
        { kind: 'path', points: [[at, foot], [at, foot + 4]], stroke: 'line' }, // prettier-ignore
        { kind: 'text', name: 'tick', x: at, y: foot + 15, text, size: 11, fill: 'muted', anchor: 'middle' },
      ];
    },
  );
  return [...strips, { kind: 'group', id: 'scale', marks: ticks }];
}

/** `3 points beyond the ends; 1 point without a value, in grey`; empty if there are no such. */
export function scaleNote({ values, range: [low, high] }: Scale): string {
  const beyond = values.filter((value) => value < low || value > high).length;
  const without = values.filter((value) => !Number.isFinite(value)).length;
  return [
    ...(beyond > 0 ? [`${counted(beyond, 'point')} beyond the ends`] : []),
    ...(without > 0 ? [`${counted(without, 'point')} without a value, in grey`] : []),
  ].join('; ');
}
