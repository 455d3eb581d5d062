import * as tf from '@tensorflow/tfjs';
import type { RandomStream } from '../random';
import { DataError } from '../training/checkData';
import { nearestOf, unit } from './codebook';
import type { Similarity } from './codebook';

/** Vectors for each code that a start is computed from, and steps of Lloyd's algorithm. */
export const VECTORS_PER_CODE = 32;
const STEPS = 10;

/**
 * Codes to start from: Lloyd's k-means, ten steps from K of the vectors drawn without replacement (Zeghidour et al.
 * 2021, section III-C). With cosine similarity, spherical k-means of vectors of norm 1.
 *
 * @param z [m, D]
 * @returns [K, D]
 * @throws {DataError} for fewer vectors than codes
 */
export function kmeansStart(z: tf.Tensor2D, K: number, similarity: Similarity, stream: RandomStream): tf.Tensor2D {
  const [m] = z.shape;
  if (m < K) {
    throw new DataError(
      `k-means needs at least as many vectors as codes: ${K} codes, found ${m} vectors. Give more samples, ` +
        'a smaller codebookSize, or the initialization "normal"',
    );
  }
  return tf.tidy(() => {
    const first = tf.tensor1d(stream.permutation(m).subarray(0, K), 'int32');
    let centroids = tf.gather(z, first);
    for (let step = 0; step < STEPS; step++) {
      const moved = tf.tidy(() => lloydStep(z, centroids, similarity));
      centroids.dispose();
      centroids = moved;
    }
    return centroids;
  });
}

/** The means of the vectors nearest to each centroid; one that has none stays where it is. */
function lloydStep(z: tf.Tensor2D, centroids: tf.Tensor2D, similarity: Similarity): tf.Tensor2D {
  const [K, D] = centroids.shape;
  const assigned = tf.oneHot(nearestOf(z, centroids), K).cast('float32') as tf.Tensor2D;
  const counts = assigned.sum(0).expandDims(1);
  const sums = tf.matMul(assigned, z, true) as tf.Tensor2D;
  const means = similarity === 'cosine' ? unit(sums) : sums.div(counts.maximum(1));
  return tf.where(counts.greater(0).tile([1, D]), means, centroids) as tf.Tensor2D;
}
