/** Rows of data with their classes, a chunk at a time. */
import * as tf from '@tensorflow/tfjs';
import { numbers, takes } from '../arguments';
import { labelsOf, rowRanges, rowsOf } from '../samples';
import type { Expected, SampleInput, Samples } from '../samples';
import type { Conditioning } from './conditioning';

/** The classes of samples that come without: one for all, or one each; −1 for a class that is not known. */
export interface Labelled {
  /** The class of each row: [n]. */
  labels?: number | ArrayLike<number>;
}

/** `{ labels }` where some are given, for methods that take them on. */
export function labelled(labels: Labelled['labels']): Labelled {
  return labels === undefined ? {} : { labels };
}

/**
 * `f` of the rows with their classes beside them, a chunk at a time, put together again along the first axis.
 *
 * @param labels the classes; the data's own where none are given
 * @throws TypeError when neither the data nor `labels` name the classes
 */
export function mapLabelledRows<T extends tf.Tensor>(
  conditioning: Conditioning,
  x: SampleInput,
  labels: Labelled['labels'],
  expected: Expected,
  f: (rows: tf.Tensor2D) => T,
): T {
  const { caller } = expected;
  const { classes } = conditioning;
  const ranges = rowRanges(x, expected);
  const own = x instanceof tf.Tensor || Array.isArray(x) ? { name: '', labels: null } : x;
  const known =
    labels === undefined || classes === null
      ? own
      : { name: '', labels: givenLabels(labels, ranges.at(-1)![1], caller) };
  const part = (start: number, end: number) => {
    const rows = rowsOf(x, start, end);
    if (classes === null) return f(rows);
    const indices = Int32Array.from({ length: end - start }, (_, i) => start + i);
    const y = labelsOf(known, indices, classes, caller, { unknown: true });
    return f(conditioning.beside(rows, conditioning.oneHot(y)));
  };
  return tf.tidy(() => {
    const parts = ranges.map(([start, end]) => tf.tidy(() => part(start, end)));
    return parts.length === 1 ? parts[0]! : (tf.concat(parts, 0) as T);
  });
}

/** One class for each of `count` rows. @throws TypeError, RangeError */
export function givenLabels(labels: Labelled['labels'], count: number, caller: string): Int32Array {
  if (labels === undefined) throw new TypeError(`${caller} needs the class of each row; give { labels }.`);
  if (typeof labels !== 'number') takes(caller, ['labels', labels, numbers]);
  const all = typeof labels === 'number' ? new Int32Array(count).fill(labels) : Int32Array.from(labels);
  if (all.length === count) return all;
  throw new RangeError(`${caller}: found ${all.length} labels for ${count} rows; give one for each, or one for all.`);
}

/** The classes of draws: the class of all, or one each; by themselves they take turns, 0, 1, …, C − 1, 0, … */
export function labelsOfDraws(
  { classes }: Pick<Conditioning, 'classes'>,
  label: Labelled['labels'],
  count: number,
  caller: string,
): Int32Array | undefined {
  if (classes === null) return undefined;
  return givenLabels(label ?? Int32Array.from({ length: count }, (_, i) => i % classes), count, caller);
}

/** Samples with their classes beside their values, as zeros and ones. @throws TypeError, RangeError as {@link labelsOf} */
export function samplesBeside({ classes }: Conditioning, samples: Samples, caller: string): Samples {
  if (classes === null) return samples;
  const { values, length, width: d, labels } = samples;
  const indices = Int32Array.from({ length }, (_, i) => i);
  tf.dispose(labelsOf(samples, indices, classes, caller, { unknown: true }));
  const width = d + classes;
  const beside = new Float32Array(length * width);
  for (let i = 0; i < length; i++) {
    beside.set(values.subarray(i * d, (i + 1) * d), i * width);
    if (labels![i]! >= 0) beside[i * width + d + labels![i]!] = 1;
  }
  const { name, shape } = samples;
  return { name, shape, labels, values: beside, width, length };
}
