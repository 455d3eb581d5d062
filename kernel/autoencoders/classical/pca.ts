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
import { sampleInput, takes, whole } from '../arguments';
import { forward } from '../../engine/index';
import { Dataset } from '../data/index';
import { mapRows, shapeText, type SampleInput, type SampleShape } from '../samples';
import { otherWork, turns } from './otherWork';
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

/** Principal component analysis: the directions of the largest variance, the best linear autoencoder. */
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
   * Fits to data [n, d]. The covariance is summed up on tfjs's device; interrupts and views are answered meanwhile.
   *
   * @param components k, from 1 to the lesser of d and n − 1
   * @throws {DataError} at a value that is not finite
   * @throws RangeError for another k, or when both n and d are over 8192
   */
  static async fit(data: SampleInput, components: number): Promise<PCA> {
    takes('PCA.fit', ['data', data, sampleInput], ['components', components, whole(1)]);
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
    const mean = await meanOf(dataset);
    const { values, directions, totalVariance } = await (d <= n ? fromCovariance : fromGram)(dataset, mean, components);
    orient(directions, d);
    return new PCA({
      inputShape: dataset.shape,
      mean: Float32Array.from(mean),
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

/** μ, summed in float64. */
async function meanOf({ values, length, width }: Dataset): Promise<Float64Array> {
  const mean = new Float64Array(width);
  const due = turns();
  for (let row = 0; row < values.length; row += width) {
    for (let i = 0; i < width; i++) mean[i]! += values[row + i]!;
    if (due()) await otherWork();
  }
  return mean.map((sum) => sum / length);
}

/** x − μ of rows start to end, [end − start, d]. */
function centred({ values, width: d }: Dataset, mean: Float64Array, start: number, end: number): Float32Array {
  const rows = new Float32Array((end - start) * d);
  for (let row = 0; row < rows.length; row += d) {
    for (let i = 0; i < d; i++) rows[row + i] = values[start * d + row + i]! - mean[i]!;
  }
  return rows;
}

interface Directions {
  values: number[];
  /** [k, d] */
  directions: Float32Array;
  /** Σ λ of all. */
  totalVariance: number;
}

/** Eigenvectors of C = 1/n XᵀX [d, d]. */
async function fromCovariance(dataset: Dataset, mean: Float64Array, k: number): Promise<Directions> {
  const { length: n, width: d } = dataset;
  const part = (start: number, end: number) => tf.tensor2d(centred(dataset, mean, start, end), [end - start, d]);
  const c = await symmetricSum(d, n, part, (rows) => tf.matMul(rows, rows, true, false));
  const { values, vectors } = await topEigenpairs(c.div(n), k);
  return { values, directions: Float32Array.from(vectors.transpose().to1DArray()), totalVariance: c.trace() };
}

/** For fewer samples than values: from the eigenvectors u of 1/n XXᵀ [n, n], which has the same eigenvalues; w ∝ Xᵀu. */
async function fromGram(dataset: Dataset, mean: Float64Array, k: number): Promise<Directions> {
  const { length: n, width: d } = dataset;
  const x = tf.tensor2d(centred(dataset, mean, 0, n), [n, d]);
  try {
    const part = (start: number, end: number) => tf.slice(x, [0, start], [n, end - start]);
    const gram = await symmetricSum(n, d, part, (columns) => tf.matMul(columns, columns, false, true));
    const { values, vectors } = await topEigenpairs(gram.div(n), k);
    const w = tf.tidy(() => {
      const u = tf.tensor2d(vectors.transpose().to2DArray());
      const images = tf.matMul(u, x);
      return tf.div(images, tf.maximum(tf.norm(images, 'euclidean', 1, true), 1e-30));
    });
    const directions = (await w.data()) as Float32Array;
    w.dispose();
    return { values, directions, totalVariance: gram.trace() };
  } finally {
    x.dispose();
  }
}

/**
 * The sum over parts of 0 … count − 1 of each part's product with itself, [side, side]; other work continues between
 * two.
 *
 * @param product which the device computes, in float32
 */
async function symmetricSum(
  side: number,
  count: number,
  part: (start: number, end: number) => tf.Tensor2D,
  product: (part: tf.Tensor2D) => tf.Tensor2D,
): Promise<Matrix> {
  const sum = new Float64Array(side * side);
  const compiled = forward(({ values }) => ({ product: product(values as tf.Tensor2D) }));
  try {
    for (let start = 0; start < count; start += CHUNK) {
      const result = tf.tidy(() => compiled({ values: part(start, Math.min(count, start + CHUNK)) }).product);
      const values = await result.data();
      result.dispose();
      for (let i = 0; i < sum.length; i++) sum[i]! += values[i]!;
      await otherWork();
    }
  } finally {
    compiled.dispose();
  }
  const matrix = Matrix.from1DArray(side, side, sum);
  return Matrix.add(matrix, matrix.transpose()).mul(0.5);
}

/** An eigenvector's sign is arbitrary; the largest entry of each direction is made positive. */
function orient(directions: Float32Array, d: number): void {
  for (let start = 0; start < directions.length; start += d) {
    const direction = directions.subarray(start, start + d);
    const largest = direction.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
    if (largest < 0) direction.forEach((value, i) => (direction[i] = -value));
  }
}
