/**
 * Probabilistic principal component analysis (Tipping and Bishop 1999): the linear Gaussian latent variable model
 *
 *   p(z) = N(0, I_k)      p(x|z) = N(Wz + μ, σ²I_d)      p(x) = N(μ, C),  C = WWᵀ + σ²I
 *
 * at its maximum of the likelihood. With the eigenvalues λ_1 ≥ … ≥ λ_d and eigenvectors U of the data's covariance
 * (divided by n), it is known in closed form (equations 7 and 8):
 *
 *   σ² = 1/(d − k) Σ_{i>k} λ_i      W = U_k (Λ_k − σ²I)^½
 *
 * and the mean log-likelihood of the data there is −½ [d log 2π + Σ_{i≤k} log λ_i + (d − k) log σ² + d] nats. It is what
 * a linear Gaussian variational autoencoder with a learned σ² reaches: its bound is tight.
 */
import * as tf from '@tensorflow/tfjs';
import { Matrix } from 'ml-matrix';
import { object, sampleInput, takes, whole } from '../arguments';
import { defaultSeed, randomStream } from '../random';
import { checkCount } from '../samples';
import type { SampleInput, SampleShape } from '../samples';
import { PCA } from './pca';
import { float64Rows } from './rows';

/**
 * Probabilistic PCA, p(x) = N(μ, W Wᵀ + σ² I), in closed form or by expectation maximisation (Tipping and Bishop
 * 1999).
 */
export class ProbabilisticPCA {
  readonly name: string;
  readonly inputShape: SampleShape;
  /** k. */
  readonly latentDimensions: number;
  /** μ [d]. */
  readonly mean: Float64Array;
  /** U_kᵀ [k, d]: one principal direction of length 1 a row. */
  readonly directions: readonly Float64Array[];
  /** λ_1 … λ_k: variance of the data along each direction (divided by n). */
  readonly eigenvalues: readonly number[];
  /** σ²: the mean of the discarded eigenvalues. */
  readonly noiseVariance: number;

  private constructor(pca: PCA) {
    const d = pca.mean.length;
    const k = pca.latentDimensions;
    this.name = `probabilistic ${pca.name}`;
    this.inputShape = pca.inputShape;
    this.latentDimensions = k;
    this.mean = Float64Array.from(pca.mean);
    this.directions = Array.from({ length: k }, (_, j) => unit(pca.components.subarray(j * d, (j + 1) * d)));
    this.eigenvalues = pca.explainedVariance;
    const kept = this.eigenvalues.reduce((sum, value) => sum + value, 0);
    this.noiseVariance = (pca.totalVariance - kept) / (d - k);
  }

  /**
   * Fits to data [n, d], in closed form.
   *
   * @param components k, from 1 to d − 1 and below n
   * @throws {DataError} at a value that is not finite
   * @throws RangeError for another k, or for data that lie in a k-dimensional plane: σ² = 0 has no density
   */
  static async fit(data: SampleInput, components: number): Promise<ProbabilisticPCA> {
    takes('ProbabilisticPCA.fit', ['data', data, sampleInput], ['components', components, whole(1)]);
    const pca = await PCA.fit(data, components);
    const d = pca.mean.length;
    if (components >= d) {
      throw new RangeError(
        `ProbabilisticPCA.fit: found ${components} components for ${d} values; expected at most ${d - 1}, since σ² is the mean of the variances that are left out.`,
      );
    }
    const model = new ProbabilisticPCA(pca);
    // Sums of float32 products cannot tell anything smaller from 0.
    if (!(model.noiseVariance > 1e-7 * (pca.totalVariance / d))) {
      throw new RangeError(
        `ProbabilisticPCA.fit: the data lie in a plane of ${components} dimensions, so σ² = 0 and there is no density; take fewer components.`,
      );
    }
    return model;
  }

  /** W [d, k], row by row: U (Λ − σ²I)^½; the rotation that the likelihood leaves open is I. */
  get loadings(): Float64Array[] {
    const scales = this.eigenvalues.map((value) => Math.sqrt(Math.max(0, value - this.noiseVariance)));
    return Array.from(this.mean, (_, i) => Float64Array.from(scales, (scale, j) => scale * this.directions[j]![i]!));
  }

  /** C = WWᵀ + σ²I, [d, d]. */
  get covariance(): number[][] {
    const w = new Matrix(this.loadings.map((row) => [...row]));
    const identity = Matrix.eye(this.mean.length).mul(this.noiseVariance);
    return w.mmul(w.transpose()).add(identity).to2DArray();
  }

  /** log p(x) of each row, in nats: [n, d] → [n], float64. */
  logProb(x: SampleInput): Float64Array {
    const rows = float64Rows(x, `${this.name}: logProb`, this.mean.length);
    const { eigenvalues, noiseVariance } = this;
    const d = this.mean.length;
    const rest = (d - this.latentDimensions) * Math.log(noiseVariance);
    const logDeterminant = eigenvalues.reduce((sum, value) => sum + Math.log(value), rest);
    const constant = d * Math.log(2 * Math.PI) + logDeterminant;
    return Float64Array.from(rows, (row) => {
      const { coordinates, outside } = this.split(row);
      const inside = coordinates.reduce((sum, value, j) => sum + value ** 2 / eigenvalues[j]!, 0);
      return -0.5 * (constant + inside + outside / noiseVariance);
    });
  }

  /** Mean of log p(x) over the rows, in nats per sample. */
  logLikelihood(x: SampleInput): number {
    const values = this.logProb(x);
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  }

  /**
   * p(z|x) = N(M⁻¹Wᵀ(x − μ), σ²M⁻¹) with M = WᵀW + σ²I = Λ_k (section 3.3 of the paper): the means [n, k], and the
   * variances [k] of the covariance, which is diagonal and the same for every x.
   */
  posterior(x: SampleInput): { mean: Float64Array[]; variance: Float64Array } {
    const rows = float64Rows(x, `${this.name}: posterior`, this.mean.length);
    const { eigenvalues, noiseVariance } = this;
    const gains = eigenvalues.map((value) => Math.sqrt(Math.max(0, value - noiseVariance)) / value);
    return {
      mean: rows.map((row) => this.split(row).coordinates.map((value, j) => gains[j]! * value)),
      variance: Float64Array.from(eigenvalues, (value) => noiseVariance / value),
    };
  }

  /** E[z|x]: [n, d] → [n, k]. */
  encode(x: SampleInput): tf.Tensor2D {
    return tensorOf(this.posterior(x).mean);
  }

  /** Draws of p(z|x): [n, d] → [draws · n, k], all rows once, then all again. */
  drawLatents(x: SampleInput, options: { seed?: number; draws?: number } = {}): tf.Tensor2D {
    takes(`${this.name}: drawLatents`, ['options', options, object()]);
    const { seed = defaultSeed(), draws = 1 } = options;
    checkCount(`${this.name}: drawLatents`, draws);
    const { mean, variance } = this.posterior(x);
    const stream = randomStream(seed, 'latents');
    const draw = (row: Float64Array) => {
      const epsilon = stream.normals(row.length);
      return row.map((value, j) => value + Math.sqrt(variance[j]!) * epsilon[j]!);
    };
    return tensorOf(Array.from({ length: draws }, () => mean.map(draw)).flat());
  }

  /** E[x|z] = Wz + μ: [n, k] → [n, d]. */
  decode(z: tf.Tensor2D | number[][]): tf.Tensor2D {
    const rows = float64Rows(z, `${this.name}: decode`, this.latentDimensions);
    const w = this.loadings;
    return tensorOf(rows.map((row) => this.mean.map((mu, i) => mu + dot(w[i]!, row))));
  }

  /** Draws of x = Wz + μ + σε: [count, d]. */
  sample(count: number, options: { seed?: number } = {}): tf.Tensor2D {
    takes('ProbabilisticPCA.sample', ['count', count, whole(1)], ['options', options, object()]);
    const { seed = defaultSeed() } = options;
    checkCount('ProbabilisticPCA.sample', count);
    const [k, d] = [this.latentDimensions, this.mean.length];
    const stream = randomStream(seed, 'probabilistic PCA');
    const w = this.loadings;
    const sigma = Math.sqrt(this.noiseVariance);
    const draw = () => {
      const [z, epsilon] = [stream.normals(k), stream.normals(d)];
      return this.mean.map((mu, i) => mu + dot(w[i]!, z) + sigma * epsilon[i]!);
    };
    return tensorOf(Array.from({ length: count }, draw));
  }

  /** Uᵀ(x − μ), and the squared length of the part of x − μ that is outside the span of U. */
  private split(row: Float64Array): { coordinates: Float64Array; outside: number } {
    const centred = row.map((value, i) => value - this.mean[i]!);
    const coordinates = Float64Array.from(this.directions, (direction) => dot(direction, centred));
    return { coordinates, outside: Math.max(0, dot(centred, centred) - dot(coordinates, coordinates)) };
  }
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** The direction, scaled so that its length is 1 in float64, too. */
function unit(direction: Float32Array): Float64Array {
  const length = Math.hypot(...direction);
  return Float64Array.from(direction, (value) => value / length);
}

function tensorOf(rows: Float64Array[]): tf.Tensor2D {
  return tf.tensor2d(rows.map((row) => [...row]));
}
