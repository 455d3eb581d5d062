import * as tf from '@tensorflow/tfjs';
import { object, optional, takes, tensor, tensorLike, tensorOfWidth, whole } from '../arguments';
import { defaultSeed, randomStream } from '../random';
import type { DiagonalMoments, GaussianPosterior } from './distribution';

const LOG_2_PI = Math.log(2 * Math.PI);

/**
 * N(μ, L Lᵀ), one for each row, where L is lower triangular with a positive diagonal (Kingma and Welling 2019, An
 * Introduction to Variational Autoencoders, section 2.5.1). All results are in nats, summed over the k dimensions.
 */
export class FullGaussian implements GaussianPosterior {
  /** L: [n, k, k]. */
  readonly scale: tf.Tensor3D;
  /** log (L Lᵀ)ᵢᵢ: [n, k], of each dimension by itself. */
  readonly logVar: tf.Tensor2D;

  /**
   * @param mu [n, k]
   * @param logDiagonal [n, k]: log Lᵢᵢ
   * @param below [n, k, k]: L below its diagonal, 0 elsewhere
   */
  constructor(
    readonly mu: tf.Tensor2D,
    private readonly logDiagonal: tf.Tensor2D,
    private readonly below: tf.Tensor3D,
  ) {
    takes(
      'FullGaussian',
      ['mu', mu, tensor(2)],
      ['logDiagonal', logDiagonal, tensorLike(mu)],
      ['below', below, tensor(3)],
    );
    const k = mu.shape[1];
    this.scale = tf.tidy(() => logDiagonal.exp().expandDims<tf.Tensor3D>(2).mul(tf.eye(k)).add(below));
    this.logVar = tf.tidy(() => this.scale.square().sum<tf.Tensor2D>(2).log());
  }

  /** How many numbers a row of {@link FullGaussian.fromRows} has: k means, k log Lᵢᵢ, k(k − 1)/2 entries below. */
  static rowWidth(k: number): number {
    takes('FullGaussian.rowWidth', ['k', k, whole(1)]);
    return 2 * k + (k * (k - 1)) / 2;
  }

  /** From rows of an encoder, [n, 2k + k(k − 1)/2]: μ, log Lᵢᵢ, and L below its diagonal, row by row. */
  static fromRows(rows: tf.Tensor2D, k: number): FullGaussian {
    takes('FullGaussian.fromRows', ['rows', rows, tensor(2)], ['k', k, whole(1)]);
    const n = rows.shape[0];
    const [mu, logDiagonal] = tf.tidy(() => tf.split(rows.slice([0, 0], [n, 2 * k]), 2, 1)) as [
      tf.Tensor2D,
      tf.Tensor2D,
    ];
    if (k === 1) return new FullGaussian(mu, logDiagonal, tf.zeros([n, 1, 1]));
    const below = tf.tidy((): tf.Tensor3D => {
      const entries = rows.slice([0, 2 * k], [n, (k * (k - 1)) / 2]);
      return entries.matMul<tf.Tensor2D>(placesBelow(k)).reshape<tf.Tensor3D>([n, k, k]);
    });
    return new FullGaussian(mu, logDiagonal, below);
  }

  /** [n, k]: the mode, which is the mean. */
  mode(): tf.Tensor2D {
    return this.mu.clone();
  }

  mean(): tf.Tensor2D {
    return this.mu.clone();
  }

  /** z = μ + L ε for ε ~ N(0, I). */
  reparameterize(epsilon: tf.Tensor): tf.Tensor2D {
    takes('FullGaussian.reparameterize', ['epsilon', epsilon, tensorOfWidth(this.mu.shape[1])]);
    return tf.tidy(() => this.mu.add(this.scale.mul(epsilon.expandDims(1)).sum(2)));
  }

  /** [n, k]: one draw for each row. */
  sample(options: { seed?: number } = {}): tf.Tensor2D {
    takes('FullGaussian.sample', ['options', options, object()]);
    const noise = randomStream(options.seed ?? defaultSeed(), 'gaussian').normals(this.mu.size);
    return tf.tidy(() => this.reparameterize(tf.tensor2d(noise, this.mu.shape)));
  }

  /** [n]: log N(z; μ, L Lᵀ) of each row, by ε = L⁻¹(z − μ). */
  logProb(z: tf.Tensor): tf.Tensor1D {
    takes('FullGaussian.logProb', ['z', z, tensorOfWidth(this.mu.shape[1])]);
    return tf.tidy(() => this.logProbOfNoise(this.noiseOf(z)));
  }

  /** [n]: log N(z; μ, L Lᵀ) of z = μ + L ε, by the change of variables: Σ log N(ε; 0, 1) − log Lᵢᵢ. */
  logProbOfNoise(epsilon: tf.Tensor): tf.Tensor1D {
    takes('FullGaussian.logProbOfNoise', ['epsilon', epsilon, tensorOfWidth(this.mu.shape[1])]);
    return tf.tidy(() => epsilon.square().add(this.logDiagonal.mul(2)).add(LOG_2_PI).sum(-1).mul(-0.5));
  }

  /** ε = L⁻¹(z − μ), [n, k], by forward substitution. */
  noiseOf(z: tf.Tensor): tf.Tensor2D {
    takes('FullGaussian.noiseOf', ['z', z, tensorOfWidth(this.mu.shape[1])]);
    return tf.tidy(() => {
      const k = this.mu.shape[1];
      const residual = z.sub<tf.Tensor2D>(this.mu);
      const inverse = this.logDiagonal.neg().exp() as tf.Tensor2D;
      const columns: tf.Tensor2D[] = [];
      for (let i = 0; i < k; i++) {
        const known = columns.map((epsilon, j) => entry(this.scale, i, j).mul<tf.Tensor2D>(epsilon));
        const rest = known.reduce((left, term) => left.sub(term), column(residual, i));
        columns.push(rest.mul(column(inverse, i)));
      }
      return tf.concat(columns, 1);
    });
  }

  /**
   * [n, k]: ½ (μᵢ² + Σⱼ Lᵢⱼ² − 1) − log Lᵢᵢ for the prior N(0, I). By the chain rule it is the expectation of
   * KL(q(zᵢ|z₁ … zᵢ₋₁) ‖ p(zᵢ)), so never negative.
   */
  klPerDimension(prior?: DiagonalMoments): tf.Tensor2D {
    takes('FullGaussian.klPerDimension', ['prior', prior, optional(object('mu', 'logVar'))]);
    return tf.tidy(() => {
      const variance = this.scale.square().sum(2);
      const entropy = this.logDiagonal.mul(2);
      if (!prior) return this.mu.square().add(variance).sub(entropy).sub(1).mul(0.5);
      const distance = this.mu.sub(prior.mu).square().add(variance).mul(prior.logVar.neg().exp());
      return distance.add(prior.logVar).sub(entropy).sub(1).mul(0.5);
    });
  }

  /** [n]: KL(this ‖ prior), in closed form; the prior is diagonal, N(0, I) unless told. */
  kl(prior?: DiagonalMoments): tf.Tensor1D {
    takes('FullGaussian.kl', ['prior', prior, optional(object('mu', 'logVar'))]);
    return tf.tidy(() => this.klPerDimension(prior).sum(-1));
  }

  dispose(): void {
    tf.dispose([this.mu, this.logVar, this.logDiagonal, this.below, this.scale]);
  }
}

function column(rows: tf.Tensor2D, i: number): tf.Tensor2D {
  return rows.slice([0, i], [rows.shape[0], 1]);
}

/** Lᵢⱼ of every row: [n, 1]. */
function entry(scale: tf.Tensor3D, i: number, j: number): tf.Tensor2D {
  const n = scale.shape[0];
  return scale.slice([0, i, j], [n, 1, 1]).reshape([n, 1]);
}

/** [k(k − 1)/2, k²] of zeros and ones: puts each entry, row by row, at its place below the diagonal of a k × k matrix. */
function placesBelow(k: number): tf.Tensor2D {
  const places: number[] = [];
  for (let i = 1; i < k; i++) for (let j = 0; j < i; j++) places.push(i * k + j);
  const values = new Float32Array(places.length * k * k);
  places.forEach((place, entryIndex) => (values[entryIndex * k * k + place] = 1));
  return tf.tensor2d(values, [places.length, k * k]);
}
