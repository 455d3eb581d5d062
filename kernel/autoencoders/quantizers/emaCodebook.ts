import * as tf from '@tensorflow/tfjs';
import { newVariable } from '../networks/layers';
import { randomStream } from '../random';

export interface CodebookConfig {
  /** K, the number of codes. */
  codebookSize: number;
  /** D, the dimensions of a code. */
  codeDimension: number;
  /** γ, how much of the moving averages an update keeps. */
  decay: number;
  /** ε of the Laplace smoothing. */
  epsilon: number;
  /** A code whose count is below this share of the mean count is moved to a random vector of the batch; 0: never. */
  reviveBelow: number;
  seed: number;
}

/**
 * A codebook that follows the vectors which it codes (van den Oord et al. 2017, appendix A.1). With $n_i$ vectors
 * $z_{i,j}$ of a batch nearest to code $e_i$:
 *
 * $$N_i \leftarrow \gamma N_i + (1-\gamma) n_i, \qquad m_i \leftarrow \gamma m_i + (1-\gamma) \sum_j z_{i,j}, \qquad
 *   e_i = m_i / \hat N_i, \qquad \hat N_i = \frac{N_i + \epsilon}{N + K\epsilon} N, \quad N = \sum_i N_i$$
 *
 * With γ = 0 and ε → 0 an update is one step of Lloyd's k-means. Counts start at 1: from 0, a code that the first
 * batch misses would be divided by next to nothing.
 */
export class EMACodebook {
  /** e, [K, D]. */
  readonly vectors: tf.Variable<tf.Rank.R2>;
  /** N, [K]. */
  readonly counts: tf.Variable<tf.Rank.R1>;
  /** m, [K, D]. */
  readonly sums: tf.Variable<tf.Rank.R2>;

  constructor(private readonly config: CodebookConfig) {
    const { codebookSize: K, codeDimension: D, seed } = config;
    const start = randomStream(seed, 'weights/codebook').normals(K * D);
    this.vectors = newVariable(start, [K, D], false) as tf.Variable<tf.Rank.R2>;
    this.counts = newVariable(new Float32Array(K).fill(1), [K], false) as tf.Variable<tf.Rank.R1>;
    this.sums = newVariable(start, [K, D], false) as tf.Variable<tf.Rank.R2>;
  }

  /** For each row of z [m, D] the index of the nearest code, int32 [m]. */
  nearest(z: tf.Tensor2D): tf.Tensor1D {
    return tf.tidy(() => {
      // ‖z − e‖² = ‖z‖² − 2 z·e + ‖e‖², and ‖z‖² is the same for all codes.
      const similarity = tf.matMul(z, this.vectors, false, true).mul(2).sub(this.vectors.square().sum(1));
      return similarity.argMax(1);
    });
  }

  /** The codes with these indices: int32 [m] → [m, D]. */
  lookup(indices: tf.Tensor1D): tf.Tensor2D {
    return tf.gather(this.vectors, indices) as tf.Tensor2D;
  }

  /**
   * New values of the codebook and its moving averages, after the vectors z [m, D] with the codes `indices` [m].
   *
   * @param picks uniform in [0, 1), [K]: which of the m vectors a dead code is moved to
   */
  update(z: tf.Tensor2D, indices: tf.Tensor1D, picks: tf.Tensor1D): Record<'vectors' | 'counts' | 'sums', tf.Tensor> {
    const { codebookSize: K, decay, epsilon, reviveBelow } = this.config;
    return tf.tidy(() => {
      const assigned = tf.oneHot(indices, K).cast('float32') as tf.Tensor2D;
      let N: tf.Tensor = this.counts.mul(decay).add(assigned.sum(0).mul(1 - decay));
      let m: tf.Tensor = this.sums.mul(decay).add(tf.matMul(assigned, z, true).mul(1 - decay));
      if (reviveBelow > 0) {
        const dead = N.less(N.mean().mul(reviveBelow));
        const chosen = tf.gather(z, picks.mul(z.shape[0]).floor().cast('int32'));
        N = tf.where(dead, tf.onesLike(N), N);
        m = tf.where(dead.expandDims(1).tile([1, z.shape[1]]), chosen, m);
      }
      const total = N.sum();
      const smoothed = N.add(epsilon)
        .div(total.add(K * epsilon))
        .mul(total);
      return { vectors: m.div(smoothed.expandDims(1)), counts: N, sums: m };
    });
  }
}
