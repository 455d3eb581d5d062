import { describe, expect, it } from 'vitest';
import {
  discreteEntropy,
  discreteMutualInformation,
  discretize,
  gaussianMutualInformation,
  randomStream,
} from '../../../../kernel/autoencoders/index';

describe('mutual information by counting', () => {
  it('is the entropy of a variable with itself, and 0 with a constant', () => {
    const a = [0, 1, 2, 2];
    const entropy = 1.5 * Math.LN2;
    expect(discreteEntropy(a)).toBeCloseTo(entropy, 12);
    expect(discreteMutualInformation(a, a)).toBeCloseTo(entropy, 12);
    expect(discreteMutualInformation(a, [5, 5, 5, 5])).toBeCloseTo(0, 12);
  });

  it('is that of a table of joint probabilities', () => {
    // p(0,0) = ½, p(0,1) = ¼, p(1,1) = ¼
    const [a, b] = [
      [0, 0, 0, 1],
      [0, 0, 1, 1],
    ];
    const expected = 0.5 * Math.log(0.5 / (0.75 * 0.5)) + 0.25 * Math.log(0.25 / 0.375) + 0.25 * Math.log(0.25 / 0.125);
    expect(discreteMutualInformation(a!, b!)).toBeCloseTo(expected, 12);
  });

  it('of finely binned Gaussian variables comes near −½ log(1 − ρ²)', () => {
    const rho = 0.8;
    const n = 100_000;
    const stream = randomStream(3, 'gaussian pairs');
    const [x, e] = [stream.normals(n), stream.normals(n)];
    const y = x.map((value, i) => rho * value + Math.sqrt(1 - rho ** 2) * e[i]!);
    const found = discreteMutualInformation(discretize(x, 40), discretize(y, 40));
    expect(gaussianMutualInformation(rho)).toBeCloseTo(0.5108256, 6);
    expect(Math.abs(found - gaussianMutualInformation(rho))).toBeLessThan(0.03);
  });

  it('is of pairs', () => {
    expect(() => discreteMutualInformation([1, 2], [1])).toThrow('Mutual information is of pairs; found 2 and 1.');
  });
});

describe('bins', () => {
  it('are of equal width and hold both ends', () => {
    expect([...discretize([0, 0.24, 0.26, 1], 4)]).toEqual([0, 0, 1, 3]);
  });

  it('of equal values are one', () => {
    expect([...discretize([7, 7], 5)]).toEqual([0, 0]);
  });
});
