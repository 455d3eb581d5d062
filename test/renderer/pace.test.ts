import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Pace } from '../../renderer/pace';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('what need not be said as often as it changes', () => {
  it('is said at once, then at its pace, and the last of it in any case', () => {
    const said: number[] = [];
    const pace = new Pace(500);
    for (let i = 0; i < 12; i++) {
      pace.say(() => said.push(i), true);
      vi.advanceTimersByTime(100);
    }
    expect(said).toEqual([0, 4, 9]);
    vi.advanceTimersByTime(500);
    expect(said).toEqual([0, 4, 9, 11]);
  });

  it('is said at once where it may not wait, and what waited is not said after it', () => {
    const said: string[] = [];
    const pace = new Pace(500);
    for (const word of ['first', 'waits']) pace.say(() => said.push(word), true);
    pace.say(() => said.push('end'), false);
    vi.advanceTimersByTime(1000);
    expect(said).toEqual(['first', 'end']);
  });

  it('is not said when nobody is there any more', () => {
    const said: string[] = [];
    const pace = new Pace(500);
    for (const word of ['first', 'waits']) pace.say(() => said.push(word), true);
    pace.dispose();
    vi.advanceTimersByTime(1000);
    expect(said).toEqual(['first']);
  });
});
