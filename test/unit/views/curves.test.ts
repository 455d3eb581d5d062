import { describe, expect, it } from 'vitest';
import { lossCurves } from '../../../kernel/views/index';
import { arrangePanels, robustRange } from '../../../kernel/views/png/training/curves';
import { spread } from '../../../kernel/views/png/axes';
import { fallingHistory } from './histories';

describe('the panels of a loss figure', () => {
  it('put terms far below the total beside it, and the schedules with them', () => {
    const panels = arrangePanels(lossCurves(fallingHistory(), { id: 'a' }));
    expect(panels.map(({ curves }) => curves.map(({ name, split }) => `${name} ${split}`))).toEqual([
      ['total train', 'total validation', 'reconstruction train'],
      ['kl train'],
    ]);
    expect(panels.map(({ schedules }) => schedules.length)).toEqual([0, 1]);
  });

  it('give a term one colour for training and validation', () => {
    const [first] = arrangePanels(lossCurves(fallingHistory(), { id: 'a' }));
    expect(first!.curves.map(({ colour }) => colour)).toEqual([0, 0, 1]);
  });
});

describe('the value at the end of a curve', () => {
  it('is the mean of the last epoch for training and the last one for validation', () => {
    const [first] = arrangePanels(lossCurves(fallingHistory(2, 4), { id: 'a' }));
    const ends = Object.fromEntries(first!.curves.map(({ split, name, end }) => [`${name} ${split}`, end]));
    expect(ends['total train']).toBeCloseTo(100 + 100 * (1 / 5 + 1 / 6 + 1 / 7 + 1 / 8), 3);
    expect(ends['total validation']).toBeCloseTo(100 + 400 / 8 + 2, 3);
  });
});

describe('the range of a loss axis', () => {
  const curve = (values: number[]) => [
    { name: 'total', split: 'train' as const, steps: [], values, colour: 0, end: 0 },
  ];

  it('leaves out a start far above all that follows', () => {
    const [low, high] = robustRange(curve([10_000, 5000, ...Array.from({ length: 98 }, (_, i) => 200 - i)]));
    expect(low).toBeLessThanOrEqual(103);
    expect(high).toBeGreaterThan(200);
    expect(high).toBeLessThan(400);
  });

  it('holds everything where nothing is far off', () => {
    const [low, high] = robustRange(curve([14, 13, 12, 11, 10, 9, 8, 7, 6, 5]));
    expect(low).toBeLessThan(5);
    expect(high).toBeGreaterThan(14);
  });

  it('is something for no values and for one value', () => {
    expect(robustRange(curve([NaN]))).toEqual([0, 1]);
    const [low, high] = robustRange(curve([3]));
    expect(low).toBeLessThan(3);
    expect(high).toBeGreaterThan(3);
  });
});

describe('labels beside a panel', () => {
  it('are moved apart, in their order, and stay within it', () => {
    const ys = spread([{ y: 50 }, { y: 10 }, { y: 52 }, { y: 99 }], 14, 0, 100).map(({ y }) => y);
    const ascending = [...ys].sort((a, b) => a - b);
    ascending.slice(1).forEach((y, i) => expect(y - ascending[i]!).toBeGreaterThanOrEqual(14));
    expect(ascending[0]).toBe(10);
    expect(ascending[3]).toBeLessThanOrEqual(100);
  });
});
