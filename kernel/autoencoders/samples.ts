/** What models take as data, brought to one form: batches of rows, [n, d] float32. */
import * as tf from '@tensorflow/tfjs';
import { hostTensor } from '../engine/index';

/** How one sample is drawn: as an image of h × w pixels with 1 or 3 channels, or as named features. */
export type SampleShape = ImageShape | { kind: 'vector'; features: string[] };

export interface ImageShape {
  kind: 'image';
  height: number;
  width: number;
  channels: 1 | 3;
}

/** Samples in memory, as a `Dataset` holds them. */
export interface Samples {
  readonly name: string;
  /** [n, d], row by row. */
  readonly values: Float32Array;
  readonly shape: SampleShape;
  readonly length: number;
  readonly width: number;
  /** Class of each sample, −1 for one that has none; absent or null where they are not known. */
  readonly labels?: Int32Array | null;
  /** Name of each class; may be empty. */
  readonly classNames?: string[];
}

/**
 * Samples that are read in order, a piece at a time, so that a set larger than memory can be trained on: `fit` and
 * `score` take it where they take data.
 */
export interface SampleStream {
  readonly name: string;
  readonly shape: SampleShape;
  /** Samples in all. */
  readonly length: number;
  readonly width: number;
  readonly classNames?: string[];
  /** What was found when it was opened and dealt with: samples without a class, say. */
  readonly notices?: readonly string[];
  /** From the first sample to the last, afresh at every call; the same samples in the same order each time. */
  chunks(options?: ChunkOptions): AsyncIterable<SampleChunk>;
}

export interface ChunkOptions {
  /** Whether a chunk has to last only until the next is asked for, so that its memory may be taken again. Default: no. */
  passing?: boolean;
}

/** Some samples of a stream; at most a few MB. */
export interface SampleChunk {
  /** [m, d], row by row. */
  readonly values: Float32Array;
  /** [m], or null where classes are not known. */
  readonly labels: Int32Array | null;
}

/** A data set, a tensor [n, d], or n rows of d numbers. */
export type SampleInput = Samples | tf.Tensor2D | number[][];

/** Rows that one pass through a network handles at a time, so that memory does not grow with the data. */
const CHUNK = 1024;

/** Numbers in one sample: h·w·c or the number of features. */
export function widthOf(shape: SampleShape): number {
  return shape.kind === 'image' ? shape.height * shape.width * shape.channels : shape.features.length;
}

/** The shape of one sample's values: [d], or [height, width, channels]. */
export function rowShapeOf(shape: SampleShape): readonly number[] {
  return shape.kind === 'image' ? [shape.height, shape.width, shape.channels] : [shape.features.length];
}

/** `28 × 28 image`, `4 features`. */
export function shapeText(shape: SampleShape): string {
  if (shape.kind === 'vector') return `${shape.features.length} features`;
  return `${shape.height} × ${shape.width}${shape.channels === 3 ? ' RGB' : ''} image`;
}

export function widthOfInput(input: SampleInput): number {
  if (input instanceof tf.Tensor) return input.shape[1];
  return Array.isArray(input) ? (input[0]?.length ?? 0) : input.width;
}

/** What rows are handed to, for messages: `VAE.encode` expects `784 values (28 × 28 image)`. */
export interface Expected {
  caller: string;
  width: number;
  description: string;
}

/**
 * `f` of the rows, a chunk at a time, put together again along the first axis. Frees everything but the result.
 *
 * @throws when the input holds no rows or rows of another width
 */
export function mapRows<T extends tf.Tensor>(input: SampleInput, expected: Expected, f: (rows: tf.Tensor2D) => T): T {
  return tf.tidy(() => {
    const parts = rowRanges(input, expected).map(([start, end]) => tf.tidy(() => f(rowsOf(input, start, end))));
    return parts.length === 1 ? parts[0]! : (tf.concat(parts, 0) as T);
  });
}

/** [start, end) of each chunk; checks the width of every row. */
export function rowRanges(input: SampleInput, expected: Expected): [number, number][] {
  const length = checkedLength(input, expected);
  const chunks = Math.ceil(length / CHUNK);
  return Array.from({ length: chunks }, (_, i) => [i * CHUNK, Math.min(length, (i + 1) * CHUNK)]);
}

/** [end − start, d]. */
export function rowsOf(input: SampleInput, start: number, end: number): tf.Tensor2D {
  if (input instanceof tf.Tensor) return input.slice(start, end - start);
  if (Array.isArray(input)) return tf.tensor2d(input.slice(start, end));
  const { values, width } = input;
  return hostTensor(values.subarray(start * width, end * width), [end - start, width]) as tf.Tensor2D;
}

/** The rows in memory; reads a tensor back from the device. */
export async function toSamples(input: SampleInput, expected: Expected, shape: SampleShape): Promise<Samples> {
  const length = checkedLength(input, expected);
  if (!(input instanceof tf.Tensor) && !Array.isArray(input)) return input;
  const values = input instanceof tf.Tensor ? Float32Array.from(await input.data()) : Float32Array.from(input.flat());
  return { name: '', values, shape, length, width: expected.width };
}

/** [rows.length, d] of the samples at these indices. */
export function gatherRows(samples: Samples, indices: Int32Array): tf.Tensor2D {
  const { values, width } = samples;
  const batch = new Float32Array(indices.length * width);
  indices.forEach((index, i) => batch.set(values.subarray(index * width, (index + 1) * width), i * width));
  return hostTensor(batch, [indices.length, width]) as tf.Tensor2D;
}

/**
 * int32 [indices.length]: the classes of the samples at these indices, for a model of so many.
 *
 * @throws TypeError when the samples have no labels
 * @throws RangeError at a label that is no such class
 */
export function labelsOf(
  { name, labels }: Pick<Samples, 'name' | 'labels'>,
  indices: Int32Array,
  classes: number,
  caller: string,
): tf.Tensor1D {
  if (!labels) {
    const advice = 'give a data set with labels, as Dataset.from(values, { labels }) or loadData(file, { label }) make';
    throw new TypeError(`${caller} needs the class of each sample, which ${name || 'the data'} has not; ${advice}.`);
  }
  const chosen = Int32Array.from(indices, (index) => labels[index]!);
  const wrong = chosen.find((label) => label < 0 || label >= classes);
  if (wrong === -1) {
    const advice =
      'select those that have one: data.select([...data.labels.keys()].filter((i) => data.labels[i] >= 0))';
    throw new RangeError(`${caller} needs the class of each sample; found the label -1, a class that is not known; ${advice}.`); // prettier-ignore
  }
  if (wrong !== undefined) throw new RangeError(`${caller} knows classes 0 to ${classes - 1}; found a label ${wrong}.`);
  return tf.tensor1d(chosen, 'int32');
}

/** @throws RangeError for a number of samples that cannot be drawn */
export function checkCount(caller: string, count: number): void {
  if (Number.isInteger(count) && count >= 1) return;
  throw new RangeError(`${caller} draws a whole number of samples, at least 1; found ${count}.`);
}

function checkedLength(input: SampleInput, { caller, width, description }: Expected): number {
  const complain = (found: string) => new TypeError(`${caller} expects ${description}; found ${found}.`);
  if (input instanceof tf.Tensor) {
    if (input.rank !== 2 || input.shape[1] !== width) throw complain(`a tensor of shape [${input.shape.join(', ')}]`);
    if (input.shape[0] === 0) throw complain('no rows');
    return input.shape[0];
  }
  if (Array.isArray(input)) {
    const wrong = input.findIndex((row) => !Array.isArray(row) || row.length !== width);
    if (wrong >= 0) throw complain(`${foundRow(input[wrong])} at row ${wrong}`);
    if (input.length === 0) throw complain('no rows');
    return input.length;
  }
  if (!(input?.values instanceof Float32Array))
    throw complain(input === null ? 'null' : `a value of type ${typeof input}`);
  if (input.width !== width)
    throw complain(`${input.name || 'samples'} with ${input.width} values (${shapeText(input.shape)})`);
  if (input.length === 0) throw complain('no rows');
  return input.length;
}

function foundRow(row: unknown): string {
  return Array.isArray(row) ? `${row.length} values` : `a value of type ${typeof row}`;
}
