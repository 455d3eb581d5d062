import { describe, expect, it } from 'vitest';
import {
  ConfigurationError,
  constant,
  cosineDecay,
  cyclical,
  exponentialDecay,
  linearWarmup,
  piecewise,
  scheduleEnd,
  scheduleValue,
  sigmoidWarmup,
  stepDecay,
  VAE,
} from '../../../../../kernel/autoencoders/index';
import type { Schedule } from '../../../../../kernel/autoencoders/index';
import { scheduleText } from '../../../../../kernel/autoencoders/training/schedules/schedules';

const at = (schedule: Schedule, ...steps: number[]) => steps.map((step) => scheduleValue(schedule, step));

/** One of each, with the step after which it stays. */
const KINDS: [Schedule, number | null][] = [
  [constant(0.25), 0],
  [linearWarmup(200, 0.5, 3), 200],
  [sigmoidWarmup(50, { to: 4 }), 50],
  [cyclical(100), null],
  [cosineDecay(100, { warmup: 10, to: 1e-5 }), 100],
  [exponentialDecay(300), 300],
  [stepDecay(40, { drops: 2 }), 80],
  [
    piecewise([
      [0, 1],
      [70, 0.5],
      [90, 2],
    ]),
    90,
  ],
];

describe('schedules', () => {
  it('stay constant', () => {
    expect(at(constant(0.25), 0, 10, 1e6)).toEqual([0.25, 0.25, 0.25]);
    expect(at(4, 0, 10)).toEqual([4, 4]);
  });

  it('warm up in a straight line and stay there', () => {
    expect(at(linearWarmup(200), 0, 50, 100, 200, 5000)).toEqual([0, 0.25, 0.5, 1, 1]);
    expect(at(linearWarmup(10, 2, 6), 0, 5, 10, 11)).toEqual([2, 4, 6, 6]);
  });

  it('warm up along a sigmoid: symmetric about the middle, steepest there, exact at both ends', () => {
    const schedule = sigmoidWarmup(100, { from: 1, to: 3 });
    expect(at(schedule, 0, 100, 500)).toEqual([1, 3, 3]);
    expect(scheduleValue(schedule, 50)).toBeCloseTo(2, 12);
    for (const step of [7, 20, 43]) {
      expect(scheduleValue(schedule, step) + scheduleValue(schedule, 100 - step)).toBeCloseTo(4, 12);
    }
    // (s(¾) − s(0)) / (s(1) − s(0)), s(u) = 1 / (1 + e^(−12(u − ½))).
    const share = (1 / (1 + Math.exp(-3)) - 1 / (1 + Math.exp(6))) / (1 / (1 + Math.exp(-6)) - 1 / (1 + Math.exp(6)));
    expect(scheduleValue(schedule, 75)).toBeCloseTo(1 + 2 * share, 12);
  });

  it('go up and begin again', () => {
    expect(at(cyclical(100), 0, 25, 50, 99, 100, 125)).toEqual([0, 0.5, 1, 1, 0, 0.5]);
    expect(at(cyclical(10, { rising: 1, from: 1, to: 2 }), 0, 5, 10)).toEqual([1, 1.5, 1]);
  });

  it('fall along a cosine, after a warm-up that does not begin with 0', () => {
    const plain = cosineDecay(100, { from: 1, to: 0.2 });
    expect(at(plain, 0, 100, 1000)).toEqual([1, 0.2, 0.2]);
    expect(scheduleValue(plain, 50)).toBeCloseTo(0.6, 12);
    expect(scheduleValue(plain, 25)).toBeCloseTo(0.2 + 0.4 * (1 + Math.SQRT1_2), 12);
    const warm = cosineDecay(104, { from: 1, warmup: 4 });
    expect(at(warm, 0, 1, 3, 4)).toEqual([0.2, 0.4, 0.8, 1]);
    expect(scheduleValue(warm, 54)).toBeCloseTo(0.5, 12);
  });

  it('fall by the same share each step', () => {
    const schedule = exponentialDecay(10, { from: 1, to: 1 / 1024 });
    [1, 0.5, 0.25].forEach((value, step) => expect(scheduleValue(schedule, step)).toBeCloseTo(value, 12));
    expect(scheduleValue(schedule, 25)).toBeCloseTo(1 / 1024, 15);
  });

  it('fall in drops', () => {
    const schedule = stepDecay(10, { from: 8, factor: 0.5, drops: 2 });
    expect(at(schedule, 0, 9, 10, 19, 20, 30, 1000)).toEqual([8, 8, 4, 4, 2, 2, 2]);
  });

  it('take the value of the last point that has been reached', () => {
    const schedule = piecewise([
      [0, 1],
      [5, 3],
      [6, 2],
    ]);
    expect(at(schedule, 0, 4, 5, 6, 100)).toEqual([1, 1, 3, 2, 2]);
  });

  it.each(KINDS)('are plain JSON and say where they end: %j', (schedule, end) => {
    expect(JSON.parse(JSON.stringify(schedule))).toEqual(schedule);
    expect(scheduleEnd(schedule)).toBe(end);
    if (end === null) return;
    const after = scheduleValue(schedule, end);
    expect(at(schedule, end + 1, end + 7, 10 * end + 1)).toEqual([after, after, after]);
    if (end > 0) expect(scheduleValue(schedule, end - 1)).not.toBe(after);
  });

  it('say in words how they change', () => {
    expect(KINDS.map(([schedule]) => scheduleText(schedule))).toEqual([
      '',
      'from 0.5 to 3 over 200 steps',
      'from 0 to 4 over 50 steps, along a sigmoid',
      'from 0 to 1 every 100 steps',
      'up to 0.001 over 10 steps, then from 0.001 to 0.00001 over 90 steps, along a cosine',
      'from 0.001 to 0.00001 over 300 steps, exponentially',
      'from 0.001, times 0.1 every 40 steps, 2 times',
      '1 from step 0 on, 0.5 from step 70 on, 2 from step 90 on',
    ]);
  });
});

describe('a schedule that ends before it starts', () => {
  const CONSTANT = 'the schedule would end before it starts; for a constant, give the number alone';

  it.each([
    [() => linearWarmup(0), `linearWarmup: "steps" is 0, expected a number of steps above 0: ${CONSTANT}.`],
    [() => sigmoidWarmup(-5), `sigmoidWarmup: "steps" is -5, expected a number of steps above 0: ${CONSTANT}.`],
    [() => cyclical(0), `cyclical: "period" is 0, expected a period above 0: ${CONSTANT}.`],
    [
      () => cyclical(10, { rising: 1.5 }),
      'cyclical: "rising" is 1.5, expected a share of the period above 0 and at most 1',
    ],
    [() => cosineDecay(10, { warmup: 20 }), 'cosineDecay: "warmup" is 20, expected less than the steps in all'],
    [() => exponentialDecay(10, { to: 0 }), 'exponentialDecay: "to" is 0, expected more than 0'],
    [() => stepDecay(10, { drops: 0 }), `stepDecay: "drops" is 0, expected at least 1: ${CONSTANT}.`],
    [
      () =>
        piecewise([
          [0, 1],
          [10, 2],
          [5, 3],
        ]),
      'piecewise: "points" is [[0,1],[10,2],[5,3]], expected steps that ascend',
    ],
    [() => piecewise([[3, 1]]), 'piecewise: "points" is [[3,1]], expected a first point at step 0'],
  ])('is refused where it is made, with what to do: %s', (make, message) => {
    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(message);
  });

  it('is refused in a configuration', () => {
    const beta = { schedule: 'linearWarmup', steps: -1, from: 0, to: 1 } as const;
    expect(() => new VAE({ input: 4, latent: 2, beta })).toThrow(
      `VAE: "beta.steps" is -1, expected a number of steps above 0: ${CONSTANT}.`,
    );
  });
});

describe('a configuration', () => {
  const withBeta = (beta: unknown) => () => new VAE({ input: 4, latent: 2, beta: beta as Schedule });

  it('refuses what is no schedule, and values below its least', () => {
    expect(withBeta('high')).toThrow('VAE: "beta" is "high", expected a number ≥ 0 or a schedule: linearWarmup(');
    expect(withBeta({ schedule: 'sawtooth' })).toThrow('expected a number ≥ 0 or a schedule');
    expect(withBeta(-1)).toThrow('VAE: "beta" is -1, expected a number ≥ 0');
    expect(withBeta(NaN)).toThrow('expected a number ≥ 0');
    expect(withBeta(linearWarmup(10, -2, 1))).toThrow('expected values ≥ 0; this schedule goes down to -2');
    expect(withBeta({ ...linearWarmup(10), stpes: 3 })).toThrow('unknown field "beta.stpes"');
  });
});
