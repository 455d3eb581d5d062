import { describe, expect, it } from 'vitest';
import { gaussianMixtureData, twoMoons } from '../../../../kernel/autoencoders/index';
import type { Dataset } from '../../../../kernel/autoencoders/index';
import { mean, standardError } from '../data';

const pointsOf = ({ values, length }: Dataset) =>
  Array.from({ length }, (_, i) => [values[2 * i]!, values[2 * i + 1]!] as const);

describe('two moons', () => {
  it('without noise lie on two half circles of radius 1', () => {
    const data = twoMoons({ count: 200, noise: 0, seed: 1 });
    pointsOf(data).forEach(([x, y], i) => {
      const [dx, dy] = data.labels![i] === 0 ? [x, y] : [x - 1, y - 0.5];
      expect(Math.hypot(dx, dy)).toBeCloseTo(1, 5);
      expect(data.labels![i] === 0 ? dy >= 0 : dy <= 0).toBe(true);
    });
    expect(data.classNames).toEqual(['upper', 'lower']);
    expect(data.labels!.filter((label) => label === 0)).toHaveLength(100);
  });

  it('are the same for the same seed', () => {
    expect(twoMoons({ count: 9, seed: 3 }).values).toEqual(twoMoons({ count: 9, seed: 3 }).values);
    expect(twoMoons({ count: 9, seed: 3 }).values).not.toEqual(twoMoons({ count: 9, seed: 4 }).values);
  });
});

describe('a Gaussian mixture', () => {
  it('on a ring has its components at their angles, with their spread', () => {
    const data = gaussianMixtureData({ count: 4000, components: 4, distance: 3, sigma: 0.5, seed: 1 });
    const [right] = [pointsOf(data).filter((_, i) => data.labels![i] === 0)];
    const xs = right.map(([x]) => x);
    expect(Math.abs(mean(xs) - 3)).toBeLessThan(4 * standardError(xs));
    const squares = right.map(([, y]) => y ** 2);
    expect(Math.abs(mean(squares) - 0.25)).toBeLessThan(4 * standardError(squares));
    expect(Math.abs(right.length - 1000)).toBeLessThan(4 * Math.sqrt(4000 * 0.25 * 0.75));
  });

  it('on a grid is centred', () => {
    const data = gaussianMixtureData({ count: 500, layout: 'grid', components: 9, distance: 2, sigma: 0, seed: 1 });
    const places = new Set(pointsOf(data).map(String));
    expect(places).toEqual(new Set(['-2,-2', '0,-2', '2,-2', '-2,0', '0,0', '2,0', '-2,2', '0,2', '2,2']));
  });

  it('on a grid needs a square number', () => {
    expect(() => gaussianMixtureData({ count: 5, layout: 'grid', components: 8 })).toThrow(
      'gaussianMixtureData: "components" is 8, allowed for a grid: square numbers',
    );
  });
});
