import { Matrix } from 'ml-matrix';
import { object, takes, whole } from '../arguments';
import type { StateSpace } from './kalman';
import { columnOf, matrixOf, MultivariateGaussian, offset } from './multivariateGaussian';

/**
 * p(z_1, …, z_T) of a linear-Gaussian state space as one Gaussian of T·k dimensions, the states one after the other. With
 * P_t the covariance of z_t by itself, a state and one that comes j steps later have the covariance
 *
 * $$\mathrm{Cov}(z_t, z_{t+j}) = P_t\,(A^j)^\top, \qquad P_{t+1} = A P_t A^\top + Q$$
 *
 * Conditioned on what was seen ({@link MultivariateGaussian.given}) it is what filters and smoothers have to agree with.
 *
 * @param steps T, at least 1
 */
export function jointStates(system: StateSpace, steps: number): MultivariateGaussian {
  takes('jointStates', ['system', system, object('initial', 'transition')], ['steps', steps, whole(1)]);
  const { initial, transition } = system;
  const [A, Q, k] = [matrixOf(transition.A), matrixOf(transition.Q), initial.dimensions];
  const covariance = Matrix.zeros(steps * k, steps * k);
  const means: number[] = [];
  let [mean, P] = [columnOf(initial.mean), matrixOf(initial.covariance)];
  for (let t = 0; t < steps; t++) {
    means.push(...mean.to1DArray());
    let later = P;
    for (let s = t; s < steps; s++) {
      covariance.setSubMatrix(later, t * k, s * k);
      covariance.setSubMatrix(later.transpose(), s * k, t * k);
      later = later.mmul(A.transpose());
    }
    mean = offset(A.mmul(mean), transition.b);
    P = symmetric(A.mmul(P).mmul(A.transpose()).add(Q));
  }
  return new MultivariateGaussian(means, covariance.to2DArray());
}

/** Without what rounding left between a matrix and its transpose. */
function symmetric(matrix: Matrix): Matrix {
  return Matrix.add(matrix, matrix.transpose()).mul(0.5);
}
