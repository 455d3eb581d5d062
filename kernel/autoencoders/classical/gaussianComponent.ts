/** One multivariate normal density in float64. */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/** Variances [d] of independent dimensions, or a covariance matrix [d, d]. */
export type Covariance = readonly number[] | readonly (readonly number[])[];

/** Numbers of rows one after the other, in float64 or as data sets hold them. */
export type Values = Float64Array | Float32Array;

/** N(μ, Σ) with Σ = LLᵀ, L lower triangular, ready to be evaluated and drawn from. */
export class GaussianComponent {
  private readonly logDeterminant: number;
  /** L [d, d], row by row; null for a diagonal Σ. */
  private readonly scale: Float64Array | null;
  /** 1 / L_ii, or 1 / σ_i. */
  private readonly inverses: Float64Array;
  private readonly centre: Float64Array;
  private readonly epsilon: Float64Array;

  /** @throws RangeError when Σ is not positive definite or of another size than μ */
  constructor(
    /** μ [d]. */
    readonly mean: readonly number[],
    /** Σ. */
    readonly covariance: Covariance,
  ) {
    const d = mean.length;
    if (covariance.length !== d) {
      throw new RangeError(`A mean of ${d} values has a covariance of as many rows; found ${covariance.length}.`);
    }
    this.scale = isDiagonal(covariance) ? null : cholesky(covariance, 0);
    if (isDiagonal(covariance) ? covariance.some((value) => !(value > 0)) : this.scale === null) {
      const least = Math.min(...eigen(covariance).values);
      throw new RangeError(`A covariance has positive variances along all of its axes; found ${least}.`);
    }
    this.inverses = Float64Array.from(mean, (_, i) => 1 / this.deviation(i));
    this.logDeterminant = this.inverses.reduce((sum, value) => sum - 2 * Math.log(value), 0);
    this.centre = Float64Array.from(mean);
    this.epsilon = new Float64Array(d);
  }

  /** log N(x; μ, Σ) of the d values of x from `start` on, in nats: by ε = L⁻¹(x − μ), forwards. */
  logProb(x: Values | readonly number[], start = 0): number {
    const { centre, inverses, scale, epsilon } = this;
    const d = centre.length;
    let squares = 0;
    for (let i = 0; i < d; i++) {
      let rest = x[start + i]! - centre[i]!;
      if (scale !== null) for (let j = 0, at = i * d; j < i; j++, at++) rest -= scale[at]! * epsilon[j]!;
      rest *= inverses[i]!;
      epsilon[i] = rest;
      squares += rest * rest;
    }
    return -0.5 * (d * Math.log(2 * Math.PI) + this.logDeterminant + squares);
  }

  /** μ + Lε, for ε from N(0, I). */
  at(epsilon: ArrayLike<number>): number[] {
    const { mean, scale } = this;
    if (scale === null) return mean.map((mu, i) => mu + this.deviation(i) * epsilon[i]!);
    return mean.map((mu, i) => {
      let value = mu;
      for (let j = 0; j <= i; j++) value += scale[i * mean.length + j]! * epsilon[j]!;
      return value;
    });
  }

  /** L_ii. */
  private deviation(i: number): number {
    if (this.scale !== null) return this.scale[i * this.mean.length + i]!;
    return Math.sqrt(this.covariance[i] as number);
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
  // Σ − floor·I is positive definite where all eigenvalues are above the floor; that takes no eigenvectors to see.
  if (cholesky(covariance, floor) !== null) return covariance;
  const { values, axes } = eigen(covariance);
  if (values.every((value) => value >= floor)) return covariance;
  const v = new Matrix(axes!.map((axis) => [...axis])).transpose();
  const scaled = v.clone().mulRowVector(values.map((value) => Math.max(floor, value)));
  return scaled.mmul(v.transpose()).to2DArray();
}

/** L [d, d] with LLᵀ = Σ − shift·I, of Σ's lower half; null if that is not positive definite. */
function cholesky(covariance: readonly (readonly number[])[], shift: number): Float64Array | null {
  const d = covariance.length;
  const L = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = covariance[i]![j]! - (i === j ? shift : 0);
      for (let k = 0; k < j; k++) rest -= L[i * d + k]! * L[j * d + k]!;
      if (i === j && !(rest > 0)) return null;
      L[i * d + j] = i === j ? Math.sqrt(rest) : rest / L[j * d + j]!;
    }
  }
  return L;
}

function eigen(covariance: Covariance): { values: number[]; axes: number[][] | null } {
  if (isDiagonal(covariance)) return { values: [...covariance], axes: null };
  const matrix = new Matrix(covariance.map((row) => [...row]));
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
  return { values: realEigenvalues, axes: eigenvectorMatrix.transpose().to2DArray() };
}
