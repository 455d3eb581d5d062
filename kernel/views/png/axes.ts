import type { ScaleContinuousNumeric } from 'd3-scale';
import { linearTicks } from '../ticks';
import type { Tick, TickOptions } from '../ticks';
import { drawText, textWidth } from './canvas';
import type { Box } from '../../figures/panel/panel';
import type { Context } from './canvas';
import { FAINT, QUIET, RULE } from './palette';

export type Scale = ScaleContinuousNumeric<number, number>;

export type { Box };

export const right = (box: Box) => box.left + box.width;
export const bottom = (box: Box) => box.top + box.height;

interface AxisStyle {
  label?: string;
  ticks?: Tick[];
  /** Faint lines across the panel. */
  lines?: boolean;
  colour?: string;
}

const TICK = 4;
const LABEL = 12;
const SMALL = { size: 10.5, colour: QUIET };

/** Ticks of a linear scale, about as many as said. */
export function ticksOf(scale: Scale, count: number, options?: TickOptions): Tick[] {
  const domain = scale.domain();
  return linearTicks(domain[0]!, domain.at(-1)!, count, options);
}

export function drawBottomAxis(context: Context, box: Box, scale: Scale, style: AxisStyle = {}): void {
  const ticks = style.ticks ?? ticksOf(scale, Math.max(2, Math.round(box.width / 60)));
  for (const { value, text } of ticks) {
    const x = scale(value);
    if (style.lines) line(context, x, box.top, x, bottom(box), FAINT);
    line(context, x, bottom(box), x, bottom(box) + TICK, QUIET);
    drawText(context, text, x, bottom(box) + TICK + 3, { ...SMALL, align: 'center', baseline: 'top' });
  }
  line(context, box.left, bottom(box), right(box), bottom(box), QUIET);
  if (style.label) {
    const position = { x: box.left + box.width / 2, y: bottom(box) + 22 };
    drawText(context, style.label, position.x, position.y, { size: LABEL, align: 'center', baseline: 'top' });
  }
}

export function drawLeftAxis(context: Context, box: Box, scale: Scale, style: AxisStyle = {}): void {
  const ticks = style.ticks ?? ticksOf(scale, Math.max(2, Math.round(box.height / 45)));
  let widest = 0;
  for (const { value, text } of ticks) {
    const y = scale(value);
    if (style.lines) line(context, box.left, y, right(box), y, FAINT);
    line(context, box.left - TICK, y, box.left, y, QUIET);
    drawText(context, text, box.left - TICK - 3, y, { ...SMALL, align: 'right', baseline: 'middle' });
    widest = Math.max(widest, textWidth(context, text, SMALL));
  }
  line(context, box.left, box.top, box.left, bottom(box), QUIET);
  if (style.label) {
    const x = box.left - TICK - widest - 12;
    const y = box.top + box.height / 2;
    drawText(context, style.label, x, y, { size: LABEL, align: 'center', baseline: 'bottom', rotate: -Math.PI / 2 });
  }
}

/** The frame that scatter panels have on all sides. */
export function drawFrame(context: Context, box: Box): void {
  context.save();
  context.strokeStyle = RULE;
  context.lineWidth = 1;
  context.strokeRect(box.left, box.top, box.width, box.height);
  context.restore();
}

export function line(context: Context, x0: number, y0: number, x1: number, y1: number, colour: string, width = 1) {
  context.save();
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
  context.restore();
}

/** Runs `paint` with drawing cut off at the panel's edges. */
export function clipped(context: Context, box: Box, paint: () => void): void {
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  paint();
  context.restore();
}
