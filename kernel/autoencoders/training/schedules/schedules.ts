/**
 * Values that change over a training, learning rates and weights of terms: plain JSON that maps a step to a number, so
 * that a checkpoint holds them. Steps count from 0: the value at step t is the one that update t + 1 is made with.
 */
import { finite, object, takes } from '../../arguments';
import { checkedConfig, ConfigurationError } from '../../config';
import { scheduleKinds } from './scheduleSchema';

import type {
  ChangingSchedule,
  CosineDecay,
  Cyclical,
  ExponentialDecay,
  LinearWarmup,
  Piecewise,
  Schedule,
  SigmoidWarmup,
  StepDecay,
} from './scheduleTypes';

export { scheduleSchema } from './scheduleSchema';
export type * from './scheduleTypes';

/** A value that does not change: the number itself. */
export function constant(value: number): Schedule {
  return value;
}

/** @throws {ConfigurationError} as all of these, when the schedule would end before it starts */
export function linearWarmup(steps: number, from = 0, to = 1): LinearWarmup {
  return checked({ schedule: 'linearWarmup', steps, from, to });
}

/**
 * Rises from `from` to `to` along a sigmoid, half of the way at half of the steps (Bowman et al. 2016).
 *
 * @param steps until it is at `to`
 * @param options.from the value at the start. Default 0; `to` is 1
 */
export function sigmoidWarmup(steps: number, options: { from?: number; to?: number } = {}): SigmoidWarmup {
  return checked({ schedule: 'sigmoidWarmup', steps, from: 0, to: 1, ...options });
}

/**
 * Rises from `from` to `to` within the share `rising` of each period and stays there until it ends (Fu et al. 2019).
 *
 * @param period in steps
 * @param options.rising share of the period in which it rises. Default 0.5; `from` is 0 and `to` 1 unless told
 */
export function cyclical(period: number, options: { rising?: number; from?: number; to?: number } = {}): Cyclical {
  return checked({ schedule: 'cyclical', period, rising: 0.5, from: 0, to: 1, ...options });
}

/** @param options.from the highest value, default 0.001; `to` is 0 and `warmup` 0 steps unless told */
export function cosineDecay(steps: number, options: { from?: number; to?: number; warmup?: number } = {}): CosineDecay {
  return checked({ schedule: 'cosineDecay', steps, from: 1e-3, to: 0, warmup: 0, ...options });
}

/** @param options `from` is 0.001 unless told; `to` 0.00001 */
export function exponentialDecay(steps: number, options: { from?: number; to?: number } = {}): ExponentialDecay {
  return checked({ schedule: 'exponentialDecay', steps, from: 1e-3, to: 1e-5, ...options });
}

/** @param options from 0.001 by a `factor` of 0.1, 3 `drops`, unless told */
export function stepDecay(every: number, options: { from?: number; factor?: number; drops?: number } = {}): StepDecay {
  return checked({ schedule: 'stepDecay', every, from: 1e-3, factor: 0.1, drops: 3, ...options });
}

/**
 * Straight lines between points; constant before the first one and after the last.
 *
 * @param points steps, ascending, and the values there
 */
export function piecewise(points: [step: number, value: number][]): Piecewise {
  return checked({ schedule: 'piecewise', points });
}

function checked<S extends ChangingSchedule>(schedule: S): S {
  checkedConfig(schedule.schedule, scheduleKinds[schedule.schedule], schedule);
  return schedule;
}

/** The value of a schedule at a step, counted from 0. */
export function scheduleValue(schedule: Schedule, step: number): number {
  if (typeof schedule === 'number') return schedule;
  takes('scheduleValue', ['schedule', schedule, object('schedule')], ['step', step, finite]);
  switch (schedule.schedule) {
    case 'linearWarmup':
      return between(schedule, Math.min(1, step / schedule.steps));
    case 'sigmoidWarmup': {
      const [low, high] = [logistic(0), logistic(1)];
      return between(schedule, (logistic(Math.min(1, step / schedule.steps)) - low) / (high - low));
    }
    case 'cyclical': {
      const phase = (step % schedule.period) / schedule.period;
      return between(schedule, Math.min(1, phase / schedule.rising));
    }
    case 'cosineDecay': {
      const { steps, from, warmup } = schedule;
      if (step < warmup) return (from * (step + 1)) / (warmup + 1);
      const u = Math.min(1, (step - warmup) / (steps - warmup));
      return between(schedule, (1 - Math.cos(Math.PI * u)) / 2);
    }
    case 'exponentialDecay': {
      const { steps, from, to } = schedule;
      return from * (to / from) ** Math.min(1, step / steps);
    }
    case 'stepDecay': {
      const { every, from, factor, drops } = schedule;
      return from * factor ** Math.min(drops, Math.floor(step / every));
    }
    case 'piecewise':
      return schedule.points.findLast(([start]) => start <= step)![1];
  }
}

function between({ from, to }: { from: number; to: number }, share: number): number {
  // At the end exactly, which the sum would miss by its rounding.
  return share === 1 ? to : from + (to - from) * share;
}

function logistic(u: number): number {
  return 1 / (1 + Math.exp(-12 * (u - 0.5)));
}

/** The first step from which on the value stays; 0 for a constant, null for a schedule that continues for ever. */
export function scheduleEnd(schedule: Schedule): number | null {
  if (typeof schedule === 'number') return 0;
  takes('scheduleEnd', ['schedule', schedule, object('schedule')]);
  switch (schedule.schedule) {
    case 'linearWarmup':
    case 'sigmoidWarmup':
    case 'cosineDecay':
    case 'exponentialDecay':
      return Math.ceil(schedule.steps);
    case 'stepDecay':
      return Math.ceil(schedule.every * schedule.drops);
    case 'piecewise':
      return Math.ceil(schedule.points.at(-1)![0]);
    case 'cyclical':
      return null;
  }
}

/** @throws {ConfigurationError} for a learning rate that has come to 0 for good by this step of the model */
export function checkLearningRate(schedule: Schedule, step: number): void {
  const end = scheduleEnd(schedule);
  if (typeof schedule === 'number' || end === null || step < end || scheduleValue(schedule, step) > 0) return;
  throw new ConfigurationError('fit', [
    `"learningRate" is 0 from step ${end} on, and the model has already made ${step} steps: schedules count over its whole ` +
      'training. Give a number, or a schedule that ends later',
  ]);
}

/** In words how a schedule changes; empty for a constant. */
export function scheduleText(schedule: Schedule): string {
  if (typeof schedule === 'number') return '';
  switch (schedule.schedule) {
    case 'linearWarmup':
      return `from ${schedule.from} to ${schedule.to} over ${schedule.steps} steps`;
    case 'sigmoidWarmup':
      return `from ${schedule.from} to ${schedule.to} over ${schedule.steps} steps, along a sigmoid`;
    case 'cyclical':
      return `from ${schedule.from} to ${schedule.to} every ${schedule.period} steps`;
    case 'cosineDecay': {
      const { steps, from, to, warmup } = schedule;
      const start = warmup === 0 ? '' : `up to ${from} over ${warmup} steps, then `;
      return `${start}from ${from} to ${to} over ${steps - warmup} steps, along a cosine`;
    }
    case 'exponentialDecay':
      return `from ${schedule.from} to ${schedule.to} over ${schedule.steps} steps, exponentially`;
    case 'stepDecay': {
      const { every, from, factor, drops } = schedule;
      return `from ${from}, times ${factor} every ${every} steps, ${drops} ${drops === 1 ? 'time' : 'times'}`;
    }
    case 'piecewise':
      return schedule.points.map(([step, value]) => `${value} from step ${step} on`).join(', ');
  }
}
