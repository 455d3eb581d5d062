/**
 * Principal component analysis (Pearson 1901; Hotelling 1933): the linear autoencoder with the least squared error.
 *
 * With the mean μ and the covariance C = 1/n Σ (x − μ)(x − μ)ᵀ = V Λ Vᵀ of the data, W holds the k columns of V that
 * belong to the largest eigenvalues λ:
 *
 *   encode  z = Wᵀ(x − μ)      decode  x̂ = μ + Wz      1/n Σ ‖x − x̂‖² = Σ_{i>k} λ_i on the data it was fitted to
 */
import * as tf from '@tensorflow/tfjs';
import { Matrix } from 'ml-matrix';
import { Dataset } from '../data/index';
import { mapRows, shapeText, type SampleInput, type SampleShape } from '../samples';
import { topEigenpairs } from './topEigenpairs';

/** Rows whose products are summed on the device, in float32; the sums of these are added in float64. */
const CHUNK = 1024;
/** A covariance larger than this fills the memory. */
const LARGEST_SIDE = 8192;

interface Fitted {
  inputShape: SampleShape;
  /** μ [d] */
  mean: Float32Array;
  /** Wᵀ [k, d] */
  components: Float32Array;
  /** λ_1 … λ_k */
  explainedVariance: number[];
  totalVariance: number;
}

export class PCA {
  readonly name: string;
  readonly inputShape: SampleShape;
  readonly latentDimensions: number;
  /** μ [d] */
  readonly mean: Float32Array;
  /** Wᵀ [k, d]: one principal direction a row, of length 1, its largest entry positive. */
  readonly components: Float32Array;
  /** λ_1 … λ_k: variance of the data along each direction (divided by n). */
  readonly explainedVariance: readonly number[];
  /** Variance of the data along all d directions: Σ λ_i. */
  readonly totalVariance: number;

  private constructor({ inputShape, mean, components, explainedVariance, totalVariance }: Fitted) {
    this.latentDimensions = explainedVariance.length;
    this.name = `PCA, ${this.latentDimensions} component${this.latentDimensions === 1 ? '' : 's'}`;
    this.inputShape = inputShape;
    this.mean = mean;
    this.components = components;
    this.explainedVariance = explainedVariance;
    this.totalVariance = totalVariance;
  }

  /**
   * Fits to data [n, d]. The covariance is summed up on tfjs's device.
   *
   * @param components k, from 1 to the lesser of d and n − 1
   * @throws {DataError} at a value that is not finite
   * @throws RangeError for another k, or when both n and d are over 8192
   */
  static fit(data: SampleInput, components: number): PCA {
    const dataset = Dataset.from(data).checked();
    const { length: n, width: d } = dataset;
    const most = Math.min(d, n - 1);
    if (!Number.isInteger(components) || components < 1 || components > most) {
      throw new RangeError(
        `PCA.fit: found ${components} components; expected a whole number from 1 to ${most} for ${n} samples of ${d} values.`,
      );
    }
    if (Math.min(n, d) > LARGEST_SIDE) {
      throw new RangeError(
        `PCA.fit: ${n} samples of ${d} values are too many; one of the two may be ${LARGEST_SIDE} at most.`,
      );
    }
    const { mean, centred, totalVariance } = centre(dataset);
    const { values, directions } =
      d <= n ? fromCovariance(centred, n, d, components) : fromGram(centred, n, d, components);
    orient(directions, d);
    return new PCA({
      inputShape: dataset.shape,
      mean,
      components: directions,
      explainedVariance: values.map((value) => Math.max(0, value)),
      totalVariance,
    });
  }

  /** λ_i / Σ λ: the share of the variance that each direction holds. */
  get explainedVarianceRatio(): number[] {
    return this.explainedVariance.map((value) => (this.totalVariance > 0 ? value / this.totalVariance : 0));
  }

  /** z = Wᵀ(x − μ): [n, d] → [n, k]. */
  encode(x: SampleInput): tf.Tensor2D {
    return tf.tidy(() => {
      const [w, mean] = this.tensors();
      return mapRows(x, this.expected('encode'), (rows) => tf.matMul(tf.sub(rows, mean), w, false, true));
    });
  }

  /** x̂ = μ + Wz: [n, k] → [n, d]. */
  decode(z: tf.Tensor2D | number[][]): tf.Tensor2D {
    const width = this.latentDimensions;
    const expected = { caller: `${this.name}: decode`, width, description: `rows of ${width} components` };
    return tf.tidy(() => {
      const [w, mean] = this.tensors();
      return mapRows(z, expected, (rows) => tf.add(tf.matMul(rows, w), mean) as tf.Tensor2D);
    });
  }

  /** The nearest point of the principal subspace: [n, d] → [n, d]. */
  reconstruct(x: SampleInput): tf.Tensor2D {
    return tf.tidy(() => this.decode(this.encode(x)));
  }

  private tensors(): [tf.Tensor2D, tf.Tensor1D] {
    return [tf.tensor2d(this.components, [this.latentDimensions, this.mean.length]), tf.tensor1d(this.mean)];
  }

  private expected(verb: string) {
    const width = this.mean.length;
    return {
      caller: `${this.name}: ${verb}`,
      width,
      description: `rows of ${width} values (${shapeText(this.inputShape)})`,
    };
  }
}

/** x − μ, with μ and the variances summed in float64. */
function centre({ values, length, width }: Dataset): {
  mean: Float32Array;
  centred: Float32Array;
  totalVariance: number;
} {
  const mean = new Float64Array(width);
  const centred = new Float32Array(values.length);
  let squares = 0;
  for (let row = 0; row < values.length; row += width) {
    for (let i = 0; i < width; i++) mean[i]! += values[row + i]! / length;
  }
  for (let row = 0; row < values.length; row += width) {
    for (let i = 0; i < width; i++) {
      const value = values[row + i]! - mean[i]!;
      centred[row + i] = value;
      squares += value * value;
    }
  }
  return { mean: Float32Array.from(mean), centred, totalVariance: squares / length };
}

interface Directions {
  values: number[];
  /** [k, d] */
  directions: Float32Array;
}

/** Eigenvectors of C = 1/n XᵀX [d, d]. */
function fromCovariance(x: Float32Array, n: number, d: number, k: number): Directions {
  const c = symmetricSum(d, n, (start, end) => {
    const rows = tf.tensor2d(x.subarray(start * d, end * d), [end - start, d]);
    return tf.matMul(rows, rows, true, false);
  });
  const { values, vectors } = topEigenpairs(c.div(n), k);
  return { values, directions: Float32Array.from(vectors.transpose().to1DArray()) };
}

/** For fewer samples than values: from the eigenvectors u of 1/n XXᵀ [n, n], which has the same eigenvalues; w ∝ Xᵀu. */
function fromGram(x: Float32Array, n: number, d: number, k: number): Directions {
  const gram = symmetricSum(n, d, (start, end) => {
    const columns = tf.slice(tf.tensor2d(x, [n, d]), [0, start], [n, end - start]);
    return tf.matMul(columns, columns, false, true);
  });
  const { values, vectors } = topEigenpairs(gram.div(n), k);
  const directions = numbersOf(() => {
    const u = tf.tensor2d(vectors.transpose().to2DArray());
    const w = tf.matMul(u, tf.tensor2d(x, [n, d]));
    return tf.div(w, tf.maximum(tf.norm(w, 'euclidean', 1, true), 1e-30));
  });
  return { values, directions };
}

/** The sum of `part` [side, side] over chunks of 0 … count − 1. */
function symmetricSum(side: number, count: number, part: (start: number, end: number) => tf.Tensor): Matrix {
  const sum = new Float64Array(side * side);
  for (let start = 0; start < count; start += CHUNK) {
    const values = numbersOf(() => part(start, Math.min(count, start + CHUNK)));
    for (let i = 0; i < sum.length; i++) sum[i]! += values[i]!;
  }
  const matrix = Matrix.from1DArray(side, side, sum);
  return Matrix.add(matrix, matrix.transpose()).mul(0.5);
}

/** The values of a tensor, all tensors freed. (A `tidy` that returns numbers would look at each for tensors inside.) */
function numbersOf(compute: () => tf.Tensor): Float32Array {
  const tensor = tf.tidy(compute);
  const values = tensor.dataSync() as Float32Array;
  tensor.dispose();
  return values;
}

/** An eigenvector's sign is arbitrary; the largest entry of each direction is made positive. */
function orient(directions: Float32Array, d: number): void {
  for (let start = 0; start < directions.length; start += d) {
    const direction = directions.subarray(start, start + d);
    const largest = direction.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
    if (largest < 0) direction.forEach((value, i) => (direction[i] = -value));
  }
}
