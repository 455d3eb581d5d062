/** A state space with everything that TD-VAE learns in closed form, and the jump bound at it, in float64. */
import { jumpTransition, kalmanFilter, MultivariateGaussian, randomStream } from '../../autoencoders/index';
import type { RandomStream, StateSpace } from '../../autoencoders/index';
import { conditional, jointOfStates } from './jointGaussian';

/** A damped rotation of two states, seen in three noisy directions. */
export const system: StateSpace = {
  initial: new MultivariateGaussian([0.5, -0.2], [[1, 0.3], [0.3, 0.8]]), // prettier-ignore
  transition: { A: [[0.9, -0.3], [0.2, 0.8]], Q: [[0.2, 0.05], [0.05, 0.1]] }, // prettier-ignore
  observation: {
    A: [[1, 0.5], [-0.4, 1.2], [0.3, 0.3]], // prettier-ignore
    Q: [[0.5, 0.1, 0], [0.1, 0.4, 0.05], [0, 0.05, 0.3]], // prettier-ignore
  },
};

export const T = 8;
const [k, d] = [2, 3];

/** x_1 … x_T, drawn from the system. */
export const observations = drawn(randomStream(7, 'observations'));
/** All states, then all observations. */
export const joint = jointOfStates(system, T);

/** Where z_t and x_t stand in {@link joint}, for t from 1. */
export const stateAt = (t: number): number[] => [k * (t - 1), k * (t - 1) + 1];
export const observationAt = (t: number): number[] => [0, 1, 2].map((i) => k * T + d * (t - 1) + i);
const upTo = (t: number): number[] => Array.from({ length: t }, (_, i) => i + 1);

/** The distribution of these entries of {@link joint}, given the observations at these times. */
export function given(of: number[], times: number[]): MultivariateGaussian {
  const seen = times.flatMap((t) => observations[t - 1]!);
  return conditional(joint, of, times.flatMap(observationAt), seen);
}

/** log p(x_{t₂} | x_≤t₁), by the joint Gaussian. */
export function logPredictive(t1: number, t2: number): number {
  return given(observationAt(t2), upTo(t1)).logDensity(observations[t2 - 1]!);
}

/** What a belief at t₂ has seen, and which density the smoother gives z₁. */
export interface Inference {
  /** Times of the observations in b₂. */
  seen: number[];
  /** `full`: p(z₁|z₂, b₁, b₂) of all that was seen; `backward`: p(z₁|z₂, b₁), which is the same for adjacent times. */
  smoother: 'full' | 'backward';
}

/**
 * J = log p_D(x₂|z₂) + log p_B(z₁|b₁) + log p_T(z₂|z₁) − log p_B(z₂|b₂) − log p_S(z₁|z₂, b₁, b₂) at Kalman beliefs and
 * exact transitions, for `count` draws of z₂ ~ p_B and z₁ ~ p_S.
 */
export function jumps(t1: number, t2: number, { seen, smoother }: Inference, count: number): number[] {
  const transition = jumpTransition(system, t2 - t1);
  const belief1 = kalmanFilter(system, observations.slice(0, t1)).filtered.at(-1)!;
  const belief2 = given(stateAt(t2), seen);
  const pair = given([...stateAt(t1), ...stateAt(t2)], seen);
  const stream = randomStream(11, 'states');
  const x2 = observations[t2 - 1]!;
  return Array.from({ length: count }, () => {
    const z2 = belief2.draw(stream.normals(k));
    const pS = smoother === 'full' ? conditional(pair, [0, 1], [2, 3], z2) : belief1.given(transition, z2);
    const z1 = pS.draw(stream.normals(k));
    const pD = at(z2, system.observation);
    const pT = at(z1, transition);
    return pD.logDensity(x2) + belief1.logDensity(z1) + pT.logDensity(z2) - belief2.logDensity(z2) - pS.logDensity(z1);
  });
}

/** N(A z, Q). */
function at(z: readonly number[], { A, Q }: { A: readonly (readonly number[])[]; Q: readonly (readonly number[])[] }) {
  const mean = A.map((row) => row.reduce((sum, value, i) => sum + value * z[i]!, 0));
  return new MultivariateGaussian(mean, Q);
}

function drawn(stream: RandomStream): number[][] {
  let z = system.initial.draw(stream.normals(k));
  return Array.from({ length: T }, (_, t) => {
    if (t > 0) z = at(z, system.transition).draw(stream.normals(k));
    return at(z, system.observation).draw(stream.normals(d));
  });
}
