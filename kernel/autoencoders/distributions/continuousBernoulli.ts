import * as tf from '@tensorflow/tfjs';
import { object, takes, tensor, tensorLike } from '../arguments';
import { defaultSeed, randomStream } from '../random';
import type { Likelihood } from './distribution';

/** Up to this |l| series are used: closed forms lose digits, or divide 0 by 0, at λ = ½. */
const SERIES_UNTIL = 1;

/**
 * Independent continuous Bernoulli variables on [0, 1] (Loaiza-Ganem and Cunningham 2019), one for each entry of
 * `logits` [n, d]: the density C(λ) λˣ (1 − λ)¹⁻ˣ with λ = σ(l). Unlike a Bernoulli's formula with x between 0 and 1 it
 * integrates to 1. In the logit it is
 *
 *   p(x) = exp(l x) / Z(l),   Z(l) = ∫₀¹ exp(l x) dx = (eˡ − 1) / l,
 *
 * which is the paper's C(λ) = 2 artanh(1 − 2λ) / (1 − 2λ), since C(λ) = (1 + eˡ) / Z(l). All results are in nats, summed
 * over the d dimensions.
 */
export class ContinuousBernoulli implements Likelihood {
  constructor(readonly logits: tf.Tensor2D) {
    takes('ContinuousBernoulli', ['logits', logits, tensor(2)]);
  }

  /** [n, d]: E[x] = d log Z / dl = 1 / (1 − e⁻ˡ) − 1 / l, which is not λ. */
  mean(): tf.Tensor2D {
    return tf.tidy(() => {
      const { near, small, far } = split(this.logits);
      const series = polynomial(small.square(), [1 / 12, -1 / 720, 1 / 30240, -1 / 1209600]);
      const closed = far.neg().exp().neg().add(1).reciprocal().sub(far.reciprocal()).sub(0.5);
      return tf.where(near, series.mul(small), closed.mul(this.logits.sign())).add(0.5);
    });
  }

  /** [n, d]: 0 or 1, where the density is largest. */
  mode(): tf.Tensor2D {
    return tf.tidy(() => this.logits.greater(0).cast('float32'));
  }

  /** [n, d]: one draw for each row, by the inverse of the distribution function, log(1 + u (eˡ − 1)) / l. */
  sample(options: { seed?: number } = {}): tf.Tensor2D {
    takes('ContinuousBernoulli.sample', ['options', options, object()]);
    const { logits } = this;
    const uniforms = randomStream(options.seed ?? defaultSeed(), 'continuousBernoulli').uniforms(logits.size);
    return tf.tidy(() => {
      const given = tf.tensor2d(uniforms, logits.shape);
      const positive = logits.greater(0);
      // x has the logit l where 1 − x has −l, so that no exponential overflows.
      const u = tf.where(positive, given, given.neg().add(1));
      const size = logits.abs().maximum(0.05);
      const inverse = u.add(u.neg().add(1).mul(size.neg().exp())).log().div(size).add(1);
      const bent = u.mul(u.neg().add(1)).mul(logits.abs());
      const second = bent.mul(logits.abs()).mul(u.mul(-2).add(1)).div(6);
      const nearlyUniform = u.add(bent.div(2)).add(second);
      const x = tf.where(logits.abs().less(0.05), nearlyUniform, inverse).clipByValue(0, 1);
      return tf.where(positive, x, x.neg().add(1)) as tf.Tensor2D;
    });
  }

  /** [n]: log p(x) = Σ x·l − log Z(l) of each row, a log density on [0, 1]ᵈ. */
  logProb(x: tf.Tensor): tf.Tensor1D {
    takes('ContinuousBernoulli.logProb', ['x', x, tensorLike(this.logits)]);
    return tf.tidy(() => x.mul(this.logits).sub(logNormalizer(this.logits)).sum(-1));
  }

  /** [n, d]: what each value adds to {@link logProb}. */
  logProbPerValue(x: tf.Tensor): tf.Tensor2D {
    takes('ContinuousBernoulli.logProbPerValue', ['x', x, tensorLike(this.logits)]);
    return tf.tidy(() => x.mul(this.logits).sub(logNormalizer(this.logits)));
  }

  /** [n]: KL(this ‖ other) = Σ E[x] (l − m) − log Z(l) + log Z(m), in closed form. */
  kl(other: ContinuousBernoulli): tf.Tensor1D {
    takes('ContinuousBernoulli.kl', ['other', other, object('logits')]);
    return tf.tidy(() => {
      const difference = this.mean().mul(this.logits.sub(other.logits));
      return difference.sub(logNormalizer(this.logits)).add(logNormalizer(other.logits)).sum(-1);
    });
  }

  dispose(): void {
    this.logits.dispose();
  }
}

/**
 * log Z(l) = l/2 + log(sinh(l/2) / (l/2)) of every entry: by l²/24 − l⁴/2880 + l⁶/181440 − l⁸/9676800 where |l| ≤ 1 (off
 * by less than 3e-9), otherwise by |l|/2 − log |l| + log(1 − e^(−|l|)).
 */
function logNormalizer(logits: tf.Tensor2D): tf.Tensor2D {
  const { near, small, far } = split(logits);
  const square = small.square();
  const series = polynomial(square, [1 / 24, -1 / 2880, 1 / 181440, -1 / 9676800]);
  const closed = far.mul(0.5).sub(far.log()).add(far.neg().exp().neg().add(1).log());
  return tf.where(near, series.mul(square), closed).add(logits.mul(0.5));
}

/** a + b x + c x² + … by Horner's rule. */
function polynomial(x: tf.Tensor2D, coefficients: number[]): tf.Tensor2D {
  return coefficients.reduceRight<tf.Tensor2D>((sum, a) => sum.mul(x).add(a), tf.zerosLike(x));
}

/** Where the series holds, and arguments at which neither formula overflows: |small| ≤ 1 ≤ far. */
function split(logits: tf.Tensor2D) {
  const near = logits.abs().lessEqual(SERIES_UNTIL);
  const small = tf.where(near, logits, tf.zerosLike(logits));
  const far = tf.where(near, tf.onesLike(logits), logits.abs());
  return { near, small, far };
}
