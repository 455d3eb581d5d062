import type { ScaleContinuousNumeric } from 'd3-scale';
import { minus, powerOfTen } from '../wording';
import { drawText, textWidth } from './canvas';
import type { Context } from './canvas';
import { FAINT, INK, QUIET, RULE } from './palette';

export type Scale = ScaleContinuousNumeric<number, number>;

/** A rectangle in CSS pixels. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

export const right = (box: Box) => box.left + box.width;
export const bottom = (box: Box) => box.top + box.height;

interface AxisStyle {
  label?: string;
  ticks?: number[];
  /** Faint lines across the panel. */
  lines?: boolean;
  colour?: string;
}

const TICK = 4;
const LABEL = 12;
const SMALL = { size: 10.5, colour: QUIET };

export function drawBottomAxis(context: Context, box: Box, scale: Scale, style: AxisStyle = {}): void {
  const ticks = style.ticks ?? scale.ticks(Math.max(2, Math.round(box.width / 60)));
  const format = tickText(scale, ticks);
  for (const tick of ticks) {
    const x = scale(tick);
    if (style.lines) line(context, x, box.top, x, bottom(box), FAINT);
    line(context, x, bottom(box), x, bottom(box) + TICK, QUIET);
    drawText(context, format(tick), x, bottom(box) + TICK + 3, { ...SMALL, align: 'center', baseline: 'top' });
  }
  line(context, box.left, bottom(box), right(box), bottom(box), QUIET);
  if (style.label) {
    const position = { x: box.left + box.width / 2, y: bottom(box) + 22 };
    drawText(context, style.label, position.x, position.y, { size: LABEL, align: 'center', baseline: 'top' });
  }
}

export function drawLeftAxis(context: Context, box: Box, scale: Scale, style: AxisStyle = {}): void {
  const ticks = style.ticks ?? scale.ticks(Math.max(2, Math.round(box.height / 45)));
  const format = tickText(scale, ticks);
  let widest = 0;
  for (const tick of ticks) {
    const y = scale(tick);
    if (style.lines) line(context, box.left, y, right(box), y, FAINT);
    line(context, box.left - TICK, y, box.left, y, QUIET);
    drawText(context, format(tick), box.left - TICK - 3, y, { ...SMALL, align: 'right', baseline: 'middle' });
    widest = Math.max(widest, textWidth(context, format(tick), SMALL));
  }
  line(context, box.left, box.top, box.left, bottom(box), QUIET);
  if (style.label) {
    const x = box.left - TICK - widest - 12;
    const y = box.top + box.height / 2;
    drawText(context, style.label, x, y, { size: LABEL, align: 'center', baseline: 'bottom', rotate: -Math.PI / 2 });
  }
}

export function drawRightAxis(context: Context, box: Box, scale: Scale, style: AxisStyle = {}): void {
  const ticks = style.ticks ?? scale.ticks(4);
  const format = tickText(scale, ticks);
  const colour = style.colour ?? INK;
  for (const tick of ticks) {
    const y = scale(tick);
    line(context, right(box), y, right(box) + TICK, y, colour);
    drawText(context, format(tick), right(box) + TICK + 3, y, { ...SMALL, colour, baseline: 'middle' });
  }
  line(context, right(box), box.top, right(box), bottom(box), colour);
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

/** Moves labels apart so that none is nearer than `gap` to another, and all lie between `low` and `high`. */
export function spread<T extends { y: number }>(labels: T[], gap: number, low: number, high: number): T[] {
  const placed = labels.map((label) => ({ ...label })).sort((a, b) => a.y - b.y);
  let floor = low;
  for (const label of placed) {
    label.y = Math.max(label.y, floor);
    floor = label.y + gap;
  }
  let ceiling = high;
  for (const label of placed.reverse()) {
    label.y = Math.min(label.y, ceiling);
    ceiling = label.y - gap;
  }
  return placed;
}

/** Powers of ten on a logarithmic axis, else as many digits as the step between the ticks needs. */
function tickText(scale: Scale, ticks: number[]): (value: number) => string {
  if ('base' in scale) {
    return (value) => (value >= 1 && value <= 100_000 ? value.toLocaleString('en-US') : powerOfTen(Math.log10(value)));
  }
  const format = scale.tickFormat(Math.max(2, ticks.length));
  return (value) => minus(format(value));
}
