import * as tf from '@tensorflow/tfjs';
import { object, takes, tensor, tensorLike } from '../arguments';
import { defaultSeed, randomStream } from '../random';
import type { Likelihood } from './distribution';

/**
 * Independent Laplace variables with the density exp(−|x − m| / b) / 2b, one for each entry of `mu` [n, d]; `logScale` =
 * log b broadcasts to it. All results are in nats, summed over the d dimensions.
 */
export class Laplace implements Likelihood {
  constructor(
    /** [n, d]. */
    readonly mu: tf.Tensor2D,
    /** log b: [n, d], or one for all. */
    readonly logScale: tf.Tensor,
  ) {
    takes('Laplace', ['mu', mu, tensor(2)], ['logScale', logScale, tensor()]);
  }

  mean(): tf.Tensor2D {
    return this.mu.clone();
  }

  /** [n, d]: the mode, which is the mean. */
  mode(): tf.Tensor2D {
    return this.mu.clone();
  }

  /** [n, d]: one draw for each row, by the inverse of the distribution function, m − b sign(u) log(1 − 2|u|). */
  sample(options: { seed?: number } = {}): tf.Tensor2D {
    takes('Laplace.sample', ['options', options, object()]);
    const uniforms = randomStream(options.seed ?? defaultSeed(), 'laplace').uniforms(this.mu.size);
    return tf.tidy(() => {
      // Half a step from 0, so that the logarithm below does not end.
      const u = tf.tensor2d(uniforms, this.mu.shape).add(2 ** -25 - 0.5);
      const exponential = u.abs().mul(-2).add(1).log().neg();
      return this.mu.add(this.logScale.exp().mul(u.sign()).mul(exponential));
    });
  }

  /** [n, d]: what each value adds to {@link logProb}. */
  logProbPerValue(x: tf.Tensor): tf.Tensor2D {
    takes('Laplace.logProbPerValue', ['x', x, tensorLike(this.mu)]);
    return tf.tidy(() => {
      const scaled = x.sub(this.mu).abs().mul(this.logScale.neg().exp());
      return scaled.add(this.logScale).add(Math.LN2).neg() as tf.Tensor2D;
    });
  }

  /** [n]: log p(x) = −Σ |x − m| / b + log 2b of each row. */
  logProb(x: tf.Tensor): tf.Tensor1D {
    return tf.tidy(() => this.logProbPerValue(x).sum(-1));
  }

  dispose(): void {
    tf.dispose([this.mu, this.logScale]);
  }
}
