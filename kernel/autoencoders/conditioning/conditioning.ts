/** The class of each row beside it, and what is missing of it: for any networks and any loss. */
import * as tf from '@tensorflow/tfjs';
import type { RowShape } from '../networks/network';
import { seenOf } from './missing';
import type { There } from './missing';

/** A batch as networks and losses see it. */
export interface Seen {
  /** [n, d], 0 for what is missing. */
  x: tf.Tensor2D;
  /** The classes as zeros and ones, [n, C], all 0 where one is not known; undefined without classes. */
  y: tf.Tensor2D | undefined;
  /** Where values are; undefined if none may be missing. */
  there: There;
}

/**
 * What a model takes beside the values of its rows: the class of each, as C zeros and ones, which are all 0 where it
 * is not known, so that this is its own condition; and which values are missing. Without classes and missing values
 * rows stay as they are.
 */
export class Conditioning {
  /**
   * @param classes C; null for none
   * @param missing whether NaN is a value that is missing
   */
  constructor(
    readonly classes: number | null = null,
    readonly missing = false,
  ) {}

  /** C. */
  get width(): number {
    return this.classes ?? 0;
  }

  /** The shape of a sample with its class: more features, or more channels. */
  shapeOf(shape: RowShape): RowShape {
    return [...shape.slice(0, -1), shape.at(-1)! + this.width];
  }

  /** How a function for other programs takes the classes: its input `y`, and the words that say so; none without. */
  get exported(): { words: string; inputs: Readonly<Record<string, number[]>> } {
    const { classes: C } = this;
    if (C === null) return { words: '', inputs: {} };
    return { words: `; y: [n, ${C}], 1 for the class of the row and 0 elsewhere`, inputs: { y: [C] } };
  }

  /**
   * The classes as zeros and ones: int32 [n] → [n, C]; undefined without classes.
   *
   * @throws TypeError for classes without labels
   */
  oneHot(labels: tf.Tensor1D | undefined): tf.Tensor2D | undefined {
    if (this.classes === null) return undefined;
    if (!labels) throw new TypeError('A model of classes needs the class of each row: int32 [n].');
    const { classes } = this;
    // tf.oneHot wants two classes at least.
    return tf.tidy(() => {
      const all = tf.range(0, classes, 1, 'int32').expandDims(0);
      return labels.expandDims(1).equal(all).cast<tf.Tensor2D>('float32');
    });
  }

  /** A batch with the labels of its rows, int32 [n]. */
  seen({ x, y }: { x: tf.Tensor2D; y?: tf.Tensor1D }): Seen {
    return { ...seenOf(x, this.missing), y: this.oneHot(y) };
  }

  /** The same of rows that have their classes beside them: [n, d + C]. */
  seenBeside(rows: tf.Tensor2D): Seen {
    const [x, y] = this.apart(rows);
    return { ...seenOf(x, this.missing), y };
  }

  /** Rows with their classes beside them: [n, m] and [n, C] → [n, m + C]. */
  beside(rows: tf.Tensor2D, y: tf.Tensor2D | undefined): tf.Tensor2D {
    if (!y) return rows;
    // Rows of codes are whole numbers.
    const numbers = rows.dtype === 'float32' ? rows : rows.cast<tf.Tensor2D>('float32');
    return tf.concat2d([numbers, y], 1);
  }

  /** What {@link beside} put together: [n, m + C] → [n, m] and [n, C]. */
  apart(rows: tf.Tensor2D): [tf.Tensor2D, tf.Tensor2D | undefined] {
    if (this.classes === null) return [rows, undefined];
    return tf.split(rows, [rows.shape[1] - this.classes, this.classes], 1) as [tf.Tensor2D, tf.Tensor2D];
  }
}
