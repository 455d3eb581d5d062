import * as tf from '@tensorflow/tfjs';
import { object, takes, tensor, tensorLike } from '../arguments';
import { defaultSeed, randomStream } from '../random';
import type { Likelihood } from './distribution';

/**
 * Independent Bernoulli variables, one for each entry of `logits` [n, d]: P(x = 1) = σ(l). All results are in nats,
 * summed over the d dimensions.
 */
export class Bernoulli implements Likelihood {
  constructor(readonly logits: tf.Tensor2D) {
    takes('Bernoulli', ['logits', logits, tensor(2)]);
  }

  /** [n, d]: P(x = 1). */
  mean(): tf.Tensor2D {
    return this.logits.sigmoid();
  }

  /** [n, d]: the likelier of 0 and 1. */
  mode(): tf.Tensor2D {
    return tf.tidy(() => this.logits.greater(0).cast('float32'));
  }

  /** [n, d]: one draw of zeros and ones for each row. */
  sample(options: { seed?: number } = {}): tf.Tensor2D {
    takes('Bernoulli.sample', ['options', options, object()]);
    const uniforms = randomStream(options.seed ?? defaultSeed(), 'bernoulli').uniforms(this.logits.size);
    return tf.tidy(() => tf.tensor2d(uniforms, this.logits.shape).less(this.mean()).cast('float32'));
  }

  /**
   * [n]: log p(x) = Σ x·l − log(1 + eˡ) of each row. For x between 0 and 1 it is minus the cross-entropy, which is not a
   * density on [0, 1].
   */
  logProb(x: tf.Tensor): tf.Tensor1D {
    takes('Bernoulli.logProb', ['x', x, tensorLike(this.logits)]);
    return tf.tidy(() => x.mul(this.logits).sub(this.logits.softplus()).sum(-1));
  }

  /** [n, d]: what each value adds to {@link logProb}. */
  logProbPerValue(x: tf.Tensor): tf.Tensor2D {
    takes('Bernoulli.logProbPerValue', ['x', x, tensorLike(this.logits)]);
    return tf.tidy(() => x.mul(this.logits).sub(this.logits.softplus()));
  }

  /** [n]: KL(this ‖ other), in closed form. */
  kl(other: Bernoulli): tf.Tensor1D {
    takes('Bernoulli.kl', ['other', other, object('logits')]);
    return tf.tidy(() => {
      // Σ p (l − m) − log(1 + eˡ) + log(1 + eᵐ)
      const difference = this.mean().mul(this.logits.sub(other.logits));
      return difference.sub(this.logits.softplus()).add(other.logits.softplus()).sum(-1);
    });
  }

  dispose(): void {
    this.logits.dispose();
  }
}
