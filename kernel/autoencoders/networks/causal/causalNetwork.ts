/** What networks have that model a map of codes position by position, in raster order. */
import type * as tf from '@tensorflow/tfjs';
import type { MapSize } from '../layers/layers';

/** From one-hot codes to the logits of each, which depend on the codes before it alone. */
export interface CausalNetwork {
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  /**
   * All conditionals at once: one-hot codes [n, h, w, K] → logits [n, h, w, K].
   *
   * @param context what the codes are conditioned on, at each position: [n, h, w, S], or null
   */
  apply(codes: tf.Tensor4D, context: tf.Tensor4D | null): tf.Tensor4D;
  /** The same conditionals one after the other, for n maps. */
  cached(n: number, context: tf.Tensor4D | null): CachedPass;
}

/**
 * A pass through a causal network that computes each position once and keeps what later ones need of it. To be used
 * inside one `tf.tidy`, which frees what is kept.
 */
export interface CachedPass {
  /** Logits of the position that comes next: [n, K]. */
  logits(): tf.Tensor2D;
  /** The codes of that position, one-hot [n, K]; once after each `logits`. */
  append(codes: tf.Tensor2D): void;
}

export interface CausalNetworkOptions {
  /** h and w of the map of codes. */
  map: MapSize;
  /** K. */
  codebookSize: number;
  /** C. */
  channels: number;
  /** S, channels of the context; 0: there is none. */
  contextChannels: number;
  seed: number;
}
