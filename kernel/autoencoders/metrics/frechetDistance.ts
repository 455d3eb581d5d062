/** The Fréchet distance of two sets, by Gaussians fitted to their features; in float64. */
import * as tf from '@tensorflow/tfjs';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { modelWith, object, rowInput, sampleInput, takes } from '../arguments';
import type { SampleInput } from '../samples';

/** n rows of m features. */
export type FeatureRows = tf.Tensor2D | number[][];

/** N(μ, Σ) of m dimensions. */
export interface Gaussian {
  /** [d]. */
  mean: number[];
  /** Σ, symmetric: [m][m]. */
  covariance: number[][];
}

/** Anything that gives samples features, a `ProbeClassifier` for example. */
export interface FeatureExtractor {
  /** [n, d] → [n, m]. */
  features(x: SampleInput): tf.Tensor2D;
}

/**
 * The squared Fréchet distance, which is the squared 2-Wasserstein distance, of two Gaussians (Dowson and Landau 1982,
 * equation 4; Heusel et al. 2017, equation 6):
 *
 * $$\|\mu_1 - \mu_2\|^2 + \mathrm{tr}\big(\Sigma_1 + \Sigma_2 - 2\,(\Sigma_1^{1/2} \Sigma_2 \Sigma_1^{1/2})^{1/2}\big)$$
 *
 * in squared units of the features. Both roots are of symmetric matrices and use their eigenvectors. Eigenvalues that
 * rounding makes negative count as 0, so singular covariances work.
 *
 * @throws RangeError if the two differ in the number of dimensions
 */
export function gaussianFrechetDistance(a: Gaussian, b: Gaussian): number {
  takes('gaussianFrechetDistance', ['a', a, object('mean', 'covariance')], ['b', b, object('mean', 'covariance')]);
  if (a.mean.length !== b.mean.length) {
    throw new RangeError(
      `gaussianFrechetDistance: found ${a.mean.length} and ${b.mean.length} dimensions; both sides need as many.`,
    );
  }
  const shift = a.mean.reduce((sum, value, i) => sum + (value - b.mean[i]!) ** 2, 0);
  const [first, second] = [new Matrix(a.covariance), new Matrix(b.covariance)];
  const root = symmetricRoot(first);
  const rootOfProduct = eigenvalues(root.mmul(second).mmul(root)).reduce((sum, value) => sum + Math.sqrt(value), 0);
  // Only rounding could make it negative.
  return shift + Math.max(0, first.trace() + second.trace() - 2 * rootOfProduct);
}

/**
 * {@link gaussianFrechetDistance} of the Gaussians fitted to two sets of features, [n, m] and [n′, m]; means, and
 * covariances with n − 1 in the denominator. It is biased upwards in small sets (Bińkowski et al. 2018, section 2):
 * compare sets of one size, many times larger than m. With a `ProbeClassifier`'s features it is not the published FID,
 * which takes those of an Inception network; its values compare models on one data set with one probe.
 *
 * @throws RangeError for fewer than two rows, or rows of other widths
 */
export async function frechetDistance(a: FeatureRows, b: FeatureRows): Promise<number> {
  takes('frechetDistance', ['a', a, rowInput], ['b', b, rowInput]);
  return gaussianFrechetDistance(await fittedGaussian(a), await fittedGaussian(b));
}

/** {@link frechetDistance} of two sets of samples in the features of a probe. */
export async function probeFrechetDistance(probe: FeatureExtractor, a: SampleInput, b: SampleInput): Promise<number> {
  takes('probeFrechetDistance', ['probe', probe, modelWith('features')], ['a', a, sampleInput], ['b', b, sampleInput]);
  const [first, second] = [probe.features(a), probe.features(b)];
  try {
    return await frechetDistance(first, second);
  } finally {
    tf.dispose([first, second]);
  }
}

/**
 * Mean and covariance (n − 1) of the rows [n, m], summed in float64.
 *
 * @throws RangeError for fewer than two rows
 */
export async function fittedGaussian(rows: FeatureRows): Promise<Gaussian> {
  takes('fittedGaussian', ['rows', rows, rowInput]);
  const values = new Matrix(Array.isArray(rows) ? rows : await rows.array());
  const n = values.rows;
  if (n < 2) throw new RangeError(`fittedGaussian: a covariance needs at least two rows; found ${n}.`);
  const mean = values.mean('column');
  const centred = values.subRowVector(mean);
  return {
    mean,
    covariance: centred
      .transpose()
      .mmul(centred)
      .div(n - 1)
      .to2DArray(),
  };
}

/** S^½ with S^½ S^½ = S, symmetric. */
function symmetricRoot(matrix: Matrix): Matrix {
  const { realEigenvalues, eigenvectorMatrix: V } = decomposed(matrix);
  const roots = realEigenvalues.map((value) => Math.sqrt(Math.max(0, value)));
  return V.clone().mulRowVector(roots).mmul(V.transpose());
}

function eigenvalues(matrix: Matrix): number[] {
  return decomposed(matrix).realEigenvalues.map((value) => Math.max(0, value));
}

/** Eigenvalues and eigenvectors of (S + Sᵀ)/2, since a product of matrices is symmetric only up to rounding. */
function decomposed(matrix: Matrix): EigenvalueDecomposition {
  const symmetric = Matrix.add(matrix, matrix.transpose()).mul(0.5);
  return new EigenvalueDecomposition(symmetric, { assumeSymmetric: true });
}
