/** Checks of schedules, at their making and in configurations. */
import { z } from 'zod';
import type { ChangingSchedule, Schedule } from './scheduleTypes';

const ENDS_FIRST = 'the schedule would end before it starts; for a constant, give the number alone';

const finite = z.number();

function positive(what: string) {
  return z.number().refine((value) => value > 0, { error: `expected ${what} above 0: ${ENDS_FIRST}` });
}

const steps = positive('a number of steps');
const strictlyPositive = z.number().refine((value) => value > 0, {
  error: 'expected more than 0, which an exponential never reaches; linearWarmup and cosineDecay do',
});

/** By their names. */
export const scheduleKinds = {
  linearWarmup: z.strictObject({ schedule: z.literal('linearWarmup'), steps, from: finite, to: finite }),
  sigmoidWarmup: z.strictObject({ schedule: z.literal('sigmoidWarmup'), steps, from: finite, to: finite }),
  cyclical: z.strictObject({
    schedule: z.literal('cyclical'),
    period: positive('a period'),
    rising: z.number().refine((value) => value > 0 && value <= 1, {
      error: 'expected a share of the period above 0 and at most 1: the rise would end after the period',
    }),
    from: finite,
    to: finite,
  }),
  cosineDecay: z
    .strictObject({ schedule: z.literal('cosineDecay'), steps, from: finite, to: finite, warmup: z.number().min(0) })
    .refine((given) => given.warmup < given.steps, {
      path: ['warmup'],
      error: 'expected less than the steps in all: the decay would end before it starts; give more steps',
    }),
  exponentialDecay: z.strictObject({
    schedule: z.literal('exponentialDecay'),
    steps,
    from: strictlyPositive,
    to: strictlyPositive,
  }),
  stepDecay: z.strictObject({
    schedule: z.literal('stepDecay'),
    every: positive('a number of steps'),
    from: finite,
    factor: z.number().positive(),
    drops: z.int().refine((value) => value > 0, { error: `expected at least 1: ${ENDS_FIRST}` }),
  }),
  piecewise: z.strictObject({
    schedule: z.literal('piecewise'),
    points: z
      .array(z.tuple([finite, finite]))
      .min(1)
      .refine((points) => points.length === 0 || points[0]![0] === 0, {
        error: 'expected a first point at step 0: [[0, value], …]',
      })
      .refine((points) => points.every(([step], i) => i === 0 || step > points[i - 1]![0]), {
        error: 'expected steps that ascend: a piece would end before it starts; put the points in order',
      }),
  }),
} satisfies Record<ChangingSchedule['schedule'], z.ZodType<ChangingSchedule>>;

const NAMES =
  'linearWarmup(steps, from, to), sigmoidWarmup(steps, options), cyclical(period, options), cosineDecay(steps, options), ' +
  'exponentialDecay(steps, options), stepDecay(every, options), piecewise(points)';

/** A schedule whose values are all at least `minimum`. */
export function scheduleSchema(minimum = 0) {
  return z.custom<Schedule>().superRefine((given: unknown, context) => {
    const problem = (message: string) => context.addIssue({ code: 'custom', message });
    if (typeof given === 'number') {
      if (!Number.isFinite(given) || given < minimum) problem(`expected a number ≥ ${minimum} or a schedule`);
      return;
    }
    const kind = kindOf(given);
    if (!kind) return problem(`expected a number ≥ ${minimum} or a schedule: ${NAMES}`);
    const result = kind.safeParse(given);
    if (!result.success) return result.error.issues.forEach((issue) => context.addIssue({ ...issue }));
    const lowest = lowestValue(result.data);
    if (lowest < minimum) problem(`expected values ≥ ${minimum}; this schedule goes down to ${lowest}`);
  });
}

function kindOf(given: unknown): z.ZodType<ChangingSchedule> | undefined {
  if (typeof given !== 'object' || given === null || !('schedule' in given)) return undefined;
  const { schedule } = given;
  return Object.entries(scheduleKinds).find(([name]) => name === schedule)?.[1];
}

function lowestValue(schedule: ChangingSchedule): number {
  switch (schedule.schedule) {
    case 'stepDecay':
      return Math.min(schedule.from, schedule.from * schedule.factor ** schedule.drops);
    case 'piecewise':
      return Math.min(...schedule.points.map(([, value]) => value));
    default:
      return Math.min(schedule.from, schedule.to);
  }
}
