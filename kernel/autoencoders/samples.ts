/** What models take as data, brought to one form: batches of rows, [n, d] float32. */
import * as tf from '@tensorflow/tfjs';
import { hostTensor, RowTable } from '../engine/index';

/** The shape of one sample: an image of h × w pixels, named features, or a sequence of these. */
export type SampleShape = ImageShape | VectorShape | SequenceShape;

/** [height, width, channels]: 1 for grey, 3 for colour, others for what has that many. */
export interface ImageShape {
  kind: 'image';
  /** Rows of pixels. */
  height: number;
  /** Columns of pixels. */
  width: number;
  /** 1 for grey, 3 for colours. */
  channels: number;
}

/** Samples of named features: [d]. */
export interface VectorShape {
  kind: 'vector';
  /** Their names; how many there are is d. */
  features: readonly string[];
}

/** [steps, features]: the features of the first step, then those of the second, … */
export interface SequenceShape {
  kind: 'sequence';
  /** t */
  steps: number;
  /** Names of the d features of each step. */
  features: readonly string[];
}

/** A shape as it may be given: `data.shape`, a number of features, or [d], [t, d] or [h, w, c]. */
export type ShapeInput = SampleShape | number | readonly number[];

/** Samples in memory, as a `Dataset` holds them. */
export interface Samples {
  readonly name: string;
  /** [n, d], row by row. */
  readonly values: Float32Array;
  readonly shape: SampleShape;
  /** n, the samples. */
  readonly length: number;
  readonly width: number;
  /** Class of each sample, −1 for one that has none; absent or null if they are not known. */
  readonly labels?: Int32Array | null;
  /** Name of each class; may be empty. */
  readonly classNames?: string[];
}

/**
 * Samples that are read in order, piece by piece. `fit` and `score` take it like other data, so you can train on a set
 * that is larger than memory.
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
  /** [m], or null if classes are not known. */
  readonly labels: Int32Array | null;
}

/** A data set, a tensor [n, d], or n rows of d numbers. */
export type SampleInput = Samples | tf.Tensor2D | number[][];

/** Rows that one pass through a network handles at a time, so that memory does not grow with the data. */
const CHUNK = 1024;

/** Numbers in one sample: h·w·c, the number of features, or t·d. */
export function widthOf(shape: SampleShape): number {
  switch (shape.kind) {
    case 'image':
      return shape.height * shape.width * shape.channels;
    case 'vector':
      return shape.features.length;
    case 'sequence':
      return shape.steps * shape.features.length;
  }
}

/** The shape of one sample's values: [d], [t, d], or [height, width, channels]. */
export function rowShapeOf(shape: SampleShape): readonly number[] {
  if (shape.kind === 'image') return [shape.height, shape.width, shape.channels];
  return shape.kind === 'sequence' ? [shape.steps, shape.features.length] : [shape.features.length];
}

/** `28 × 28 image`, `4 features`, `20 steps of 3 features`. */
export function shapeText(shape: SampleShape): string {
  if (shape.kind === 'vector') return `${shape.features.length} features`;
  if (shape.kind === 'sequence') return `${shape.steps} steps of ${shape.features.length} features`;
  const { height, width, channels } = shape;
  const colours = channels === 1 || channels === 3 ? '' : ` of ${channels} channels`;
  return `${height} × ${width}${channels === 3 ? ' RGB' : ''} image${colours}`;
}

/** Names of features that have none: `x1`, `x2`, … */
export function featureNames(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `x${i + 1}`);
}

/** The shape that is given; undefined if it is no shape. */
export function shapeFrom(given: ShapeInput): SampleShape | undefined {
  const sizes: unknown = typeof given === 'number' ? [given] : given;
  if (!Array.isArray(sizes)) return isShape(given) ? given : undefined;
  if (!sizes.every((size) => Number.isSafeInteger(size) && (size as number) >= 1)) return undefined;
  const [first = 0, second = 0, channels = 0] = sizes as number[];
  if (sizes.length === 1) return { kind: 'vector', features: featureNames(first) };
  if (sizes.length === 2) return { kind: 'sequence', steps: first, features: featureNames(second) };
  return sizes.length === 3 ? { kind: 'image', height: first, width: second, channels } : undefined;
}

/** Whether a value is the shape of a sample. */
export function isShape(value: unknown): value is SampleShape {
  const { kind, ...fields } = (value ?? {}) as Record<string, unknown>;
  const isSize = (size: unknown) => Number.isSafeInteger(size) && (size as number) >= 1;
  if (kind === 'image') return ['height', 'width', 'channels'].every((side) => isSize(fields[side]));
  const { features } = fields;
  const named = Array.isArray(features) && features.length > 0;
  return named && (kind === 'vector' || (kind === 'sequence' && isSize(fields['steps'])));
}

/** The feature that a column of a sample belongs to, in words; undefined for images. */
export function featureAt(shape: SampleShape, column: number): string | undefined {
  if (shape.kind === 'image') return undefined;
  const feature = shape.features[column % shape.features.length]!;
  return shape.kind === 'vector' ? feature : `${feature} of step ${Math.floor(column / shape.features.length)}`;
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
  return hostTensor(new RowTable(values, width).gather(indices), [indices.length, width]) as tf.Tensor2D;
}

/**
 * int32 [indices.length]: the classes of the samples at these indices, for a model of so many.
 *
 * @param options.unknown whether −1, a class that is not known, is let through; default: it is an error
 * @throws TypeError when the samples have no labels
 * @throws RangeError at a label that is no such class
 */
export function labelsOf(
  { name, labels }: Pick<Samples, 'name' | 'labels'>,
  indices: Int32Array,
  classes: number,
  caller: string,
  { unknown = false }: { unknown?: boolean | undefined } = {},
): tf.Tensor1D {
  if (!labels) {
    const none = unknown ? '; the label -1 stands for an unknown class' : '';
    const advice =
      'give a data set with labels, as Dataset.from(values, { labels }) or loadData(file, { label }) make' + none;
    throw new TypeError(`${caller} needs the class of each sample, and ${name || 'the data'} has none; ${advice}.`);
  }
  const chosen = Int32Array.from(indices, (index) => labels[index]!);
  const least = unknown ? -1 : 0;
  const wrong = chosen.find((label) => label < least || label >= classes);
  if (wrong === -1 && !unknown) {
    const advice =
      'select those that have one: data.select([...data.labels.keys()].filter((i) => data.labels[i] >= 0))';
    throw new RangeError(`${caller} needs the class of each sample; found the label -1, which stands for an unknown class; ${advice}.`); // prettier-ignore
  }
  if (wrong !== undefined) throw new RangeError(`${caller} knows classes 0 to ${classes - 1}; found a label ${wrong}.`);
  return tf.tensor1d(chosen, 'int32');
}

/** @throws RangeError for a number of samples that cannot be drawn */
export function checkCount(caller: string, count: number): void {
  if (Number.isInteger(count) && count >= 1) return;
  throw new RangeError(`${caller} draws a whole number of samples, at least 1; found ${String(count)}.`);
}

function checkedLength(input: SampleInput, { caller, width, description }: Expected): number {
  const complain = (found: string) => new TypeError(`${caller} expects ${description}; found ${found}.`);
  if (input instanceof tf.Tensor) {
    if (input.isDisposed) throw complain('a tensor that has been disposed');
    if (input.rank !== 2 || input.shape[1] !== width) throw complain(`a tensor of shape [${input.shape.join(', ')}]`);
    if (input.shape[0] === 0) throw complain('no rows');
    return input.shape[0];
  }
  if (Array.isArray(input)) {
    const wrong = input.findIndex((row) => !Array.isArray(row) || row.length !== width);
    if (wrong >= 0) throw complain(`${foundRow(input[wrong])} at row ${wrong}`);
    if (input.length === 0) throw complain('no rows');
    // Rows are of one kind; the first tells of text.
    if (typeof input[0]![0] !== 'number') throw complain(`rows of values of type ${typeof input[0]![0]}`);
    return input.length;
  }
  if (!(input?.values instanceof Float32Array)) {
    if (typeof input === 'object' && input !== null && 'chunks' in input) {
      throw complain('a stream, which only fit and score read piece by piece; collect(stream) returns its samples');
    }
    throw complain(input === null ? 'null' : `a value of type ${typeof input}`);
  }
  if (input.width !== width)
    throw complain(`${input.name || 'samples'} with ${input.width} values (${shapeText(input.shape)})`);
  if (input.length === 0) throw complain('no rows');
  return input.length;
}

function foundRow(row: unknown): string {
  return Array.isArray(row) ? `${row.length} values` : `a value of type ${typeof row}`;
}
