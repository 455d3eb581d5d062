import { describe, expect, it } from 'vitest';
import { Pace } from '../../../../../kernel/engine/runtimes/xla/pace';

describe('the steps of one run', () => {
  it('are one until one was timed', () => {
    expect(new Pace().length).toBe(1);
    expect(new Pace().capacity).toBe(1);
  });

  it.each([
    [0.1, 32, 32],
    [1.25, 32, 32],
    [2, 20, 8],
    [5, 8, 8],
    [6, 6, 1],
    [60, 1, 1],
  ])('of %d ms each end within 40 ms: %d, in a room for %d', (milliseconds, length, capacity) => {
    const pace = new Pace();
    pace.ran(2, 2 * milliseconds);
    expect(pace.length).toBe(length);
    expect(pace.capacity).toBe(capacity);
  });

  it('are as many as the quickest run allows: the first ones wait for what is compiled', () => {
    const pace = new Pace();
    pace.ran(1, 500);
    pace.ran(4, 16);
    pace.ran(1, 30);
    expect(pace.length).toBe(10);
  });
});
