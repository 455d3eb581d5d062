/**
 * Weights that change over a training: plain JSON values that map a step to a number, so that a checkpoint holds them.
 * Steps count from 0: the value at step t is the one that update t + 1 is made with.
 */
import { z } from 'zod';

/** from + (to − from)·min(1, t / steps). */
export interface LinearWarmup {
  schedule: 'linearWarmup';
  steps: number;
  from: number;
  to: number;
}

/**
 * Fu et al. 2019, Cyclical Annealing Schedule: every `period` steps, `from` → `to` over the first `rising` of the period,
 * then `to`.
 */
export interface Cyclical {
  schedule: 'cyclical';
  period: number;
  rising: number;
  from: number;
  to: number;
}

/** A number is a constant schedule. */
export type Schedule = number | LinearWarmup | Cyclical;

export function constant(value: number): Schedule {
  return value;
}

export function linearWarmup(steps: number, from = 0, to = 1): LinearWarmup {
  return { schedule: 'linearWarmup', steps, from, to };
}

export function cyclical(period: number, options: { rising?: number; from?: number; to?: number } = {}): Cyclical {
  const { rising = 0.5, from = 0, to = 1 } = options;
  return { schedule: 'cyclical', period, rising, from, to };
}

export function scheduleValue(schedule: Schedule, step: number): number {
  if (typeof schedule === 'number') return schedule;
  const { from, to } = schedule;
  switch (schedule.schedule) {
    case 'linearWarmup':
      return from + (to - from) * Math.min(1, step / schedule.steps);
    case 'cyclical': {
      const phase = (step % schedule.period) / schedule.period;
      return from + (to - from) * Math.min(1, phase / schedule.rising);
    }
  }
}

/** In words how a schedule changes; empty for a constant. */
export function scheduleText(schedule: Schedule): string {
  if (typeof schedule === 'number') return '';
  const { from, to } = schedule;
  switch (schedule.schedule) {
    case 'linearWarmup':
      return `from ${from} to ${to} over ${schedule.steps} steps`;
    case 'cyclical':
      return `from ${from} to ${to} every ${schedule.period} steps`;
  }
}

/** A schedule whose values are all at least `minimum`. */
export function scheduleSchema(minimum = 0) {
  const value = z.number().min(minimum);
  return z.union(
    [
      value,
      z.strictObject({ schedule: z.literal('linearWarmup'), steps: z.number().positive(), from: value, to: value }),
      z.strictObject({
        schedule: z.literal('cyclical'),
        period: z.number().positive(),
        rising: z.number().positive().max(1),
        from: value,
        to: value,
      }),
    ],
    { error: `expected a number ≥ ${minimum} or a schedule: linearWarmup(steps, from, to), cyclical(period, options)` },
  );
}
