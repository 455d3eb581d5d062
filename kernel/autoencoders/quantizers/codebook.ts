import * as tf from '@tensorflow/tfjs';

/** By which codes are compared with vectors: distance, or the angle alone, with codes and vectors of norm 1. */
export const SIMILARITIES = ['euclidean', 'cosine'] as const;
export type Similarity = (typeof SIMILARITIES)[number];

/** K vectors, and which of them is nearest. */
export class Codebook {
  /** @param vectors e, [K, D] */
  constructor(readonly vectors: tf.Variable<tf.Rank.R2>) {}

  /** The codes, [K, D]: {@link vectors}, unless a kind of codebook makes them of these. */
  codes(): tf.Tensor2D {
    return this.vectors;
  }

  /** For each row of z [m, D] the index of the nearest code, int32 [m]; the first of several. */
  nearest(z: tf.Tensor2D): tf.Tensor1D {
    return tf.tidy(() => nearestOf(z, this.codes()));
  }

  /** The codes with these indices: int32 [m] → [m, D]. */
  lookup(indices: tf.Tensor1D): tf.Tensor2D {
    return tf.gather(this.codes(), indices) as tf.Tensor2D;
  }
}

/** For each row of z [m, D] the index of the nearest row of e [K, D], int32 [m]. */
export function nearestOf(z: tf.Tensor2D, e: tf.Tensor2D): tf.Tensor1D {
  // ‖z − e‖² = ‖z‖² − 2 (z·e − ‖e‖²/2), and ‖z‖² is the same for all codes.
  const bias = e.square().sum(1).mul(-0.5);
  return tf.fused.matMul({ a: z, b: e, transposeB: true, bias }).argMax(1);
}

/** Rows of norm 1: [m, D] → [m, D]. A row of zeros stays one. */
export function unit(rows: tf.Tensor2D): tf.Tensor2D {
  return rows.div(tf.maximum(normOf(rows), TINY));
}

/** Euclidean norm of each row: [m, D] → [m, 1]. */
export function normOf(rows: tf.Tensor): tf.Tensor2D {
  // The gradient of a root at 0 is infinite, and 0 · ∞ is NaN.
  return tf.maximum(rows.square().sum(1, true), TINY ** 2).sqrt() as tf.Tensor2D;
}

const TINY = 1e-12;
