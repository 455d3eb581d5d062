import { describe, expect, it } from 'vitest';
import { bundle, comparison, MIME } from '../../../kernel/views/index';
import { alignedCurve, difference, groupCurve } from '../../../kernel/views/comparing';
import { comparisonPicture } from '../../../kernel/figures/comparison/picture';
import { decodedComparison, linesOf, USUAL_CHOICES } from '../../../kernel/figures/comparison/data';
import { decode } from '../../../kernel/views/encoding';
import { fallingHistory } from './histories';

const line = (slope: number, offset: number, n = 11) => ({
  x: Array.from({ length: n }, (_, i) => i),
  y: Array.from({ length: n }, (_, i) => offset + slope * i),
});

describe('the curve of several runs', () => {
  it('is their mean, with the deviation of n − 1', () => {
    const { x, mean, deviation } = groupCurve([line(1, 0), line(1, 2), line(1, 7)]);
    expect([x[0], x.at(-1), x.length]).toEqual([0, 10, 11]);
    mean.forEach((value, i) => expect(value).toBeCloseTo(3 + i, 12));
    // The variance of 0, 2 and 7 about their mean 3: (9 + 1 + 16) / 2.
    deviation.forEach((value) => expect(value).toBeCloseTo(Math.sqrt(13), 12));
  });

  it('ends where the shortest does, and lies on the straight lines between the points of each', () => {
    const sparse = { x: [0, 8], y: [0, 16] };
    const { x, mean } = groupCurve([line(2, 0), sparse]);
    expect(x.at(-1)).toBe(8);
    x.forEach((place, i) => expect(mean[i]).toBeCloseTo(2 * place, 10));
  });

  it('of one run is that run, and says no deviation', () => {
    const { mean, deviation } = groupCurve([line(3, 1)]);
    expect([...mean]).toEqual(line(3, 1).y);
    expect(deviation.every(Number.isNaN)).toBe(true);
  });

  it('is nothing where the runs have no place in common', () => {
    expect(groupCurve([line(1, 0), { x: [20, 30], y: [0, 0] }]).x).toHaveLength(0);
  });
});

describe('a difference', () => {
  it('is taken where both are, and its deviation is that of independent runs', () => {
    const one = groupCurve([line(1, 0), line(1, 6)]);
    const other = groupCurve([line(2, 0, 6), line(2, 8, 6)]);
    const { x, mean, deviation } = difference(one, other);
    expect(x.at(-1)).toBe(5);
    x.forEach((place, i) => expect(mean[i]).toBeCloseTo(3 + place - (4 + 2 * place), 10));
    // Deviations 6/√2 and 8/√2.
    deviation.forEach((value) => expect(value).toBeCloseTo(Math.sqrt(18 + 32), 10));
  });

  it('from a single run keeps the deviation that is known', () => {
    const { deviation } = difference(groupCurve([line(1, 0), line(1, 6)]), groupCurve([line(1, 0)]));
    deviation.forEach((value) => expect(value).toBeCloseTo(6 / Math.SQRT2, 10));
  });
});

describe('an aligned curve', () => {
  it('counts in the unit of the axis from its origin', () => {
    const curve = { steps: [101, 151, 201], means: [3, 2, 1], sizes: [1, 1, 1] };
    expect([...Array.from(alignedCurve(curve, 0, 50, 101).x)]).toEqual([0, 1, 2]);
    expect([...Array.from(alignedCurve(curve, 0, 50, 101).y)]).toEqual([3, 2, 1]);
  });
});

describe('a comparison', () => {
  const view = comparison({
    id: 'a',
    groups: [
      { name: 'short', runs: [fallingHistory(2, 4)] },
      { name: 'long', runs: [fallingHistory(3, 4), fallingHistory(4, 4)] },
    ],
  });

  it('says in a sentence where each ended, and how far its runs spread', () => {
    const end = (first: number) => 100 + 100 * [0, 1, 2, 3].reduce((sum, i) => sum + 1 / (first + i), 0);
    const [short, a, b] = [end(5), end(9), end(13)];
    const found = /short: ([\d.]+); long: ([\d.]+) ± ([\d.]+) over 2 runs\.$/.exec(view.summary)!.slice(1).map(Number);
    [short, (a + b) / 2, Math.abs(a - b) / Math.SQRT2].forEach((value, i) =>
      // The spread has two digits.
      expect(found[i]! / value).toBeCloseTo(1, i === 2 ? 1 : 3),
    );
  });

  it('has a picture, and says where units differ', () => {
    const bundled = bundle(MIME.comparison, view);
    expect(Buffer.from(bundled['image/png'] as string, 'base64').length).toBeGreaterThan(10_000);
    const other = { ...fallingHistory(2, 4), unit: 'bits per pixel' };
    const mixed = comparison({
      id: 'b',
      groups: [
        { name: 'x', runs: [fallingHistory(2, 4)] },
        { name: 'y', runs: [other] },
      ],
    });
    expect(mixed.notes).toEqual(['The units differ: nats per image; bits per pixel.']);
  });

  it('is light: a long run weighs as much as its figure is wide', () => {
    const long = comparison({ id: 'c', groups: [{ name: 'x', runs: [fallingHistory(100, 500)] }] });
    expect(JSON.stringify(long).length).toBeLessThan(30_000);
  });
});

describe('compared runs that show no line or no number', () => {
  const diverged = () => {
    const history = fallingHistory(2, 10);
    for (const { values } of history.series) values.fill(NaN, 5);
    return history;
  };

  it('differ from those that have one: no mean leaves one out in silence', () => {
    const groups = [
      { name: 'some', runs: [fallingHistory(2, 10), diverged(), fallingHistory(2, 10)] },
      { name: 'all', runs: [diverged()] },
      { name: 'none', runs: [{ ...fallingHistory(2, 10), series: [] }] },
    ];
    const { summary } = comparison({ id: 'c', groups });
    expect(summary).toMatch(/some: [\d.]+ ± 0 over 2 runs, without 1 run whose total is not finite; /);
    expect(summary).toMatch(/; all: not finite; none has no total\.$/);
  });

  it('have a dot where there is one step', () => {
    const view = comparison({ id: 'c', groups: [{ name: 'one', runs: [fallingHistory(1, 1)] }, { name: 'ten', runs: [fallingHistory(1, 10)] }] }); // prettier-ignore
    const data = decodedComparison(view, decode);
    const terms = data.terms.map((term) => linesOf(data, term, USUAL_CHOICES));
    const drawing = { terms, choices: USUAL_CHOICES, unit: '', zoom: {} };
    const { panels } = comparisonPicture('', data, drawing, { width: 600, widthOf: () => 10 });
    const marked = panels[0]!.lines.filter(({ name }) => name.startsWith('train'));
    expect(marked.map(({ name, markers }) => [name, markers !== undefined])).toEqual([
      ['train 0', true],
      ['train 1', false],
    ]);
  });
});
