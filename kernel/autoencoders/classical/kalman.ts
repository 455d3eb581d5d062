/** Inference in linear-Gaussian state-space models, in float64 (Kalman 1960; Rauch, Tung and Striebel 1965). */
import { Matrix } from 'ml-matrix';
import { matrix, object, takes, whole } from '../arguments';
import { columnOf, gaussianOf, matrixOf, offset } from './multivariateGaussian';
import type { LinearGaussian, MultivariateGaussian } from './multivariateGaussian';

/**
 * A chain of hidden states z_t [k] with one observation x_t [d] of each:
 *
 * $$z_1 \sim \mathcal N(m_0, P_0), \qquad z_t | z_{t-1} \sim \mathcal N(A z_{t-1}, Q), \qquad x_t | z_t \sim \mathcal N(C z_t, R)$$
 */
export interface StateSpace {
  /** p(z_1), before any observation. */
  initial: MultivariateGaussian;
  /** p(z_t | z_{t−1}): A [k, k], Q [k, k]. */
  transition: LinearGaussian;
  /** p(x_t | z_t): C [d, k] and R [d, d], by the names A and Q. */
  observation: LinearGaussian;
}

/** What a Kalman filter or smoother knows at each time: means, covariances and the log-likelihood in nats. */
export interface Filtered {
  /** p(z_t | x_<t), for each t. */
  predicted: MultivariateGaussian[];
  /** The belief p(z_t | x_≤t), for each t. */
  filtered: MultivariateGaussian[];
  /** log p(x_t | x_<t), for each t, in nats. */
  logLikelihoods: number[];
  /** log p(x_1, …, x_T): their sum. */
  logLikelihood: number;
}

/**
 * The Kalman filter: beliefs about each state, and the likelihood of each observation, given those before it.
 *
 * @param observations x_1 … x_T, each of d numbers
 */
export function kalmanFilter(system: StateSpace, observations: readonly (readonly number[])[]): Filtered {
  takes(
    'kalmanFilter',
    ['system', system, object('initial', 'transition', 'observation')],
    ['observations', observations, matrix],
  );
  const { initial, transition, observation } = system;
  const predicted: MultivariateGaussian[] = [];
  const filtered: MultivariateGaussian[] = [];
  const logLikelihoods = observations.map((x, t) => {
    const prior = t === 0 ? initial : filtered[t - 1]!.pushedThrough(transition);
    predicted.push(prior);
    filtered.push(prior.given(observation, x));
    return prior.pushedThrough(observation).logDensity(x);
  });
  return { predicted, filtered, logLikelihoods, logLikelihood: logLikelihoods.reduce((sum, value) => sum + value, 0) };
}

/**
 * The Rauch–Tung–Striebel smoother: p(z_t | x_1, …, x_T) for each t. Backwards from the last belief, with the gain
 * G_t = P_t Aᵀ (A P_t Aᵀ + Q)⁻¹ of the belief N(m_t, P_t):
 *
 * $$\hat m_t = m_t + G_t (\hat m_{t+1} - A m_t), \qquad \hat P_t = P_t + G_t (\hat P_{t+1} - A P_t A^\top - Q) G_t^\top$$
 */
export function kalmanSmoother(
  system: StateSpace,
  observations: readonly (readonly number[])[],
): MultivariateGaussian[] {
  takes(
    'kalmanSmoother',
    ['system', system, object('initial', 'transition', 'observation')],
    ['observations', observations, matrix],
  );
  const { predicted, filtered } = kalmanFilter(system, observations);
  const smoothed = [...filtered];
  for (let t = filtered.length - 2; t >= 0; t--) {
    const [belief, ahead, next] = [filtered[t]!, predicted[t + 1]!, smoothed[t + 1]!];
    const G = belief.gain(system.transition);
    const mean = columnOf(belief.mean).add(G.mmul(columnOf(next.mean).sub(columnOf(ahead.mean))));
    const change = matrixOf(next.covariance).sub(matrixOf(ahead.covariance));
    smoothed[t] = gaussianOf(mean, matrixOf(belief.covariance).add(G.mmul(change).mmul(G.transpose())));
  }
  return smoothed;
}

/**
 * p(z_{t+j} | z_t) of j transitions at once: N(Aʲ z_t + Σ_{i<j} Aⁱ b, Σ_{i<j} Aⁱ Q Aⁱᵀ).
 *
 * @param steps j, at least 1
 */
export function jumpTransition(given: StateSpace, steps: number): LinearGaussian {
  takes('jumpTransition', ['given', given, object('transition')], ['steps', steps, whole(1)]);
  const { transition } = given;
  const [A, Q] = [matrixOf(transition.A), matrixOf(transition.Q)];
  let power = Matrix.eye(A.rows);
  let noise = Matrix.zeros(A.rows, A.rows);
  let b = new Array<number>(A.rows).fill(0);
  for (let i = 0; i < steps; i++) {
    noise = A.mmul(noise).mmul(A.transpose()).add(Q);
    power = A.mmul(power);
    b = offset(A.mmul(columnOf(b)), transition.b).to1DArray();
  }
  return { A: power.to2DArray(), Q: Matrix.add(noise, noise.transpose()).mul(0.5).to2DArray(), b };
}
