/** Linear-Gaussian chains z_T → … → z_1 → x with their exact reverse, in float64, and the same as an MHVAE. */
import { Matrix } from 'ml-matrix';
import * as tf from '@tensorflow/tfjs';
import { MultivariateGaussian, randomStream } from '../../autoencoders/index';
import type { LinearGaussian, MHVAE } from '../../autoencoders/index';
import { LOG_VARIANCE_BOUND } from '../../autoencoders/models/hierarchical/levels';

const [k, d] = [2, 3];
const step: LinearGaussian = { A: [[0.8, 0.3], [-0.4, 0.9]], Q: [[0.5, 0.1], [0.1, 0.4]], b: [0.3, -0.1] }; // prettier-ignore
const decoder: LinearGaussian = {
  A: [[1.1, 0.2], [-0.6, 0.7], [0.9, -0.5]], // prettier-ignore
  Q: [[0.3, 0, 0], [0, 0.4, 0], [0, 0, 0.5]], // prettier-ignore
  b: [0.2, 0.1, -0.3],
};
export const x = [0.9, -0.4, 1.7];

/**
 * log p(x, z_{1:T}) − log q(z_{1:T}|x) for draws from the exact reverse chain, or from one whose variances are
 * `inflated` times as large.
 */
export function logWeights(T: number, count: number, inflated = 1): number[] {
  // p(z_T), …, p(z_1), each pushed through the step from the one above.
  const marginals = [MultivariateGaussian.standard(k)];
  while (marginals.length < T) marginals.unshift(marginals[0]!.pushedThrough(step));
  const stream = randomStream(3, 'chain');
  return Array.from({ length: count }, () => {
    let logWeight = 0;
    let below = x;
    let forward = decoder;
    for (const marginal of marginals) {
      const q = scaled(marginal.given(forward, below), inflated);
      const z = q.draw(stream.normals(k));
      logWeight += at(z, forward).logDensity(below) - q.logDensity(z);
      below = z;
      forward = step;
    }
    return logWeight + MultivariateGaussian.standard(k).logDensity(below);
  });
}

/** log p(x) by one sum: x = b + C(c + A(c + … z_T + …) + w_1) + v has the covariance Σ_t M_t Q_t M_tᵀ + R. */
export function logEvidence(T: number): number {
  const [A, C] = [new Matrix(step.A.map((row) => [...row])), new Matrix(decoder.A.map((row) => [...row]))];
  let M = C;
  let covariance = new Matrix(decoder.Q.map((row) => [...row]));
  let mean = Matrix.columnVector([...decoder.b!]);
  for (let t = 1; t <= T; t++) {
    const noise = t === T ? Matrix.eye(k) : new Matrix(step.Q.map((row) => [...row]));
    covariance = covariance.add(M.mmul(noise).mmul(M.transpose()));
    if (t < T) mean = mean.add(M.mmul(Matrix.columnVector([...step.b!])));
    M = M.mmul(A);
  }
  const symmetric = Matrix.add(covariance, covariance.transpose()).mul(0.5);
  return new MultivariateGaussian(mean.to1DArray(), symmetric.to2DArray()).logDensity(x);
}

/** KL of a Gaussian whose variance is `inflated` times that of the other, in T · k dimensions. */
export function gapOf(T: number, inflated: number): number {
  return 0.5 * T * k * (inflated - 1 - Math.log(inflated));
}

/**
 * Makes a linear MHVAE with latents of one dimension the chain z_t | z_{t+1} ~ N(.8 z_{t+1} + .3, .5), and its inference
 * the exact reverse.
 *
 * @returns p(x), over 3 dimensions
 */
export function setChain(model: MHVAE): MultivariateGaussian {
  const variance = Number(model.config.sigma) ** 2;
  const noise = Array.from({ length: d }, (_, i) => Array.from({ length: d }, (_, j) => (i === j ? variance : 0)));
  const down: LinearGaussian = { A: [[0.8]], Q: [[0.5]], b: [0.3] };
  const out: LinearGaussian = { A: [[1.1], [-0.6], [0.9]], Q: noise, b: [0.2, 0.1, -0.3] };
  let marginal = MultivariateGaussian.standard(1);
  for (let t = model.levels - 1; t >= 1; t--) {
    setHeads(model, `prior.${t}.0`, down, boundedLogVariance);
    setHeads(model, `inference.${t + 1}.0`, reverse(marginal, down), boundedLogVariance);
    marginal = marginal.pushedThrough(down);
  }
  setHeads(model, 'encoder.0', reverse(marginal, out), Math.log);
  set(model, 'decoder.0.kernel', out.A.map((row) => row[0]!), [1, d]); // prettier-ignore
  set(model, 'decoder.0.bias', [...out.b!], [d]);
  return marginal.pushedThrough(out);
}

/** z | y for z ~ N(m, P) and y | z: again linear in y, with one covariance for all y. */
function reverse(marginal: MultivariateGaussian, forward: LinearGaussian): LinearGaussian {
  const unit = forward.A.map((_, i) => forward.A.map((_, j) => (i === j ? 1 : 0)));
  const zero = marginal.given(forward, forward.A.map(() => 0)); // prettier-ignore
  const slopes = unit.map((y) => marginal.given(forward, y).mean[0]! - zero.mean[0]!);
  return { A: [slopes], Q: zero.covariance, b: zero.mean };
}

/** A layer that gives mean and log-variance of one dimension: the kernel [in, 2] has the map beside zeros. */
function setHeads(model: MHVAE, layer: string, { A, Q, b }: LinearGaussian, logVariance: (variance: number) => number) {
  const kernel = A[0]!.flatMap((value) => [value, 0]);
  set(model, `${layer}.kernel`, kernel, [A[0]!.length, 2]);
  set(model, `${layer}.bias`, [b![0]!, logVariance(Q[0]![0]!)], [2]);
}

/** What the network has to give, so that log σ² is that of the variance after the bound. */
function boundedLogVariance(variance: number): number {
  return LOG_VARIANCE_BOUND * Math.atanh(Math.log(variance) / LOG_VARIANCE_BOUND);
}

function set(model: MHVAE, name: string, values: number[], shape: number[]): void {
  tf.tidy(() => model.parameters[name]!.assign(tf.tensor(values, shape)));
}

function scaled({ mean, covariance }: MultivariateGaussian, by: number): MultivariateGaussian {
  return new MultivariateGaussian(mean, covariance.map((row) => row.map((value) => value * by))); // prettier-ignore
}

function at(z: readonly number[], { A, Q, b }: LinearGaussian): MultivariateGaussian {
  const mean = A.map((row, i) => row.reduce((sum, value, j) => sum + value * z[j]!, b![i]!));
  return new MultivariateGaussian(mean, Q);
}
