/** Parallel coordinates on a canvas. */
import type { ParallelAxis } from '../../sweep/charts/parallel';
import { bottom, line } from '../axes';
import type { Box } from '../axes';
import { drawText } from '../canvas';
import type { Context } from '../canvas';
import { QUIET, RULE } from '../palette';

/** @param alpha of a line */
export function drawParallel(
  context: Context,
  box: Box,
  axes: readonly ParallelAxis[],
  runs: readonly number[],
  colourOf: (run: number) => string,
): void {
  const left = (i: number) => (axes.length < 2 ? box.left : box.left + (i / (axes.length - 1)) * box.width);
  const top = (share: number) => bottom(box) - share * box.height;
  context.globalAlpha = Math.max(0.25, Math.min(0.85, 40 / runs.length));
  context.lineWidth = runs.length > 200 ? 0.8 : 1.2;
  for (const run of runs) {
    context.strokeStyle = colourOf(run);
    context.beginPath();
    let isDown = false;
    axes.forEach(({ shares }, i) => {
      const share = shares[run]!;
      if (!Number.isFinite(share)) isDown = false;
      else if (isDown) context.lineTo(left(i), top(share));
      else {
        context.moveTo(left(i), top(share));
        isDown = true;
      }
    });
    context.stroke();
  }
  context.globalAlpha = 1;
  axes.forEach(({ column, ticks }, i) => {
    const x = left(i);
    line(context, x, box.top, x, bottom(box), RULE, 1.5);
    const room = box.width / Math.max(1, axes.length - 1) - 8;
    const align = i === 0 ? 'left' : i === axes.length - 1 ? 'right' : 'center';
    drawText(context, column.name, i === 0 ? x - 30 : i === axes.length - 1 ? x + 40 : x, box.top - 10, {
      size: 11,
      weight: 'bold',
      align,
      maxWidth: room,
    });
    for (const { value, text } of ticks) {
      line(context, x - 3, top(value), x + 3, top(value), QUIET);
      drawText(context, text, x + 6, top(value), {
        size: 9.5,
        colour: QUIET,
        baseline: 'middle',
        halo: true,
        maxWidth: 60,
      });
    }
  });
}
