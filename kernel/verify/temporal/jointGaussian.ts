/** Brute force: all states and observations of a linear-Gaussian state space as one Gaussian, and its conditionals. */
import { inverse, Matrix } from 'ml-matrix';
import { MultivariateGaussian } from '../../autoencoders/index';
import type { StateSpace } from '../../autoencoders/index';

/**
 * The joint N of (z_1 … z_T, x_1 … x_T): these are a linear map of the independent noises (z_1 − m_0, w_2 … w_T,
 * v_1 … v_T), which has a block-diagonal covariance.
 */
export function jointOfStates({ initial, transition, observation }: StateSpace, T: number): MultivariateGaussian {
  const [A, C] = [matrix(transition.A), matrix(observation.A)];
  const [k, d] = [A.rows, C.rows];
  const size = T * (k + d);
  const map = Matrix.zeros(size, size);
  const noise = Matrix.zeros(size, size);
  const mean = Matrix.zeros(size, 1);
  for (let t = 0; t < T; t++) {
    mean.setSubMatrix(power(A, t).mmul(Matrix.columnVector([...initial.mean])), t * k, 0);
    for (let s = 0; s <= t; s++) map.setSubMatrix(power(A, t - s), t * k, s * k);
    noise.setSubMatrix(matrix(t === 0 ? initial.covariance : transition.Q), t * k, t * k);
    noise.setSubMatrix(matrix(observation.Q), T * k + t * d, T * k + t * d);
    const states = map.subMatrix(t * k, t * k + k - 1, 0, T * k - 1);
    map.setSubMatrix(C.mmul(states), T * k + t * d, 0);
    map.setSubMatrix(Matrix.eye(d), T * k + t * d, T * k + t * d);
    mean.setSubMatrix(C.mmul(mean.subMatrix(t * k, t * k + k - 1, 0, 0)), T * k + t * d, 0);
  }
  const covariance = map.mmul(noise).mmul(map.transpose());
  return new MultivariateGaussian(mean.to1DArray(), symmetric(covariance));
}

/** The entries `of`, given that the entries `by` have these values: block by block, with an explicit inverse. */
export function conditional(
  joint: MultivariateGaussian,
  of: number[],
  by: number[],
  values: number[],
): MultivariateGaussian {
  const block = (rows: number[], columns: number[]) => matrix(joint.covariance).selection(rows, columns);
  const meanOf = (rows: number[]) => Matrix.columnVector(rows.map((row) => joint.mean[row]!));
  if (by.length === 0) return new MultivariateGaussian(meanOf(of).to1DArray(), block(of, of).to2DArray());
  const gain = block(of, by).mmul(inverse(block(by, by)));
  const mean = meanOf(of).add(gain.mmul(Matrix.columnVector(values).sub(meanOf(by))));
  return new MultivariateGaussian(mean.to1DArray(), symmetric(block(of, of).sub(gain.mmul(block(by, of)))));
}

function matrix(rows: readonly (readonly number[])[]): Matrix {
  return new Matrix(rows.map((row) => [...row]));
}

function power(A: Matrix, times: number): Matrix {
  return times === 0 ? Matrix.eye(A.rows) : A.mmul(power(A, times - 1));
}

function symmetric(m: Matrix): number[][] {
  return Matrix.add(m, m.transpose()).mul(0.5).to2DArray();
}
