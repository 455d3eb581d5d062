import * as tf from '@tensorflow/tfjs';
import { object, takes, tensorOfWidth } from '../arguments';
import { newVariable } from '../networks/layers/layers';
import { randomStream } from '../random';
import { Codebook, unit } from './codebook';
import type { Similarity } from './codebook';

/** The vectors of a codebook, and how they follow what they stand for. */
export interface CodebookConfig {
  /** K, the number of codes. */
  codebookSize: number;
  /** D, the dimensions of a code. */
  codeDimension: number;
  /** γ, how much of the moving averages an update keeps. */
  decay: number;
  /** ε of the Laplace smoothing. */
  epsilon: number;
  /**
   * A code whose count is below this share of the mean count is moved to a random vector of the batch, with the mean
   * count, so that it has time to be found; 0: never.
   */
  reviveBelow: number;
  seed: number;
  /** With `cosine` codes have norm 1, and vectors are expected to. Default `euclidean`. */
  similarity?: Similarity;
  /** Key of the first codes, which are draws from N(0, I). Default `codebook`. */
  name?: string;
}

/** What moving averages consist of. */
export type Averages<T> = Readonly<Record<'vectors' | 'counts' | 'sums', T>>;

/** A codebook's variables, or new values of them, by their names in a model: `codebook.vectors`, … */
export function averagesNamed<T>(name: string, { vectors, counts, sums }: Averages<T>): Record<string, T> {
  return { [`${name}.vectors`]: vectors, [`${name}.counts`]: counts, [`${name}.sums`]: sums };
}

/**
 * A codebook that follows the vectors which it codes (van den Oord et al. 2017, appendix A.1). With $n_i$ vectors
 * $z_{i,j}$ of a batch nearest to code $e_i$:
 *
 * $$N_i \leftarrow \gamma N_i + (1-\gamma) n_i, \qquad m_i \leftarrow \gamma m_i + (1-\gamma) \sum_j z_{i,j}, \qquad
 *   e_i = m_i / \hat N_i, \qquad \hat N_i = \frac{N_i + \epsilon}{N + K\epsilon} N, \quad N = \sum_i N_i$$
 *
 * With γ = 0 and ε → 0 an update is one step of Lloyd's k-means. Counts start at 1: from 0, a code that the first
 * batch misses would be divided by next to nothing. With cosine similarity $e_i = m_i / \|m_i\|$.
 */
export class EMACodebook extends Codebook {
  /** N, [K]. */
  readonly counts: tf.Variable<tf.Rank.R1>;
  /** m, [K, D]. */
  readonly sums: tf.Variable<tf.Rank.R2>;

  constructor(private readonly config: CodebookConfig) {
    takes('EMACodebook', [
      'config',
      config,
      object('codebookSize', 'codeDimension', 'decay', 'epsilon', 'reviveBelow'),
    ]);
    const { codebookSize: K, codeDimension: D, seed, similarity, name = 'codebook' } = config;
    const drawn = randomStream(seed, `weights/${name}`).normals(K * D);
    const start = similarity === 'cosine' ? unitRows(drawn, D) : drawn;
    super(newVariable(start, [K, D], false) as tf.Variable<tf.Rank.R2>);
    this.counts = newVariable(new Float32Array(K).fill(1), [K], false) as tf.Variable<tf.Rank.R1>;
    this.sums = newVariable(start, [K, D], false) as tf.Variable<tf.Rank.R2>;
  }

  /** Codes [K, D] to continue from, each as if one vector had been counted. */
  restart(codes: tf.Tensor2D): void {
    this.vectors.assign(codes);
    this.sums.assign(codes);
    tf.tidy(() => this.counts.assign(tf.onesLike(this.counts)));
  }

  /**
   * New values of the codebook and its moving averages, after the vectors z [m, D] with the codes `indices` [m].
   *
   * @param picks uniform in [0, 1), [K]: which of the m vectors a dead code is moved to
   */
  update(z: tf.Tensor2D, indices: tf.Tensor1D, picks: tf.Tensor1D): Averages<tf.Tensor> {
    const { codebookSize: K, decay, epsilon, reviveBelow, similarity } = this.config;
    return tf.tidy(() => {
      const assigned = tf.oneHot(indices, K).cast('float32') as tf.Tensor2D;
      let N: tf.Tensor = this.counts.mul(decay).add(assigned.sum(0).mul(1 - decay));
      let m: tf.Tensor = this.sums.mul(decay).add(tf.matMul(assigned, z, true).mul(1 - decay));
      if (reviveBelow > 0) {
        const mean = N.mean();
        const dead = N.less(mean.mul(reviveBelow));
        const chosen = tf.gather(z, picks.mul(z.shape[0]).floor().cast('int32'));
        // With a count below the share, however many vectors are near, it would be dead again after the next batch.
        N = tf.where(dead, tf.onesLike(N).mul(mean), N);
        m = tf.where(dead.expandDims(1).tile([1, z.shape[1]]), chosen.mul(mean), m);
      }
      if (similarity === 'cosine') return { vectors: unit(m as tf.Tensor2D), counts: N, sums: m };
      const total = N.sum();
      const smoothed = N.add(epsilon)
        .div(total.add(K * epsilon))
        .mul(total);
      return { vectors: m.div(smoothed.expandDims(1)), counts: N, sums: m };
    });
  }

  /**
   * One {@link update} with the nearest codes of z [m, D], kept: how a codebook follows vectors outside of a model.
   *
   * @param picks as for `update`; without them no dead code moves
   */
  follow(z: tf.Tensor2D, picks?: tf.Tensor1D): void {
    takes('EMACodebook.follow', ['z', z, tensorOfWidth(this.config.codeDimension)]);
    const { reviveBelow } = this.config;
    if (picks === undefined && reviveBelow > 0) {
      throw new TypeError(
        `EMACodebook.follow: with reviveBelow ${reviveBelow} it needs picks, uniform in [0, 1), [K].`,
      );
    }
    tf.tidy(() => {
      const { vectors, counts, sums } = this.update(z, this.nearest(z), picks ?? tf.zerosLike(this.counts));
      this.vectors.assign(vectors as tf.Tensor2D);
      this.counts.assign(counts as tf.Tensor1D);
      this.sums.assign(sums as tf.Tensor2D);
    });
  }
}

function unitRows(values: Float32Array, width: number): Float32Array {
  return values.map((value, i) => {
    const row = values.subarray(i - (i % width), i - (i % width) + width);
    return value / Math.hypot(...row);
  });
}
