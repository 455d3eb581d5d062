import * as tf from '@tensorflow/tfjs';
import { object, optional, takes, tensor, tensorOfWidth } from '../arguments';
import { defaultSeed, randomStream } from '../random';
import type { DiagonalMoments, GaussianPosterior } from './distribution';

const LOG_2_PI = Math.log(2 * Math.PI);

/**
 * N(μ, diag σ²), one for each row: `mu` is [n, k], `logVar` = log σ² is [n, k] or anything that broadcasts to it, a
 * scalar for example. All results are in nats, summed over the k dimensions.
 */
export class DiagonalGaussian implements GaussianPosterior {
  constructor(
    readonly mu: tf.Tensor2D,
    readonly logVar: tf.Tensor,
  ) {
    takes('DiagonalGaussian', ['mu', mu, tensor(2)], ['logVar', logVar, tensor()]);
  }

  /** From rows of an encoder, [n, 2k]: μ and log σ² side by side. */
  static fromRows(rows: tf.Tensor2D): DiagonalGaussian {
    takes('DiagonalGaussian.fromRows', ['rows', rows, tensor(2)]);
    const [mu, logVar] = tf.split(rows, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
    return new DiagonalGaussian(mu, logVar);
  }

  /** [n, k]: the mode, which is the mean. */
  mode(): tf.Tensor2D {
    return this.mu.clone();
  }

  mean(): tf.Tensor2D {
    return this.mu.clone();
  }

  /** z = μ + σ·ε for ε ~ N(0, I), so that z is differentiable in μ and σ (Kingma and Welling 2013, section 2.4). */
  reparameterize(epsilon: tf.Tensor): tf.Tensor2D {
    takes('DiagonalGaussian.reparameterize', ['epsilon', epsilon, tensorOfWidth(this.mu.shape[1])]);
    return tf.tidy(() => this.mu.add(this.logVar.mul(0.5).exp().mul(epsilon)));
  }

  /** [n, k]: one draw for each row. */
  sample(options: { seed?: number } = {}): tf.Tensor2D {
    takes('DiagonalGaussian.sample', ['options', options, object()]);
    const noise = randomStream(options.seed ?? defaultSeed(), 'gaussian').normals(this.mu.size);
    return tf.tidy(() => this.reparameterize(tf.tensor2d(noise, this.mu.shape)));
  }

  /** [n]: log N(z; μ, diag σ²) of each row, constants included. */
  logProb(z: tf.Tensor): tf.Tensor1D {
    takes('DiagonalGaussian.logProb', ['z', z, tensorOfWidth(this.mu.shape[1])]);
    return tf.tidy(() => {
      const squared = z.sub(this.mu).square().mul(this.logVar.neg().exp());
      return squared.add(this.logVar).add(LOG_2_PI).sum(-1).mul(-0.5);
    });
  }

  /** [n, k]: what each dimension adds to {@link logProb}. */
  logProbPerValue(z: tf.Tensor): tf.Tensor2D {
    takes('DiagonalGaussian.logProbPerValue', ['z', z, tensorOfWidth(this.mu.shape[1])]);
    return tf.tidy(() => {
      const squared = z.sub(this.mu).square().mul(this.logVar.neg().exp());
      return squared.add(this.logVar).add(LOG_2_PI).mul(-0.5);
    });
  }

  /** [n]: log N(z; μ, diag σ²) of z = μ + σ·ε, by the change of variables: Σ log N(ε; 0, 1) − log σ. */
  logProbOfNoise(epsilon: tf.Tensor): tf.Tensor1D {
    takes('DiagonalGaussian.logProbOfNoise', ['epsilon', epsilon, tensorOfWidth(this.mu.shape[1])]);
    return tf.tidy(() => epsilon.square().add(this.logVar).add(LOG_2_PI).sum(-1).mul(-0.5));
  }

  /** [n, k]: the contribution of each dimension to {@link kl}. */
  klPerDimension(prior?: DiagonalMoments): tf.Tensor2D {
    takes('DiagonalGaussian.klPerDimension', ['prior', prior, optional(object('mu', 'logVar'))]);
    return tf.tidy(() => {
      if (!prior) return this.mu.square().add(this.logVar.exp()).sub(this.logVar).sub(1).mul(0.5);
      const precision = prior.logVar.neg().exp();
      const distance = this.mu.sub(prior.mu).square().add(this.logVar.exp()).mul(precision);
      return distance.add(prior.logVar).sub(this.logVar).sub(1).mul(0.5);
    });
  }

  /** [n]: KL(this ‖ prior), in closed form; the prior is N(0, I) unless told. */
  kl(prior?: DiagonalMoments): tf.Tensor1D {
    takes('DiagonalGaussian.kl', ['prior', prior, optional(object('mu', 'logVar'))]);
    return tf.tidy(() => this.klPerDimension(prior).sum(-1));
  }

  dispose(): void {
    tf.dispose([this.mu, this.logVar]);
  }
}
