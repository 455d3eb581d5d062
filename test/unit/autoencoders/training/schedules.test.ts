import { describe, expect, it } from 'vitest';
import { constant, cyclical, linearWarmup, scheduleValue } from '../../../../kernel/autoencoders/index';
import type { Schedule } from '../../../../kernel/autoencoders/index';

const at = (schedule: Schedule, ...steps: number[]) => steps.map((step) => scheduleValue(schedule, step));

describe('schedules', () => {
  it('stay constant', () => {
    expect(at(constant(0.25), 0, 10, 1e6)).toEqual([0.25, 0.25, 0.25]);
    expect(at(4, 0, 10)).toEqual([4, 4]);
  });

  it('warm up in a straight line and stay there', () => {
    expect(at(linearWarmup(200), 0, 50, 100, 200, 5000)).toEqual([0, 0.25, 0.5, 1, 1]);
    expect(at(linearWarmup(10, 2, 6), 0, 5, 10, 11)).toEqual([2, 4, 6, 6]);
  });

  it('go up and begin again', () => {
    expect(at(cyclical(100), 0, 25, 50, 99, 100, 125)).toEqual([0, 0.5, 1, 1, 0, 0.5]);
    expect(at(cyclical(10, { rising: 1, from: 1, to: 2 }), 0, 5, 10)).toEqual([1, 1.5, 1]);
  });

  it('are plain JSON', () => {
    for (const schedule of [constant(1), linearWarmup(5), cyclical(5)]) {
      expect(JSON.parse(JSON.stringify(schedule))).toEqual(schedule);
    }
  });
});
