/** The interface of a quantiser, whatever its codes are. */
import type * as tf from '@tensorflow/tfjs';
import type { Draws } from '../noise';
import type { Term } from '../objectives/terms';
import type { RandomStream } from '../random';

/** What a quantiser makes of m vectors. */
export interface Quantization {
  /** What a decoder sees, with a gradient to the vectors that were quantised: [m, D]. */
  quantized: tf.Tensor2D;
  /** The code of every vector in every stage: int32 [m, S]. */
  indices: tf.Tensor2D;
  /** What the quantiser adds to a loss, by name: scalars, means over the m vectors, with their weights and formulas. */
  terms: Readonly<Record<string, Term>>;
  /** New values of {@link Quantizer.state} after these vectors, with the random numbers of {@link Quantizer.noise}. */
  updates(noise: Readonly<Record<string, tf.Tensor>>): Record<string, tf.Tensor>;
}

/** One layer: vectors in; quantised vectors, indices and losses out. */
export interface Quantizer {
  /** K: indices are from 0 to K − 1. */
  readonly codebookSize: number;
  /** S, the number of codes of one vector: 1 except with residual quantisation. */
  readonly stages: number;
  /** D, the dimensions of the vectors that it quantises and of the quantised ones. */
  readonly dimensions: number;
  /** What the gradient trains, by name. */
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  /** What {@link Quantization.updates} sets, by name. */
  readonly state: Readonly<Record<string, tf.Variable>>;
  /** Authors, year, title or equation. */
  readonly source: string;
  /** Random numbers for one step, by the names that {@link Quantization.updates} uses. */
  noise(): Draws;
  /** [m, D] → what training needs. Pure. */
  quantize(z: tf.Tensor2D): Quantization;
  /** [m, D] → int32 [m, S]. */
  indices(z: tf.Tensor2D): tf.Tensor2D;
  /** The vectors that indices stand for: int32 [m, S] → [m, D]. */
  lookup(indices: tf.Tensor2D): tf.Tensor2D;
  /** All codes, those of one stage after the other: [S·K, dimensions of a code]. */
  codes(): tf.Tensor2D;
  /** The number of vectors that {@link start} needs; 0 where codes start without data. */
  readonly startsFrom: number;
  /** Sets the codes, before the first step, from vectors [m, D] that are to be quantised. */
  start(z: tf.Tensor2D, stream: RandomStream): Promise<void>;
}
