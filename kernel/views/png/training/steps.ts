/** The axis of a training: its steps, told in epochs where there are any. */
import { scaleLinear } from 'd3-scale';
import type { Tick } from '../../ticks';
import { right, ticksOf } from '../axes';
import type { Box, Scale } from '../axes';

export interface Steps {
  first: number;
  last: number;
  /** Steps of what the axis counts: those of an epoch, or 1. */
  perEpoch: number;
  /** Epochs of the model before this training. */
  shift: number;
  label: string;
}

/** `shown` is of epochs of the model, `x` of steps divided by `perEpoch`. */
export function stepScales({ first, last, perEpoch, shift }: Steps, box: Box): { shown: Scale; x: Scale } {
  const shown = scaleLinear([first / perEpoch + shift, last / perEpoch + shift], [box.left, right(box)]);
  return { shown, x: shown.copy().domain([first / perEpoch, last / perEpoch]) };
}

/** Whole epochs or steps; of a training that ended inside an epoch its parts. */
export function stepTicks(shown: Scale, box: Box): Tick[] {
  const count = Math.round(box.width / 50);
  const whole = ticksOf(shown, count, { whole: true });
  return whole.length > 1 ? whole : ticksOf(shown, count);
}
