/** A linear Gaussian latent variable model in closed form and float64: what bounds and estimates are held against. */
import type * as tf from '@tensorflow/tfjs';
import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { numbers, numbersOf, object, positive, takes } from '../arguments';
import { gaussianOf, matrixOf, MultivariateGaussian } from '../classical/multivariateGaussian';

/** A VAE without hidden layers and with a Gaussian likelihood of one σ is such a model. */
interface LinearDecoder {
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  sigma(): Promise<number | null>;
}

/**
 * $$p(z) = \mathcal N(0, I_k) \qquad p(x|z) = \mathcal N(Wz + b, \sigma^2 I_d)$$
 *
 * so that $p(x) = \mathcal N(b, WW^\top + \sigma^2 I)$ and $p(z|x) = \mathcal N(M^{-1}W^\top(x - b), \sigma^2 M^{-1})$ with
 * $M = W^\top W + \sigma^2 I$ (Tipping and Bishop 1999, section 3.3). All results are in nats.
 */
export class LinearGaussianModel {
  private readonly M: CholeskyDecomposition;
  /** Wᵀ. */
  private readonly Wt: Matrix;

  /**
   * @param W d × k
   * @param b [d]
   * @param sigma σ > 0
   */
  constructor(
    readonly W: Matrix,
    readonly b: ArrayLike<number>,
    readonly sigma: number,
  ) {
    takes('LinearGaussianModel', ['W', W, object('columns', 'rows')], ['b', b, numbers], ['sigma', sigma, positive]);
    const identity = Matrix.eye(W.columns).mul(sigma ** 2);
    this.Wt = W.transpose();
    this.M = new CholeskyDecomposition(this.Wt.mmul(W).add(identity));
  }

  /**
   * The model that the decoder of a VAE without hidden layers is, its float32 weights taken as exact.
   *
   * @throws TypeError for a model with hidden layers or without a shared σ
   */
  static async of(model: LinearDecoder): Promise<LinearGaussianModel> {
    takes('LinearGaussianModel.of', ['model', model, object('parameters', 'sigma')]);
    const [kernel, bias] = [model.parameters['decoder.0.kernel'], model.parameters['decoder.0.bias']];
    const sigma = await model.sigma();
    if (!kernel || !bias || model.parameters['decoder.1.kernel'] || sigma === null) {
      throw new TypeError(
        'LinearGaussianModel.of expects a model with hidden: [] and a Gaussian likelihood of one σ; found another.',
      );
    }
    const [k, d] = kernel.shape as [number, number];
    const W = Matrix.from1DArray(k, d, Array.from(await kernel.data())).transpose();
    return new LinearGaussianModel(W, Array.from(await bias.data()), sigma);
  }

  /** p(z) = N(0, I_k). */
  get prior(): MultivariateGaussian {
    return MultivariateGaussian.standard(this.W.columns);
  }

  /** p(x) = N(b, WWᵀ + σ²I). */
  get evidence(): MultivariateGaussian {
    const noise = Matrix.eye(this.W.rows).mul(this.sigma ** 2);
    return gaussianOf(Matrix.columnVector(Array.from(this.b)), this.W.mmul(this.Wt).add(noise));
  }

  /** p(x|z) = N(Wz + b, σ²I), for z [k]. */
  likelihood(z: ArrayLike<number>): MultivariateGaussian {
    takes('LinearGaussianModel.likelihood', ['z', z, numbersOf(this.W.columns)]);
    const mean = this.W.mmul(Matrix.columnVector(Array.from(z))).add(Matrix.columnVector(Array.from(this.b)));
    return gaussianOf(mean, Matrix.eye(this.W.rows).mul(this.sigma ** 2));
  }

  /** log p(x). */
  logEvidence(x: ArrayLike<number>): number {
    takes('LinearGaussianModel.logEvidence', ['x', x, numbersOf(this.W.rows)]);
    const { W, Wt, sigma, M } = this;
    const [d, k] = [W.rows, W.columns];
    const residual = this.residual(x);
    const projected = Wt.mmul(residual);
    const explained = projected.dot(M.solve(projected));
    const mahalanobis = (residual.dot(residual) - explained) / sigma ** 2;
    const logDeterminant = (d - k) * 2 * Math.log(sigma) + logDeterminantOf(M);
    return -0.5 * (d * Math.log(2 * Math.PI) + logDeterminant + mahalanobis);
  }

  /** p(z|x). */
  posterior(x: ArrayLike<number>): MultivariateGaussian {
    takes('LinearGaussianModel.posterior', ['x', x, numbersOf(this.W.rows)]);
    const mean = this.M.solve(this.Wt.mmul(this.residual(x)));
    return gaussianOf(mean, this.M.solve(Matrix.eye(this.W.columns)).mul(this.sigma ** 2));
  }

  /** E_q[log p(x|z)]. */
  expectedLogLikelihood(x: ArrayLike<number>, q: MultivariateGaussian): number {
    takes(
      'LinearGaussianModel.expectedLogLikelihood',
      ['x', x, numbersOf(this.W.rows)],
      ['q', q, object('mean', 'covariance')],
    );
    const { W, sigma } = this;
    const error = this.residual(x).sub(W.mmul(Matrix.columnVector([...q.mean])));
    const spread = W.mmul(matrixOf(q.covariance)).mul(W).sum();
    return -0.5 * (W.rows * Math.log(2 * Math.PI * sigma ** 2) + (error.dot(error) + spread) / sigma ** 2);
  }

  /** E_q[log p(x|z)] − KL(q ‖ p(z)), for any q. */
  evidenceLowerBound(x: ArrayLike<number>, q: MultivariateGaussian): number {
    takes(
      'LinearGaussianModel.evidenceLowerBound',
      ['x', x, numbersOf(this.W.rows)],
      ['q', q, object('mean', 'covariance')],
    );
    return this.expectedLogLikelihood(x, q) - q.kl(MultivariateGaussian.standard(this.W.columns));
  }

  /** KL(q ‖ p(z|x)): what the bound lacks to log p(x). */
  inferenceGap(x: ArrayLike<number>, q: MultivariateGaussian): number {
    takes('LinearGaussianModel.inferenceGap', ['x', x, numbersOf(this.W.rows)], ['q', q, object('mean', 'covariance')]);
    return q.kl(this.posterior(x));
  }

  private residual(x: ArrayLike<number>): Matrix {
    return Matrix.columnVector(Array.from(x, (value, i) => value - this.b[i]!));
  }
}

function logDeterminantOf({ lowerTriangularMatrix }: CholeskyDecomposition): number {
  return lowerTriangularMatrix.diagonal().reduce((sum, value) => sum + 2 * Math.log(value), 0);
}
