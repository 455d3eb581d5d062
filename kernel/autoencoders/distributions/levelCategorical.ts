import * as tf from '@tensorflow/tfjs';
import { object, takes, tensor, tensorLike, whole } from '../arguments';
import { defaultSeed, randomStream } from '../random';
import type { Likelihood } from './distribution';

/**
 * A choice among `levels` grey levels 0, 1/(levels − 1), …, 1 for each of d values (van den Oord et al. 2016, Pixel
 * recurrent neural networks, section 3.2). All results are in nats, summed over the d values.
 */
export class LevelCategorical implements Likelihood {
  /** Normalised: [n, levels, d]. */
  private readonly logProbabilities: tf.Tensor3D;

  /** @param rows [n, levels·d]: the logits of the first level for all values, then of the second, … */
  constructor(
    rows: tf.Tensor2D,
    /** Values that a pixel can have. */
    readonly levels: number,
  ) {
    takes('LevelCategorical', ['rows', rows, tensor(2)], ['levels', levels, whole(2)]);
    if (rows.shape[1] === 0 || rows.shape[1] % levels !== 0) {
      throw new TypeError(`LevelCategorical takes rows of ${levels}·d logits; found rows of ${rows.shape[1]}.`);
    }
    this.logProbabilities = tf.tidy(() => {
      const logits = rows.reshape<tf.Tensor3D>([rows.shape[0], levels, -1]);
      return logits.sub(logits.logSumExp(1, true));
    });
  }

  /** [n, d]. */
  get shape(): [number, number] {
    return [this.logProbabilities.shape[0], this.logProbabilities.shape[2]];
  }

  /** [n, d]. */
  mean(): tf.Tensor2D {
    return tf.tidy(() =>
      this.logProbabilities
        .exp()
        .mul(this.positions().div(this.levels - 1))
        .sum(1),
    );
  }

  /** [n, d]: the likeliest level. */
  mode(): tf.Tensor2D {
    return tf.tidy(() =>
      this.logProbabilities
        .argMax(1)
        .cast<tf.Tensor2D>('float32')
        .div(this.levels - 1),
    );
  }

  /** [n, d]: one draw for each value, by the largest of log P + Gumbel noise (Gumbel 1954). */
  sample(options: { seed?: number } = {}): tf.Tensor2D {
    takes('LevelCategorical.sample', ['options', options, object()]);
    const { size, shape } = this.logProbabilities;
    const uniforms = randomStream(options.seed ?? defaultSeed(), 'levels').uniforms(size);
    const gumbel = uniforms.map((u) => -Math.log(-Math.log(u + 2 ** -25)));
    return tf.tidy(() => {
      const scores = this.logProbabilities.add(tf.tensor3d(gumbel, shape));
      return scores
        .argMax(1)
        .cast<tf.Tensor2D>('float32')
        .div(this.levels - 1);
    });
  }

  /** [n, d]: the log probability of the level nearest to each value. */
  logProbPerValue(x: tf.Tensor): tf.Tensor2D {
    takes('LevelCategorical.logProbPerValue', ['x', x, tensorLike(this)]);
    return tf.tidy(() => {
      const level = x
        .mul(this.levels - 1)
        .round()
        .expandDims(1);
      const chosen = level.equal(this.positions()).cast('float32');
      return this.logProbabilities.mul(chosen).sum(1);
    });
  }

  /** [n]: log p(x), summed over the values. */
  logProb(x: tf.Tensor): tf.Tensor1D {
    return tf.tidy(() => this.logProbPerValue(x).sum(-1));
  }

  dispose(): void {
    this.logProbabilities.dispose();
  }

  /** 0 … levels − 1: [1, levels, 1]. */
  private positions(): tf.Tensor {
    return tf.range(0, this.levels).reshape([1, this.levels, 1]);
  }
}
