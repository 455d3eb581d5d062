import * as tf from '@tensorflow/tfjs';
import { forward } from '../../engine/index';
import type { RandomStream } from '../random';
import { gatherRows, mapRows } from '../samples';
import type { Expected, Samples } from '../samples';
import { DataError } from '../data/checkData';
import { nearestOf, unit } from './codebook';
import type { Similarity } from './codebook';
import type { EMACodebook } from './emaCodebook';

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
export async function kmeansStart(
  z: tf.Tensor2D,
  K: number,
  similarity: Similarity,
  stream: RandomStream,
): Promise<tf.Tensor2D> {
  const [m] = z.shape;
  if (m < K) {
    throw new DataError(
      `k-means needs at least as many vectors as codes: ${K} codes, found ${m} vectors. Give more samples, ` +
        'a smaller codebookSize, or the initialization "normal"',
    );
  }
  const step = forward((tensors) => ({
    moved: lloydStep(tensors['z'] as tf.Tensor2D, tensors['centroids'] as tf.Tensor2D, similarity),
  }));
  let centroids = tf.tidy(() => tf.gather(z, tf.tensor1d(stream.permutation(m).subarray(0, K), 'int32')));
  try {
    for (let i = 0; i < STEPS; i++) {
      const moved = tf.tidy(() => step({ z, centroids }).moved);
      centroids.dispose();
      centroids = moved;
      // Lets messages and interrupts through.
      await new Promise((resolve) => setImmediate(resolve));
    }
    return centroids;
  } finally {
    step.dispose();
  }
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

/** Where the vectors of {@link startByKmeans} come from. */
export interface StartVectors {
  samples: Samples;
  expected: Expected;
  /** P, vectors of one sample. */
  positions: number;
  /** [n, d] → [n, P·D]. */
  vectors: (x: tf.Tensor2D) => tf.Tensor2D;
  stream: RandomStream;
}

/**
 * Starts a codebook of moving averages by {@link kmeansStart}, from samples chosen by the stream.
 *
 * @throws {DataError} for `kmeans` and fewer vectors than codes
 */
export async function startByKmeans(
  codebook: EMACodebook,
  { codebookSize: K, initialization }: { codebookSize: number; initialization: 'auto' | 'normal' | 'kmeans' },
  { samples, expected, positions, vectors, stream }: StartVectors,
): Promise<void> {
  if (initialization === 'normal') return;
  if (initialization === 'auto' && samples.length * positions < K) return;
  const wanted = Math.min(samples.length, Math.ceil((VECTORS_PER_CODE * K) / positions));
  const chosen = stream.permutation(samples.length).subarray(0, wanted);
  const z = tf.tidy(() => {
    const rows = mapRows(gatherRows(samples, chosen), expected, vectors);
    return rows.reshape<tf.Tensor2D>([wanted * positions, -1]);
  });
  try {
    const codes = await kmeansStart(z, K, 'euclidean', stream);
    codebook.restart(codes);
    codes.dispose();
  } finally {
    z.dispose();
  }
}
