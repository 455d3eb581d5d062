import { describe, expect, it } from 'vitest';
import { labelled, linearTicks, logTicks } from '../../../kernel/views/ticks';
import type { Tick } from '../../../kernel/views/ticks';

/** The number that a reader takes a label for. */
const read = (text: string) => Number(text.replaceAll(',', '').replaceAll('−', '-'));

/** What is wrong: a label that stands twice, lies outside, or is off by a thousandth of the way to the next tick. */
function faults(ticks: Tick[], low: number, high: number): string[] {
  const seen = new Set<string>();
  return ticks.flatMap(({ value, text }, i) => {
    const gap = Math.min(...[ticks[i - 1], ticks[i + 1]].map((next) => Math.abs((next?.value ?? Infinity) - value)));
    const off = Math.abs(read(text) - value);
    const wrong = !(off <= (Number.isFinite(gap) ? 1.0001e-3 * gap : 1e-8 * Math.abs(value)));
    const outside = value < low - 1e-8 * Math.abs(low) || value > high + 1e-8 * Math.abs(high);
    const twice = seen.has(text);
    seen.add(text);
    return wrong || outside || twice ? [`${text} at ${value} of ${low} … ${high}`] : [];
  });
}

const texts = (ticks: Tick[]) => ticks.map(({ text }) => text);
const COUNTS = [1, 2, 3, 4, 5, 7, 9, 12, 16];
const SPANS = [1, 1.02, 1.5, 2, 3, 3.3, 4.08, 5, 7, 9.9];

describe('the ticks of a linear axis', () => {
  it('say each number once and rightly, from tiny ranges to huge ones, far from zero and around it', () => {
    const wrong: string[] = [];
    for (let power = -12; power <= 12; power++) {
      for (const span of SPANS) {
        for (const centre of [0, 0.37, 1, 543.7, -1e6, 123456789]) {
          const [low, high] = [centre - 0.3 * span * 10 ** power, centre + 0.7 * span * 10 ** power];
          for (const count of COUNTS) wrong.push(...faults(linearTicks(low, high, count), low, high));
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('fill the room: at least two, and not many more than there is room for', () => {
    for (const span of SPANS) {
      for (const count of COUNTS.slice(2)) {
        const { length } = linearTicks(-0.21 * span, 0.79 * span, count);
        expect(length).toBeGreaterThanOrEqual(2);
        expect(length).toBeLessThanOrEqual(2 * count);
      }
    }
  });

  it.each([
    [
      [0, 1, 5],
      ['0.0', '0.2', '0.4', '0.6', '0.8', '1.0'],
    ],
    [
      [-2, 2, 4],
      ['−2', '−1', '0', '1', '2'],
    ],
    [
      [0, 25_000, 5],
      ['0', '5,000', '10,000', '15,000', '20,000', '25,000'],
    ],
    [
      [0, 3e7, 3],
      ['0', '1e7', '2e7', '3e7'],
    ],
    [
      [0, 2e-5, 4],
      ['0', '5e−6', '1e−5', '1.5e−5', '2e−5'],
    ],
    [
      [543.70001, 543.70005, 4],
      ['543.70001', '543.70002', '543.70003', '543.70004', '543.70005'],
    ],
    [[7, 7, 4], ['7']],
  ] as const)('from %j are %j', ([low, high, count], expected) => {
    expect(texts(linearTicks(low, high, count))).toEqual(expected);
  });

  it('have none for a range that is no range', () => {
    for (const [low, high] of [
      [NaN, 1],
      [0, Infinity],
      [2, 1],
      [-1e308, 1e308],
    ] as const)
      // prettier-ignore
      expect(linearTicks(low, high, 5)).toEqual([]);
  });

  it('tell neighbours apart where the range is as fine as float64', () => {
    for (const [low, high] of [
      [1, 1 + 4 * Number.EPSILON],
      [1e15, 1e15 + 1],
      [0, 5e-324],
    ] as const)
      // prettier-ignore
      for (const count of COUNTS) expect(faults(linearTicks(low, high, count), low, high)).toEqual([]);
  });
});

describe('the ticks of an axis of whole numbers', () => {
  it('are all the whole numbers of a short axis, for each number of epochs and ticks', () => {
    for (let last = 1; last <= 5; last++) {
      for (const count of [5, 9, 14, 20]) {
        const expected = Array.from({ length: last + 1 }, (_, i) => String(i));
        expect(texts(linearTicks(0, 1.02 * last, count, { whole: true }))).toEqual(expected);
      }
    }
  });

  it('are whole everywhere', () => {
    for (const first of [0, 1, 999, 123_456_789]) {
      for (const length of [0.4, 1, 2, 3, 5, 8, 31, 930, 65_536, 4e6, 2e9]) {
        for (const count of COUNTS) {
          const ticks = linearTicks(first, first + length, count, { whole: true });
          expect(faults(ticks, first, first + length)).toEqual([]);
          expect(ticks.every(({ value }) => Number.isInteger(value))).toBe(true);
        }
      }
    }
  });
});

describe('the ticks of a logarithmic axis', () => {
  it('say each number once and rightly, over a part of a decade and over three hundred', () => {
    for (const low of [1e-300, 3e-12, 0.0007, 0.7, 1, 2, 99, 543.7, 3e8]) {
      for (const factor of [1.00001, 1.1, 1.9, 4, 9, 11, 60, 1e3, 3e5, 1e12, 1e150]) {
        for (const count of COUNTS) expect(faults(logTicks(low, low * factor, count), low, low * factor)).toEqual([]);
      }
    }
  });

  it('are never none where the axis has room for three', () => {
    for (const low of [0.0007, 0.7, 1.3, 2, 99, 543.7]) {
      for (const factor of [1.1, 1.9, 4, 9, 11, 60, 1e3, 3e5, 1e12]) {
        expect(logTicks(low, low * factor, 4).length, `${low} × ${factor}`).toBeGreaterThanOrEqual(2);
      }
    }
  });

  it.each([
    [
      [0.7, 1300, 5],
      ['1', '10', '100', '1,000'],
    ],
    [
      [0.7, 13, 6],
      ['1', '2', '5', '10'],
    ],
    [
      [200, 500, 4],
      ['200', '300', '400', '500'],
    ],
    [
      [1e-6, 1e-2, 5],
      ['1e−6', '1e−5', '1e−4', '0.001', '0.01'],
    ],
    [
      [0.5, 2e9, 4],
      ['1', '1,000', '1e6', '1e9'],
    ],
  ] as const)('from %j are %j', ([low, high, count], expected) => {
    expect(texts(logTicks(low, high, count))).toEqual(expected);
  });

  it('are whole where they count', () => {
    expect(texts(logTicks(0.02, 30, 20, { whole: true }))).toEqual(['1', '2', '5', '10', '20']);
    expect(texts(logTicks(0.7, 3, 8, { whole: true }))).toEqual(['1', '2', '3']);
  });
});

describe('labels', () => {
  it('are written shorter where there is no room and a shorter way', () => {
    expect(texts(linearTicks(-200_000, 0, 2))).toEqual(['−200,000', '−100,000', '0']);
    expect(texts(linearTicks(-200_000, 0, 2, { longest: 7 }))).toEqual(['−2e5', '−1e5', '0']);
    expect(texts(linearTicks(543.70001, 543.70002, 1, { longest: 7 }))).toEqual(['543.70001', '543.70002']);
  });

  it('write a zero without a sign', () => {
    expect(texts(labelled([-0.5, -0, 0.5]))).toEqual(['−0.5', '0.0', '0.5']);
  });
});
