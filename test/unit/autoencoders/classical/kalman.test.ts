import { KalmanFilter, State } from 'kalman-filter';
import { describe, expect, it } from 'vitest';
import {
  jumpTransition,
  kalmanFilter,
  kalmanSmoother,
  MultivariateGaussian,
  randomStream,
} from '../../../../kernel/autoencoders/index';
import type { StateSpace } from '../../../../kernel/autoencoders/index';
import { conditional, jointOfStates } from '../../../../kernel/verify/temporal/jointGaussian';

/** A damped rotation of two states, seen in three noisy directions. */
const system: StateSpace = {
  initial: new MultivariateGaussian(
    [0.5, -0.2],
    [
      [1, 0.3],
      [0.3, 0.8],
    ],
  ),
  transition: {
    A: [
      [0.9, -0.3],
      [0.2, 0.8],
    ],
    Q: [
      [0.2, 0.05],
      [0.05, 0.1],
    ],
  },
  observation: {
    A: [
      [1, 0.5],
      [-0.4, 1.2],
      [0.3, 0.3],
    ],
    Q: [
      [0.5, 0.1, 0],
      [0.1, 0.4, 0.05],
      [0, 0.05, 0.3],
    ],
  },
};
const T = 6;
const stream = randomStream(3, 'observations');
const observations = Array.from({ length: T }, () => Array.from(stream.normals(3)));
const joint = jointOfStates(system, T);
const stateAt = (t: number) => [2 * t, 2 * t + 1];
const observationsUpTo = (t: number) => Array.from({ length: 3 * t }, (_, i) => 2 * T + i);
const seenUpTo = (t: number) => observations.slice(0, t).flat();

function expectSame(found: MultivariateGaussian, expected: MultivariateGaussian): void {
  found.mean.forEach((value, i) => expect(value).toBeCloseTo(expected.mean[i]!, 11));
  found.covariance.flat().forEach((value, i) => expect(value).toBeCloseTo(expected.covariance.flat()[i]!, 11));
}

describe('the Kalman filter', () => {
  const { predicted, filtered, logLikelihoods, logLikelihood } = kalmanFilter(system, observations);

  it('gives the conditionals of the joint Gaussian of all states and observations', () => {
    for (let t = 0; t < T; t++) {
      expectSame(filtered[t]!, conditional(joint, stateAt(t), observationsUpTo(t + 1), seenUpTo(t + 1)));
      if (t > 0) expectSame(predicted[t]!, conditional(joint, stateAt(t), observationsUpTo(t), seenUpTo(t)));
    }
  });

  it('gives the joint log-density of the observations, term by term', () => {
    const before = (t: number) =>
      t === 0 ? 0 : conditional(joint, observationsUpTo(t), [], []).logDensity(seenUpTo(t));
    logLikelihoods.forEach((value, t) => expect(value).toBeCloseTo(before(t + 1) - before(t), 10));
    expect(logLikelihood).toBeCloseTo(before(T), 10);
  });

  it('agrees with the npm package kalman-filter in means and covariances', () => {
    const { initial, transition, observation } = system;
    const other = new KalmanFilter({
      dynamic: { dimension: 2, transition: transition.A, covariance: transition.Q },
      observation: { dimension: 3, stateProjection: observation.A, covariance: observation.Q },
    });
    let belief: State | undefined;
    observations.forEach((x, t) => {
      // The package predicts before its first observation; here the first state has no predecessor.
      const first = new State({ mean: initial.mean.map((value) => [value]), covariance: initial.covariance });
      const ahead = belief === undefined ? first : other.predict({ previousCorrected: belief });
      belief = other.correct({ predicted: ahead, observation: x });
      expectSame(filtered[t]!, new MultivariateGaussian(belief.mean.flat(), symmetric(belief.covariance)));
    });
  });
});

describe('the smoother', () => {
  it('gives each state given all observations', () => {
    kalmanSmoother(system, observations).forEach((state, t) => {
      expectSame(state, conditional(joint, stateAt(t), observationsUpTo(T), seenUpTo(T)));
    });
  });
});

describe('a jump of several transitions', () => {
  it('is as many single ones', () => {
    const single = (z: MultivariateGaussian) => z.pushedThrough(system.transition);
    const { initial } = system;
    expectSame(initial.pushedThrough(jumpTransition(system, 1)), single(initial));
    expectSame(initial.pushedThrough(jumpTransition(system, 3)), single(single(single(initial))));
  });

  it('is as many single ones also where they add an offset', () => {
    const drifting = { ...system, transition: { ...system.transition, b: [0.4, -1] } };
    const single = (z: MultivariateGaussian) => z.pushedThrough(drifting.transition);
    const { initial } = system;
    expectSame(initial.pushedThrough(jumpTransition(drifting, 3)), single(single(single(initial))));
  });
});

function symmetric(rows: readonly (readonly number[])[]): number[][] {
  return rows.map((row, i) => row.map((value, j) => (value + rows[j]![i]!) / 2));
}
