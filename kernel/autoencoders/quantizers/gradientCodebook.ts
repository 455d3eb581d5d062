import * as tf from '@tensorflow/tfjs';
import { newVariable } from '../networks/layers/layers';
import { randomStream } from '../random';
import { Codebook, unit } from './codebook';
import type { Similarity } from './codebook';

export interface GradientCodebookConfig {
  /** K, the number of codes. */
  codebookSize: number;
  /** D, the dimensions of a code. */
  codeDimension: number;
  similarity: Similarity;
  seed: number;
  /** The name of the variable, which is also the key of the random stream for its first values. */
  name: string;
}

/**
 * A codebook that the gradient of $\|\mathrm{sg}[z_e] - e\|^2$ trains (van den Oord et al. 2017, equation 3). With cosine
 * similarity a code is the trained vector divided by its norm.
 */
export class GradientCodebook extends Codebook {
  private readonly similarity: Similarity;

  constructor({ codebookSize: K, codeDimension: D, similarity, seed, name }: GradientCodebookConfig) {
    const start = randomStream(seed, `weights/${name}`).normals(K * D);
    super(newVariable(start, [K, D]) as tf.Variable<tf.Rank.R2>);
    this.similarity = similarity;
  }

  override codes(): tf.Tensor2D {
    return this.similarity === 'cosine' ? unit(this.vectors) : this.vectors;
  }

  override lookup(indices: tf.Tensor1D): tf.Tensor2D {
    // The look-up is a product, since the wasm backend lacks the gradient of `gather`.
    const codes = this.codes();
    return tf.oneHot(indices, codes.shape[0]).cast('float32').matMul(codes) as tf.Tensor2D;
  }

  /** Sets the codes, [K, D], that training continues from. */
  restart(codes: tf.Tensor2D): void {
    this.vectors.assign(codes);
  }
}
