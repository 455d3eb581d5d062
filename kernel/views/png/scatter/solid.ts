/** The box around points in three dimensions, as the live figure draws it. */
import { boxTexts, seenBox, type SolidBox } from '../../scatter/solid';
import type { Turned } from '../../scatter/turned';
import { linearTicks } from '../../ticks';
import { line } from '../axes';
import type { Scale } from '../axes';
import { drawText } from '../canvas';
import type { Context } from '../canvas';
import { FAINT, INK, QUIET, RULE } from '../palette';

export interface DrawnSolid {
  turned: Turned;
  box: SolidBox;
  names: readonly [string, string, string];
}

/** @returns what is drawn behind the points, and what before them */
export function boxDrawing(context: Context, solid: DrawnSolid, x: Scale, y: Scale) {
  const { lines, axes } = seenBox(solid, (across, up) => [x(across), y(up)]);
  const draw = (isBefore: boolean) => {
    for (const one of lines) {
      if (one.isBefore !== isBefore) continue;
      line(context, ...one.from, ...one.to, one.isFar ? FAINT : RULE);
    }
  };
  const ticks = (low: number, high: number, count: number) => linearTicks(low, high, count, { longest: 7 });
  return {
    behind: () => draw(false),
    before: () => {
      draw(true);
      for (const { text, at, isName } of axes.flatMap((one) =>
        boxTexts(one, solid.box[one.axis], solid.names[one.axis], ticks),
      )) {
        const style = { align: 'center', baseline: 'middle', halo: true } as const;
        drawText(context, text, at[0], at[1], {
          ...style,
          ...(isName ? { size: 12.5, colour: INK } : { size: 10.5, colour: QUIET }),
        });
      }
    },
  };
}
