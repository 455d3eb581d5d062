import * as tf from '@tensorflow/tfjs';
import { ProbeTrunk } from './probeTrunk';
import type { ProbeTrunkOptions } from './probeTrunk';

/** Under the root of the norm, so that positions where hardly a feature is active count for little and have a gradient. */
const EPSILON = 1e-4;

/**
 * The distance of two images in the features of a fixed network (Zhang et al. 2018, The Unreasonable Effectiveness of Deep
 * Features, equation 1, with all channel weights 1):
 *
 * $$d(x, \hat x) = \sum_l \frac{1}{H_l W_l} \sum_{h,w} \|\hat y^l_{hw}(x) - \hat y^l_{hw}(\hat x)\|^2$$
 *
 * where $\hat y^l_{hw}$ are the channels of layer l at one position, over $\sqrt{\|y\|^2 + 10^{-4}}$. Squares are summed
 * over channels, averaged over positions and summed over layers. A layer adds at most 2, since rectified channels are not
 * negative. The weights are not trained: a model lists them in its `state`, so that its checkpoints hold them.
 */
export class PerceptualDistance {
  /** The network's own copy of the weights. */
  readonly state: Readonly<Record<string, tf.Variable>>;
  private readonly trunk: ProbeTrunk;

  /** @param weights of a trained trunk of the same layers, in their order; copied. Without, first weights */
  constructor(options: ProbeTrunkOptions, weights?: Readonly<Record<string, tf.Variable>>) {
    this.trunk = new ProbeTrunk(options);
    this.state = this.trunk.parameters;
    if (!weights) return;
    const trained = Object.values(weights);
    Object.values(this.state).forEach((copy, i) => copy.assign(trained[i]!));
  }

  /** [n]: d(x, x̂) of each pair of rows [n, d]. */
  between(x: tf.Tensor2D, xHat: tf.Tensor2D): tf.Tensor1D {
    return tf.tidy(() => {
      const theirs = this.trunk.maps(xHat);
      const byLayer = this.trunk.maps(x).map((map, l) => {
        const difference = unit(map).sub(unit(theirs[l]!));
        return difference.square().sum(3).mean([1, 2]);
      });
      return tf.addN(byLayer) as tf.Tensor1D;
    });
  }
}

/** Channels over their norm at each position. */
function unit(map: tf.Tensor4D): tf.Tensor4D {
  return map.mul(map.square().sum(3, true).add(EPSILON).rsqrt());
}
