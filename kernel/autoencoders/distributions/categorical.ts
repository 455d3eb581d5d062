import * as tf from '@tensorflow/tfjs';
import { object, takes, tensor } from '../arguments';
import { defaultSeed, randomStream } from '../random';

/** A choice among K classes for each row of `logits` [n, K], which need not be normalised. All results are in nats. */
export class Categorical {
  constructor(readonly logits: tf.Tensor2D) {
    takes('Categorical', ['logits', logits, tensor(2)]);
  }

  /** [n, K]: P(class), which sums to 1 over a row. */
  probabilities(): tf.Tensor2D {
    return this.logits.softmax();
  }

  /** int32 [n]: the likeliest class. */
  mode(): tf.Tensor1D {
    return this.logits.argMax(1);
  }

  /** int32 [n]: one draw for each row, by the largest of log P + Gumbel noise (Gumbel 1954). */
  sample(options: { seed?: number } = {}): tf.Tensor1D {
    takes('Categorical.sample', ['options', options, object()]);
    const uniforms = randomStream(options.seed ?? defaultSeed(), 'categorical').uniforms(this.logits.size);
    // Half a step from 0, where the logarithm ends.
    const gumbel = uniforms.map((u) => -Math.log(-Math.log(u + 2 ** -25)));
    return tf.tidy(() => this.logits.add(tf.tensor2d(gumbel, this.logits.shape)).argMax(1));
  }

  /** [n]: log P of each row's class, int32 [n]. */
  logProb(classes: tf.Tensor1D): tf.Tensor1D {
    takes('Categorical.logProb', ['classes', classes, tensor(1)]);
    return tf.tidy(() => this.logits.logSoftmax().mul(tf.oneHot(classes, this.logits.shape[1])).sum(1));
  }

  /** [n]: −Σ P log P, between 0 and log K. */
  entropy(): tf.Tensor1D {
    return tf.tidy(() => this.probabilities().mul(this.logits.logSoftmax()).sum<tf.Tensor1D>(1).neg());
  }

  /** [n]: KL(this ‖ other) = Σ P (log P − log P′): at least 0, 0 only where they are equal, and not symmetric. */
  kl(other: Categorical): tf.Tensor1D {
    takes('Categorical.kl', ['other', other, object('logits')]);
    return tf.tidy(() => {
      const difference = this.logits.logSoftmax().sub(other.logits.logSoftmax());
      return this.probabilities().mul(difference).sum(1);
    });
  }

  dispose(): void {
    this.logits.dispose();
  }
}
