/** TD-VAE beside the Kalman filter and smoother. */
import { estimate, kalmanFilter, kalmanSmoother } from '../autoencoders/index';
import type { MultivariateGaussian } from '../autoencoders/index';
import { predictions } from './temporal/movingDigits';
import {
  given,
  joint,
  jumps,
  logPredictive,
  observationAt,
  observations,
  stateAt,
  system,
  T,
} from './temporal/stateSpace';
import type { Inference } from './temporal/stateSpace';
import { conditional } from './temporal/jointGaussian';
import type { Measured, Verification } from './verification';

const times = Array.from({ length: T }, (_, i) => i + 1);
const upTo = (t: number) => times.slice(0, t);
const largest = (values: number[]) => Math.max(...values.map(Math.abs));

function furthestApart(a: MultivariateGaussian[], b: MultivariateGaussian[]): number {
  const numbers = (gaussians: MultivariateGaussian[]) =>
    gaussians.flatMap(({ mean, covariance }) => [...mean, ...covariance.flat()]);
  const other = numbers(b);
  return largest(numbers(a).map((value, i) => value - other[i]!));
}

/** The furthest that J is from log p(x₂|x_≤₁) on any of 200 draws. */
function furthestJump(t1: number, t2: number, inference: Inference): Measured {
  const expected = logPredictive(t1, t2);
  return { expected: 0, found: largest(jumps(t1, t2, inference, 200).map((J) => J - expected)), tolerance: 1e-10 };
}

/** The mean of J, within 3 standard errors. */
function meanJump(t1: number, t2: number, inference: Inference, expected: number): Measured {
  const { value, standardError } = estimate(jumps(t1, t2, inference, 4000));
  return { expected, found: value, tolerance: 3 * standardError };
}

const kalman: Verification[] = [
  {
    id: 'temporal/kalman-likelihood',
    system: 'Kalman filter',
    identity: 'Σ log p(x_t|x_<t) is the log-density of all observations under the joint Gaussian',
    quick: true,
    measure: () => ({
      expected: conditional(joint, times.flatMap(observationAt), [], []).logDensity(observations.flat()),
      found: kalmanFilter(system, observations).logLikelihood,
      tolerance: 1e-10,
    }),
  },
  {
    id: 'temporal/kalman-beliefs',
    system: 'Kalman filter',
    identity:
      'each belief p(z_t|x_≤t) is the conditional of the joint Gaussian: largest difference in mean, covariance',
    quick: true,
    measure: () => {
      const oracle = times.map((t) => given(stateAt(t), upTo(t)));
      return {
        expected: 0,
        found: furthestApart(kalmanFilter(system, observations).filtered, oracle),
        tolerance: 1e-10,
      };
    },
  },
  {
    id: 'temporal/smoother',
    system: 'Kalman smoother',
    identity: 'each p(z_t|x_≤T) is the conditional of the joint Gaussian: largest difference in mean, covariance',
    quick: true,
    measure: () => {
      const oracle = times.map((t) => given(stateAt(t), times));
      return { expected: 0, found: furthestApart(kalmanSmoother(system, observations), oracle), tolerance: 1e-10 };
    },
  },
];

const [t1, t2] = [3, 6];
const both = [...stateAt(t1), ...stateAt(t2)];
/** The times of all frames up to t₁ and of the one at t₂. */
const withoutBetween = [...upTo(t1), t2];

const bound: Verification[] = [
  {
    id: 'temporal/adjacent-jump',
    system: 'TD-VAE',
    identity: 'adjacent times, Kalman beliefs and smoother: J ≡ log p(x₂|x_≤1) on every draw; largest difference',
    quick: true,
    measure: () => furthestJump(4, 5, { seen: upTo(5), smoother: 'full' }),
  },
  {
    id: 'temporal/adjacent-backward',
    system: 'TD-VAE',
    identity:
      'adjacent times: the backward kernel p(z₁|z₂, b₁) is the smoother, so that J ≡ log p(x₂|x_≤1) with it too',
    quick: true,
    measure: () => furthestJump(4, 5, { seen: upTo(5), smoother: 'backward' }),
  },
  {
    id: 'temporal/jump-exact',
    system: 'TD-VAE',
    identity: 'a jump of 3 with a belief b₂ that leaves out the frames between: J ≡ log p(x₂|x_≤1) on every draw',
    quick: true,
    measure: () => furthestJump(t1, t2, { seen: withoutBetween, smoother: 'full' }),
  },
  {
    id: 'temporal/jump-bound',
    system: 'TD-VAE',
    identity: 'a jump of 3: E[J] = log p(x₂|x_≤1) − KL(p(z₁,z₂|x_≤2) ‖ p(z₁,z₂|x_≤1,x₂)), within 3 standard errors',
    quick: true,
    measure: () => {
      const gap = given(both, upTo(t2)).kl(given(both, withoutBetween));
      return meanJump(t1, t2, { seen: upTo(t2), smoother: 'full' }, logPredictive(t1, t2) - gap);
    },
  },
  {
    id: 'temporal/jump-bound-backward',
    system: 'TD-VAE',
    identity: 'the same with p(z₁|z₂, b₁): E[J] = log p(x₂|x_≤1) − KL(p(z₂|x_≤2) ‖ p(z₂|x_≤1,x₂)), within 3 s.e.',
    quick: true,
    measure: () => {
      const gap = given(stateAt(t2), upTo(t2)).kl(given(stateAt(t2), withoutBetween));
      return meanJump(t1, t2, { seen: upTo(t2), smoother: 'backward' }, logPredictive(t1, t2) - gap);
    },
  },
  {
    id: 'temporal/jump-below',
    system: 'TD-VAE',
    identity: 'a jump of 3: E[J] is below log p(x₂|x_≤1)',
    quick: true,
    measure: () => {
      const { value, standardError } = estimate(jumps(t1, t2, { seen: upTo(t2), smoother: 'full' }, 4000));
      return { expected: logPredictive(t1, t2), found: value + 3 * standardError, tolerance: 0, relation: '≤' };
    },
  },
];

const movingDigits: Verification[] = [
  {
    id: 'temporal/next-frame',
    system: 'TD-VAE',
    identity: 'moving digits: ‖x − x̂‖² of the next frame, rolled out, is below half of that of the mean frame',
    quick: false,
    measure: async () => {
      const { model, meanFrame } = await predictions();
      return { expected: meanFrame / 2, found: model, tolerance: 0, relation: '≤' };
    },
  },
  {
    id: 'temporal/next-frame-last',
    system: 'TD-VAE',
    identity: 'moving digits: ‖x − x̂‖² of the next frame, rolled out, is below half of that of the last frame repeated',
    quick: false,
    measure: async () => {
      const { model, lastFrame } = await predictions();
      return { expected: lastFrame / 2, found: model, tolerance: 0, relation: '≤' };
    },
  },
  {
    id: 'temporal/direction',
    system: 'TD-VAE',
    identity: 'moving digits: share of roll-outs that keep the direction of the digit (chance: at most .5)',
    quick: false,
    measure: async () => ({ expected: 0.8, found: (await predictions()).directionKept, tolerance: 0, relation: '≥' }),
  },
];

export const temporal: Verification[] = [...kalman, ...bound, ...movingDigits];
