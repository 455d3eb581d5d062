import { describe, expect, it } from 'vitest';
import { jointStates, kalmanSmoother, MultivariateGaussian } from '../../../../kernel/autoencoders/index';
import type { StateSpace } from '../../../../kernel/autoencoders/index';
import { jointOfStates } from '../../../../kernel/verify/temporal/jointGaussian';

/** Two states, seen through one noisy sum. */
const system: StateSpace = {
  // prettier-ignore
  initial: new MultivariateGaussian([0.5, -0.2], [[1, 0.3], [0.3, 0.8]]),
  // prettier-ignore
  transition: { A: [[0.9, -0.3], [0.2, 0.8]], Q: [[0.2, 0.05], [0.05, 0.1]] },
  observation: { A: [[1, 0.5]], Q: [[0.4]] },
};
const T = 4;
const flat = (rows: readonly (readonly number[])[]) => rows.flat();

describe('all states as one Gaussian', () => {
  it('is what a linear map of independent noises gives', () => {
    const expected = jointOfStates(system, T).marginal(Array.from({ length: 2 * T }, (_, i) => i));
    const found = jointStates(system, T);
    found.mean.forEach((value, i) => expect(value).toBeCloseTo(expected.mean[i]!, 12));
    flat(found.covariance).forEach((value, i) => expect(value).toBeCloseTo(flat(expected.covariance)[i]!, 12));
  });

  it('is one state with one step', () => {
    expect(jointStates(system, 1).mean).toEqual(system.initial.mean);
    expect(jointStates(system, 1).covariance).toEqual(system.initial.covariance);
  });

  it('follows an offset of the transition', () => {
    const drifting = { ...system, transition: { ...system.transition, b: [1, -2] } };
    const { mean } = jointStates(drifting, 2);
    expect(mean[2]).toBeCloseTo(0.9 * 0.5 + 0.3 * 0.2 + 1, 12);
    expect(mean[3]).toBeCloseTo(0.2 * 0.5 - 0.8 * 0.2 - 2, 12);
  });

  it('conditioned on what was seen gives the states of the smoother', () => {
    const seen = [[0.4], [1.1], [-0.3], [0.8]];
    // prettier-ignore
    const A = seen.map((_, t) => Array.from({ length: 2 * T }, (__, i) => (i === 2 * t ? 1 : i === 2 * t + 1 ? 0.5 : 0)));
    const Q = seen.map((_, s) => seen.map((__, t) => (s === t ? 0.4 : 0)));
    const all = jointStates(system, T).given({ A, Q }, seen.flat());
    kalmanSmoother(system, seen).forEach(({ mean, covariance }, t) => {
      const state = all.marginal([2 * t, 2 * t + 1]);
      mean.forEach((value, i) => expect(state.mean[i]).toBeCloseTo(value, 10));
      flat(covariance).forEach((value, i) => expect(flat(state.covariance)[i]).toBeCloseTo(value, 10));
    });
  });

  it('refuses a number of steps that is none', () => {
    expect(() => jointStates(system, 0)).toThrow('steps');
  });
});

describe('a Gaussian', () => {
  // prettier-ignore
  const p = new MultivariateGaussian([1, 2, 3], [[2, 0.5, 0.1], [0.5, 1, 0.2], [0.1, 0.2, 3]]);

  it('has marginals that are rows and columns of its moments', () => {
    const { mean, covariance } = p.marginal([2, 0]);
    expect(mean).toEqual([3, 1]);
    expect(covariance).toEqual([
      [3, 0.1],
      [0.1, 2],
    ]);
    expect(() => p.marginal([3])).toThrow('counted from 0 to 2; found 3');
  });

  it('keeps its mean when it is inflated, and diverges by ½k(1/c − 1 + log c)', () => {
    const c = 2.5;
    expect(p.inflated(c).mean).toEqual(p.mean);
    expect(p.kl(p.inflated(c))).toBeCloseTo(1.5 * (1 / c - 1 + Math.log(c)), 12);
    expect(() => p.inflated(0)).toThrow('c');
  });

  it('is reached by a linear step from one point', () => {
    const step = { A: [[1, 2, 0]], Q: [[0.3]], b: [0.5] };
    const reached = MultivariateGaussian.conditional(step, [1, -1, 7]);
    expect(reached.mean).toEqual([-0.5]);
    expect(reached.covariance).toEqual([[0.3]]);
    expect(() => MultivariateGaussian.conditional(step, [1, -1])).toThrow('z');
  });
});
