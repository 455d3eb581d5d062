import { describe, expect, it } from 'vitest';
import { sparkline, statisticsOf } from '../../../../kernel/session/variables/sparkline';

describe('a sparkline', () => {
  it('of one axis runs as the numbers do', () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 1)).toEqual({
      text: '▁▂▃▄▅▆▇█',
      shows: 'series',
      low: 0,
      high: 7,
      read: 8,
      of: 8,
    });
    // 32 numbers in 16 blocks: the means are ½, 2½, 4½, … 30½ of 31, each times 8 and rounded down.
    const ramp = Array.from({ length: 32 }, (_, i) => i);
    const heights = ramp.filter((i) => i % 2 === 0).map((i) => Math.floor(((i + 0.5) / 31) * 8));
    expect(heights).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7]);
    expect(sparkline(ramp, 1)!.text).toBe('▁▁▂▂▃▃▄▄▅▅▆▆▇▇██');
  });

  it('of more axes is a histogram, in which only an empty bin is the lowest block', () => {
    // 16 bins from 0 to 16: fourteen numbers in the first, one in the last; a seventh of a block is one of seven steps.
    const values = [...new Array<number>(13).fill(0.5), 0, 16];
    expect(sparkline(values, 2)).toMatchObject({ text: `█${'▁'.repeat(14)}▂`, shows: 'histogram', low: 0, high: 16 });
  });

  it('leaves out what is not finite, and is none where nothing can be drawn', () => {
    expect(sparkline([1, NaN, 3], 1)!.text).toBe('▁·█');
    expect(sparkline([2, 2, 2], 1)!.text).toBe('▅▅▅');
    expect(sparkline([-1e308, 1e308], 1)!.text).toBe('▁█');
    expect(sparkline([1], 1)).toBeUndefined();
    expect(sparkline([NaN, Infinity, 1], 1)).toBeUndefined();
  });
});

describe('statistics', () => {
  it('are those of the finite numbers', () => {
    // Mean 5, squared deviations 9 + 1 + 1 + 1 + 0 + 0 + 4 + 16 = 32, divided by 8: 4.
    expect(statisticsOf([2, 4, 4, 4, 5, 5, 7, 9, NaN], 100)).toEqual({
      minimum: 2,
      maximum: 9,
      mean: 5,
      deviation: 2,
      notFinite: 1,
      read: 9,
      of: 100,
    });
    expect(statisticsOf([NaN])).toBeUndefined();
  });
});
