import { measured, quantity } from '../wording';
import { drawText } from './canvas';
import type { Context } from './canvas';
import { css, diverging, QUIET } from './palette';

const [WIDTH, HEIGHT] = [150, 9];

/** The colour scale of signed differences, from −limit to limit. */
export function drawScale(context: Context, left: number, top: number, limit: number, unit = ''): void {
  for (let i = 0; i < WIDTH; i++) {
    context.fillStyle = css(diverging((2 * i) / (WIDTH - 1) - 1));
    context.fillRect(left + 44 + i, top, 1.2, HEIGHT);
  }
  const style = { size: 10, colour: QUIET, baseline: 'middle' } as const;
  drawText(context, `−${quantity(limit)}`, left + 38, top + HEIGHT / 2, { ...style, align: 'right' });
  drawText(context, `+${quantity(limit)}${unit}   output − input`, left + 50 + WIDTH, top + HEIGHT / 2, style);
}

/** As the live figure writes errors. */
export const errorText = measured;
