/** One multivariate normal density in float64. */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/** Variances [d] of independent dimensions, or a covariance matrix [d, d]. */
export type Covariance = readonly number[] | readonly (readonly number[])[];

/** N(μ, Σ) with Σ = VΛVᵀ, ready to be evaluated and drawn from. */
export class GaussianComponent {
  private readonly logDeterminant: number;
  private readonly deviations: readonly number[];
  /** Vᵀ [d, d]; null for a diagonal Σ. */
  private readonly axes: readonly (readonly number[])[] | null;

  /** @throws RangeError when Σ is not positive definite or of another size than μ */
  constructor(
    /** μ [d]. */
    readonly mean: readonly number[],
    /** Σ. */
    readonly covariance: Covariance,
  ) {
    if (covariance.length !== mean.length) {
      throw new RangeError(`A mean of ${mean.length} values has a covariance of as many rows; found ${covariance.length}.`); // prettier-ignore
    }
    const { values, axes } = eigen(covariance);
    const wrong = values.find((value) => !(value > 0));
    if (wrong !== undefined) {
      throw new RangeError(`A covariance has positive variances along all of its axes; found ${wrong}.`);
    }
    this.axes = axes;
    this.deviations = values.map(Math.sqrt);
    this.logDeterminant = values.reduce((sum, value) => sum + Math.log(value), 0);
  }

  /** log N(x; μ, Σ), in nats. */
  logProb(x: ArrayLike<number>): number {
    const { mean, axes, deviations } = this;
    const centred = mean.map((mu, i) => x[i]! - mu);
    const along = axes ? axes.map((axis) => dot(axis, centred)) : centred;
    const squares = along.reduce((sum, value, i) => sum + (value / deviations[i]!) ** 2, 0);
    return -0.5 * (mean.length * Math.log(2 * Math.PI) + this.logDeterminant + squares);
  }

  /** μ + V Λ^½ ε, for ε from N(0, I). */
  at(epsilon: ArrayLike<number>): number[] {
    const { mean, axes } = this;
    const along = this.deviations.map((deviation, i) => deviation * epsilon[i]!);
    if (!axes) return mean.map((mu, i) => mu + along[i]!);
    return mean.map((mu, i) => mu + axes.reduce((sum, axis, j) => sum + axis[i]! * along[j]!, 0));
  }
}

export function isDiagonal(covariance: Covariance): covariance is readonly number[] {
  return typeof covariance[0] === 'number';
}

/**
 * The most likely covariance with no variance below the floor along any axis, for a sample covariance: the floor takes
 * the place of the eigenvalues below it. It is the exact maximum of the likelihood under that constraint, so that EM with
 * it still never makes the likelihood fall; a term added to the diagonal would.
 */
export function atLeast(floor: number, covariance: Covariance): Covariance {
  if (isDiagonal(covariance)) return covariance.map((value) => Math.max(floor, value));
  const { values, axes } = eigen(covariance);
  if (values.every((value) => value >= floor)) return covariance;
  const v = new Matrix(axes!.map((axis) => [...axis])).transpose();
  const scaled = v.clone().mulRowVector(values.map((value) => Math.max(floor, value)));
  return scaled.mmul(v.transpose()).to2DArray();
}

function eigen(covariance: Covariance): { values: number[]; axes: number[][] | null } {
  if (isDiagonal(covariance)) return { values: [...covariance], axes: null };
  const matrix = new Matrix(covariance.map((row) => [...row]));
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
  return { values: realEigenvalues, axes: eigenvectorMatrix.transpose().to2DArray() };
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
