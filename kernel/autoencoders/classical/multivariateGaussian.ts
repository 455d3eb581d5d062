import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { instance, matrix as matrixKind, numbers, numbersOf, object, positive, takes, whole } from '../arguments';

const LOG_2_PI = Math.log(2 * Math.PI);

/**
 * N(m, P) with a full covariance, in float64: what linear-Gaussian models are made of, and the oracle for models that
 * are trained in float32. All results are in nats.
 *
 * The rules for z ~ N(m, P) and y | z ~ N(A z + b, Q) are those of Bishop 2006, Pattern Recognition and Machine
 * Learning, equations 2.113 to 2.117.
 */
export class MultivariateGaussian {
  /** m [k]. */
  readonly mean: readonly number[];
  /** P [k, k], row by row. */
  readonly covariance: readonly (readonly number[])[];
  private readonly cholesky: CholeskyDecomposition;

  /** @throws RangeError when the shapes do not agree, or the covariance is not symmetric and positive definite */
  constructor(mean: readonly number[], covariance: readonly (readonly number[])[]) {
    takes('MultivariateGaussian', ['mean', mean, numbers], ['covariance', covariance, matrixKind]);
    const k = mean.length;
    if (covariance.length !== k || covariance.some((row) => row.length !== k)) {
      const found = `${covariance.length} rows of ${covariance[0]?.length ?? 0}`;
      throw new RangeError(
        `MultivariateGaussian: a mean of ${k} values needs a ${k} × ${k} covariance; found ${found}.`,
      );
    }
    const matrix = matrixOf(covariance);
    this.mean = mean;
    this.covariance = covariance;
    const refused = 'MultivariateGaussian: the covariance is not symmetric and positive definite.';
    if (!matrix.isSymmetric()) throw new RangeError(refused);
    this.cholesky = new CholeskyDecomposition(matrix);
    if (!this.cholesky.isPositiveDefinite()) throw new RangeError(refused);
  }

  /** N(0, I) in k dimensions. */
  static standard(k: number): MultivariateGaussian {
    takes('MultivariateGaussian.standard', ['k', k, whole(1)]);
    return new MultivariateGaussian(new Array<number>(k).fill(0), Matrix.eye(k).to2DArray());
  }

  /** p(y | z) = N(A z + b, Q) at this z [k], a step of a linear-Gaussian chain. */
  static conditional(linear: LinearGaussian, z: readonly number[]): MultivariateGaussian {
    takes('MultivariateGaussian.conditional', ['linear', linear, object('A', 'Q')], ['z', z, numbers]);
    const { A, Q, b } = linear;
    takes('MultivariateGaussian.conditional', ['z', z, numbersOf(A[0]?.length ?? 0)]);
    return new MultivariateGaussian(offset(matrixOf(A).mmul(columnOf(z)), b).to1DArray(), Q);
  }

  /** k. */
  get dimensions(): number {
    return this.mean.length;
  }

  /** log N(z; m, P), constants included. */
  logDensity(z: readonly number[]): number {
    takes('MultivariateGaussian.logDensity', ['z', z, numbers]);
    const apart = columnOf(z).sub(columnOf(this.mean));
    const squared = apart.transpose().mmul(this.cholesky.solve(apart)).get(0, 0);
    return -0.5 * (this.dimensions * LOG_2_PI + this.logDeterminant + squared);
  }

  /** m + L ε with P = L Lᵀ: a draw, for ε [k] from N(0, I). */
  draw(epsilon: ArrayLike<number>): number[] {
    takes('MultivariateGaussian.draw', ['epsilon', epsilon, numbersOf(this.mean.length)]);
    const L = this.cholesky.lowerTriangularMatrix;
    return columnOf(this.mean)
      .add(L.mmul(columnOf(Array.from(epsilon))))
      .to1DArray();
  }

  /**
   * The distribution of these entries of z alone, in this order: the rows of m and the rows and columns of P.
   *
   * @throws RangeError for an entry that z does not have
   */
  marginal(entries: readonly number[]): MultivariateGaussian {
    takes('MultivariateGaussian.marginal', ['entries', entries, numbers]);
    const strange = entries.find((entry) => !(Number.isInteger(entry) && entry >= 0 && entry < this.dimensions));
    if (strange !== undefined) {
      throw new RangeError(
        `MultivariateGaussian.marginal: entries are counted from 0 to ${this.dimensions - 1}; found ${strange}.`,
      );
    }
    const covariance = entries.map((row) => entries.map((column) => this.covariance[row]![column]!));
    return new MultivariateGaussian(
      entries.map((entry) => this.mean[entry]!),
      covariance,
    );
  }

  /** N(m, c P): the same mean, every variance `c` times as large. */
  inflated(c: number): MultivariateGaussian {
    takes('MultivariateGaussian.inflated', ['c', c, positive]);
    return new MultivariateGaussian(
      this.mean,
      this.covariance.map((row) => row.map((value) => c * value)),
    );
  }

  /** The distribution of y: N(A m + b, A P Aᵀ + Q). A is [l, k], Q [l, l], b [l] (0 unless told). */
  pushedThrough(linear: LinearGaussian): MultivariateGaussian {
    takes('MultivariateGaussian.pushedThrough', ['linear', linear, object('A', 'Q')]);
    const { A, Q, b } = linear;
    const map = matrixOf(A);
    const mean = offset(map.mmul(columnOf(this.mean)), b);
    return gaussianOf(mean, map.mmul(matrixOf(this.covariance)).mmul(map.transpose()).add(matrixOf(Q)));
  }

  /**
   * The distribution of z given y: with S = A P Aᵀ + Q and the gain K = P Aᵀ S⁻¹, it is N(m + K(y − A m − b), …), whose
   * covariance (I − K A) P is computed as (I − K A) P (I − K A)ᵀ + K Q Kᵀ, which stays symmetric (Joseph's form).
   */
  given(linear: LinearGaussian, y: readonly number[]): MultivariateGaussian {
    takes('MultivariateGaussian.given', ['linear', linear, object('A', 'Q')], ['y', y, numbers]);
    const { A, Q, b } = linear;
    const [map, P, noise] = [matrixOf(A), matrixOf(this.covariance), matrixOf(Q)];
    const K = this.gain({ A, Q });
    const expected = offset(map.mmul(columnOf(this.mean)), b);
    const mean = columnOf(this.mean).add(K.mmul(columnOf(y).sub(expected)));
    const rest = Matrix.eye(this.dimensions).sub(K.mmul(map));
    return gaussianOf(mean, rest.mmul(P).mmul(rest.transpose()).add(K.mmul(noise).mmul(K.transpose())));
  }

  /** K = P Aᵀ (A P Aᵀ + Q)⁻¹, [k, l]: how far the mean of z moves with y. */
  gain(linear: LinearGaussian): Matrix {
    takes('MultivariateGaussian.gain', ['linear', linear, object('A', 'Q')]);
    const { A, Q } = linear;
    const [map, P] = [matrixOf(A), matrixOf(this.covariance)];
    const S = symmetric(map.mmul(P).mmul(map.transpose()).add(matrixOf(Q)));
    return new CholeskyDecomposition(S).solve(map.mmul(P)).transpose();
  }

  /** KL(this ‖ other), in closed form. */
  kl(other: MultivariateGaussian): number {
    takes('MultivariateGaussian.kl', ['other', other, instance(MultivariateGaussian)]);
    const apart = columnOf(other.mean).sub(columnOf(this.mean));
    const squared = apart.transpose().mmul(other.cholesky.solve(apart)).get(0, 0);
    const trace = other.cholesky.solve(matrixOf(this.covariance)).trace();
    return 0.5 * (other.logDeterminant - this.logDeterminant + trace + squared - this.dimensions);
  }

  /** H = ½ (k log 2πe + log |P|), in nats. */
  entropy(): number {
    return 0.5 * (this.dimensions * (LOG_2_PI + 1) + this.logDeterminant);
  }

  /** log |P| = 2 Σ log L_ii. */
  private get logDeterminant(): number {
    return 2 * this.cholesky.lowerTriangularMatrix.diagonal().reduce((sum, value) => sum + Math.log(value), 0);
  }
}

/** y | z ~ N(A z + b, Q). */
export interface LinearGaussian {
  /** [l, k]. */
  A: readonly (readonly number[])[];
  /** [l, l]. */
  Q: readonly (readonly number[])[];
  /** [l]; 0 unless told. */
  b?: readonly number[];
}

/** From ml-matrix to plain rows, made symmetric: sums and products leave rounding errors. */
export function gaussianOf(mean: Matrix, covariance: Matrix): MultivariateGaussian {
  return new MultivariateGaussian(mean.to1DArray(), symmetric(covariance).to2DArray());
}

export function matrixOf(rows: readonly (readonly number[])[]): Matrix {
  return new Matrix(rows.map((row) => [...row]));
}

export function columnOf(values: readonly number[]): Matrix {
  return Matrix.columnVector([...values]);
}

/** column + b. */
export function offset(column: Matrix, b: readonly number[] | undefined): Matrix {
  return b === undefined ? column : column.add(columnOf(b));
}

function symmetric(matrix: Matrix): Matrix {
  return Matrix.add(matrix, matrix.transpose()).mul(0.5);
}
