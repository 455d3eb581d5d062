/** Classes beside samples and latents, for any networks. */
import * as tf from '@tensorflow/tfjs';
import { numbers, takes } from '../../arguments';
import { labelsOf, rowRanges, rowsOf } from '../../samples';
import type { Expected, SampleInput } from '../../samples';
import type { RowShape } from '../../networks/network';

/** The classes of samples that come without: one for all, or one each; −1 for a class that is not known. */
export interface Labelled {
  labels?: number | ArrayLike<number>;
}

/**
 * Puts the class of each row beside it, as C zeros and ones; all are 0 where the class is not known, which so is a
 * condition of its own. Without classes rows stay as they are.
 */
export class Conditioning {
  /** @param classes C; null for none */
  constructor(readonly classes: number | null) {}

  /** C. */
  get width(): number {
    return this.classes ?? 0;
  }

  /** The shape of a sample with its class: more features, or more channels. */
  shapeOf(shape: RowShape): RowShape {
    return [...shape.slice(0, -1), shape.at(-1)! + this.width];
  }

  /** Rows, and y as zeros and ones beside them: [n, m] → [n, m + C]. */
  beside(rows: tf.Tensor2D, y: tf.Tensor1D | undefined): tf.Tensor2D {
    if (this.classes === null) return rows;
    const { classes } = this;
    return tf.tidy(() => {
      // tf.oneHot wants two classes at least.
      const all = tf.range(0, classes, 1, 'int32').expandDims(0);
      const oneHot = y!.expandDims(1).equal(all).cast<tf.Tensor2D>('float32');
      return tf.concat2d([rows, oneHot], 1);
    });
  }

  /** What {@link beside} put together: [n, m + C] → [n, m] and [n, C]. */
  apart(rows: tf.Tensor2D): [tf.Tensor2D, tf.Tensor2D | undefined] {
    if (this.classes === null) return [rows, undefined];
    return tf.split(rows, [rows.shape[1] - this.classes, this.classes], 1) as [tf.Tensor2D, tf.Tensor2D];
  }

  /** Zeros and ones for rows that have been put beside others: [n, m] and [n, C] → [n, m + C]. */
  joined(rows: tf.Tensor2D, oneHot: tf.Tensor2D | undefined): tf.Tensor2D {
    return oneHot ? tf.concat2d([rows, oneHot], 1) : rows;
  }

  /** A row for the encoder: the classes as further features, or as constant channels of every pixel or step. */
  forNetwork(rows: tf.Tensor2D, oneHot: tf.Tensor2D | undefined, shape: RowShape): tf.Tensor2D {
    if (!oneHot) return rows;
    if (shape.length === 1) return tf.concat2d([rows, oneHot], 1);
    const n = rows.shape[0];
    const places = shape.slice(0, -1);
    const planes = oneHot.reshape([n, ...places.map(() => 1), this.width]).tile([1, ...places, 1]);
    return tf.concat([rows.reshape([n, ...shape]), planes], -1).reshape([n, -1]);
  }

  /**
   * `f` of the rows with their classes beside them, a chunk at a time.
   *
   * @param labels the classes; the data's own where none are given
   * @throws TypeError when neither the data nor `labels` name the classes
   */
  map(
    x: SampleInput,
    labels: Labelled['labels'],
    expected: Expected,
    f: (rows: tf.Tensor2D) => tf.Tensor2D,
  ): tf.Tensor2D {
    const { caller } = expected;
    const ranges = rowRanges(x, expected);
    const own = x instanceof tf.Tensor || Array.isArray(x) ? { name: '', labels: null } : x;
    const given = labels === undefined || this.classes === null ? own : this.given(labels, ranges.at(-1)![1], caller);
    return tf.tidy(() => {
      const parts = ranges.map(([start, end]) =>
        tf.tidy(() => f(this.beside(rowsOf(x, start, end), this.classesOf(given, start, end, caller)))),
      );
      return parts.length === 1 ? parts[0]! : tf.concat(parts, 0);
    });
  }

  /** One class for each of `count` rows. @throws TypeError, RangeError */
  given(labels: Labelled['labels'], count: number, caller: string): { name: string; labels: Int32Array } {
    if (labels === undefined) throw new TypeError(`${caller} needs the class of each row; give { labels }.`);
    if (typeof labels !== 'number') takes(caller, ['labels', labels, numbers]);
    const all = typeof labels === 'number' ? new Int32Array(count).fill(labels) : Int32Array.from(labels);
    if (all.length === count) return { name: '', labels: all };
    throw new RangeError(`${caller}: found ${all.length} labels for ${count} rows; give one for each, or one for all.`);
  }

  private classesOf(
    given: { name: string; labels?: Int32Array | null },
    start: number,
    end: number,
    caller: string,
  ): tf.Tensor1D | undefined {
    if (this.classes === null) return undefined;
    const indices = Int32Array.from({ length: end - start }, (_, i) => start + i);
    return labelsOf(given, indices, this.classes, caller, { unknown: true });
  }
}
