import * as tf from '@tensorflow/tfjs';
import { object, takes, tensor, tensorLike, whole } from '../arguments';
import { defaultSeed, randomStream } from '../random';
import type { Likelihood } from './distribution';

/** The narrowest logistic, in log scale on [0, 1], as in PixelCNN++ on [−1, 1]: narrower ones are cut off there. */
const LEAST_LOG_SCALE = -7 - Math.LN2;
/** The widest, e⁵ times the range of values: nearly uniform there. */
const MOST_LOG_SCALE = 5;

/**
 * Mixtures of K logistic variables for each value, discretised to `levels` grey levels 0, 1/(levels − 1), …, 1 (Salimans
 * et al. 2017, PixelCNN++, section 2.1). The probability of a level is what the mixture has between the middles to its
 * neighbours; the lowest and the highest level take the tails. Values are independent given z: the channels of a pixel do
 * not look at each other, as they do in PixelCNN++. All results are in nats, summed over the d values.
 */
export class DiscretizedLogisticMixture implements Likelihood {
  private readonly logits: tf.Tensor3D;
  private readonly means: tf.Tensor3D;
  private readonly logScales: tf.Tensor3D;

  /**
   * @param rows [n, 3K·d]: K logits of the weights for all values, one after the other, K means less ½ and K log scales,
   *   less what makes a scale of 0 e⁻² wide
   */
  constructor(
    rows: tf.Tensor2D,
    /** K. */
    readonly components: number,
    /** Values that a pixel can have. */
    readonly levels = 256,
  ) {
    takes(
      'DiscretizedLogisticMixture',
      ['rows', rows, tensor(2)],
      ['components', components, whole(1)],
      ['levels', levels, whole(2)],
    );
    const [n, width] = rows.shape;
    if (width === 0 || width % (3 * components) !== 0) {
      const wanted = `rows of ${3 * components}·d numbers for ${components} components`;
      throw new TypeError(`DiscretizedLogisticMixture takes ${wanted}; found rows of ${width}.`);
    }
    const parts = tf.tidy(() => {
      const [logits, means, logScales] = tf.split(rows.reshape([n, 3, components, width / 3 / components]), 3, 1);
      const flat = (part: tf.Tensor) => part.reshape<tf.Tensor3D>([n, components, -1]);
      return {
        logits: flat(logits!),
        means: flat(means!).add(0.5) as tf.Tensor3D,
        logScales: flat(logScales!).sub(2).clipByValue(LEAST_LOG_SCALE, MOST_LOG_SCALE) as tf.Tensor3D,
      };
    });
    [this.logits, this.means, this.logScales] = [parts.logits, parts.means, parts.logScales];
  }

  /** [n, d]. */
  get shape(): [number, number] {
    return [this.logits.shape[0], this.logits.shape[2]];
  }

  /** [n, d]: the mean of the mixture, kept in [0, 1]. */
  mean(): tf.Tensor2D {
    return tf.tidy(() => {
      const weights = this.logits.sub(this.logits.logSumExp(1, true)).exp();
      return weights.mul(this.means).sum(1).clipByValue(0, 1) as tf.Tensor2D;
    });
  }

  /** [n, d]: the mean of the likeliest component, at the nearest level. */
  mode(): tf.Tensor2D {
    return tf.tidy(() => {
      const largest = this.logits.max(1, true);
      const chosen = this.logits.equal(largest).cast('float32');
      return this.atLevels(chosen.mul(this.means).sum(1).div(chosen.sum(1)));
    });
  }

  /** [n, d]: one draw of a level for each value. */
  sample(options: { seed?: number } = {}): tf.Tensor2D {
    takes('DiscretizedLogisticMixture.sample', ['options', options, object()]);
    const [n, , d] = this.logits.shape;
    const stream = randomStream(options.seed ?? defaultSeed(), 'logisticMixture');
    const gumbel = stream.uniforms(this.logits.size).map((u) => -Math.log(-Math.log(u + 2 ** -25)));
    const logistic = stream.uniforms(n * d).map((u) => Math.log(u + 2 ** -25) - Math.log(1 - u - 2 ** -25));
    return tf.tidy(() => {
      const scores = this.logits.add(tf.tensor3d(gumbel, this.logits.shape));
      const chosen = scores.equal(scores.max(1, true)).cast('float32');
      const mean = chosen.mul(this.means).sum(1);
      const scale = chosen.mul(this.logScales).sum(1).exp();
      return this.atLevels(mean.add(scale.mul(tf.tensor2d(logistic, [n, d]))));
    });
  }

  /** [n, d]: the log probability of each value's level. */
  logProbPerValue(x: tf.Tensor): tf.Tensor2D {
    takes('DiscretizedLogisticMixture.logProbPerValue', ['x', x, tensorLike(this)]);
    return tf.tidy(() => {
      const given = x.expandDims(1);
      const step = 1 / (this.levels - 1);
      const inverse = this.logScales.neg().exp();
      const centred = given.sub(this.means);
      const above = centred.add(step / 2).mul(inverse);
      const below = centred.sub(step / 2).mul(inverse);
      // σ(a) − σ(b) = σ(a) σ(−b) (1 − e^(b − a)), whose logarithm keeps its digits where both are near 0 or 1.
      const width = inverse.mul(step);
      const inner = above.neg().softplus().neg().sub(below.softplus()).add(width.neg().expm1().neg().log());
      const lowest = above.neg().softplus().neg();
      const highest = below.softplus().neg();
      const zeros = tf.zerosLike(inner);
      const isLowest = given.add(zeros).less(step / 2);
      const isHighest = given.add(zeros).greater(1 - step / 2);
      const perComponent = tf.where(isLowest, lowest, tf.where(isHighest, highest, inner));
      const logWeights = this.logits.sub(this.logits.logSumExp(1, true));
      return logWeights.add(perComponent).logSumExp(1) as tf.Tensor2D;
    });
  }

  /** [n]: log p(x), summed over the values; x lies at the levels, or is counted to the nearest one. */
  logProb(x: tf.Tensor): tf.Tensor1D {
    return tf.tidy(() => this.logProbPerValue(x).sum(-1));
  }

  dispose(): void {
    tf.dispose([this.logits, this.means, this.logScales]);
  }

  private atLevels(values: tf.Tensor): tf.Tensor2D {
    const steps = this.levels - 1;
    return values.clipByValue(0, 1).mul(steps).round().div(steps) as tf.Tensor2D;
  }
}
