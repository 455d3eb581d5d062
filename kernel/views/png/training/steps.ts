/** The axis of a training: its steps, as the live figure has them. */
import { scaleLinear } from 'd3-scale';
import type { Tick } from '../../ticks';
import { right, ticksOf } from '../axes';
import type { Box, Scale } from '../axes';

export const STEP_AXIS = 'optimizer step';

export interface Steps {
  first: number;
  last: number;
}

export function stepScale({ first, last }: Steps, box: Box): Scale {
  return scaleLinear([first, last], [box.left, right(box)]);
}

/** Whole steps, as many as there is room for. */
export function stepTicks(x: Scale, box: Box): Tick[] {
  return ticksOf(x, Math.max(3, Math.floor(box.width / 72)), { whole: true });
}
