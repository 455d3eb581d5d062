import * as tf from '@tensorflow/tfjs';
import { finite, integer, numbers, object, optional, takes, text, whole } from '../arguments';
import { defaultSeed, randomStream } from '../random';
import { featureAt, shapeText, widthOf, type SampleShape } from '../samples';
import { checkData } from './checkData';
import { convert, type ConvertOptions, type DataSource } from './convert';
import type { DatasetParts } from './parts';
import { applyStandardization, measureStandardization, type Standardization } from './standardization';
import { noteRecords, sameRows } from './tables/records';

/** Samples in memory: n rows of d numbers, how one of them is drawn, and their classes where they are known. */
export class Dataset {
  readonly name: string;
  /** [n, d], row by row; images in [0, 1]. Views of a data set share this memory: it is not to be written to. */
  readonly values: Float32Array;
  /** How one sample is drawn; d = height · width · channels, or the number of features. */
  readonly shape: SampleShape;
  /** Class index of each sample, −1 where it is not known; or null. */
  readonly labels: Int32Array | null;
  /** Name of each class; may be empty. */
  readonly classNames: string[];
  /** What {@link standardized} subtracted and divided by, or null. */
  readonly standardization: Standardization | null;

  /** What was found when the data were read and dealt with: samples without a class, say. */
  readonly notices: readonly string[];

  /** @throws RangeError when values, shape and labels do not agree */
  constructor(parts: DatasetParts) {
    takes('Dataset', ['parts', parts, object('values', 'shape')]);
    const { name = 'data', values, shape, labels = null, classNames = [], ...others } = parts;
    const width = widthOf(shape);
    if (width === 0 || values.length % width !== 0) {
      throw new RangeError(`${name}: ${values.length} values are not a whole number of samples (${shapeText(shape)}).`);
    }
    if (labels && !(labels instanceof Int32Array)) {
      throw new TypeError(
        `${name}: labels must be class indices in an Int32Array; Dataset.from(values, { labels }) converts others.`,
      );
    }
    if (labels && labels.length * width !== values.length) {
      throw new RangeError(`${name}: ${labels.length} labels for ${values.length / width} samples.`);
    }
    this.name = name;
    this.values = values;
    this.shape = shape;
    this.labels = labels;
    this.classNames = classNames;
    this.standardization = others.standardization ?? null;
    this.notices = others.notices ?? [];
  }

  /**
   * Makes a data set from values in a cell: rows of numbers, records of numbers (`{height: 1.8, …}`), an object of
   * columns (`{height: [1.8, …], …}`), a tensor, or numbers with their shape. [n, d] makes vectors; [n, h, w] and [n,
   * h, w, c] make images, and [n, t, d] sequences if you pass `as: 'sequence'`. Bytes of images are divided by 255,
   * unless all are 0 or 1 (masks); any other values stay as they are.
   *
   * @throws {DataError} naming what was found when it is no data, or its labels are no classes
   */
  static from(source: DataSource, options: ConvertOptions = {}): Dataset {
    takes('Dataset.from', ['options', options, object()]);
    if (source instanceof Dataset && Object.keys(options).length === 0) return source;
    const made = new Dataset(convert(source, options));
    noteRecords(made, source);
    return made;
  }

  /** n */
  get length(): number {
    return this.values.length / this.width;
  }

  /** d */
  get width(): number {
    return widthOf(this.shape);
  }

  /** The first n samples; all, if there are fewer. */
  take(n: number): Dataset {
    takes('Dataset.take', ['n', n, whole(0)]);
    return this.slice(0, n);
  }

  /** Samples start … end − 1, by the rules of `Array.slice`; shares memory. */
  slice(start: number, end?: number): Dataset {
    takes('Dataset.slice', ['start', start, finite], ['end', end, optional(finite)]);
    const rows = wholeRange(start, end, this.length);
    const values = this.values.subarray(rows.start * this.width, rows.end * this.width);
    return this.with({ values, labels: this.labels?.subarray(rows.start, rows.end) ?? null });
  }

  /**
   * The samples at these indices, in this order; one may come several times.
   *
   * @throws RangeError at an index outside 0 … n − 1
   */
  select(indices: ArrayLike<number>): Dataset {
    takes('Dataset.select', ['indices', indices, numbers]);
    const labels = this.labels && Int32Array.from(indices, (index) => this.labels![index]!);
    return this.with({ values: this.gather(indices), labels });
  }

  /**
   * Two parts in random order that have no sample in common: the second holds `count` samples, the first the rest.
   *
   * @param options.seed the same seed splits data of the same length in the same way; default: the session's seed
   * @throws RangeError when either part would be empty
   */
  split(count: number, options: { seed?: number } = {}): [Dataset, Dataset] {
    takes('Dataset.split', ['count', count, finite], ['options', options, object()]);
    const { seed = defaultSeed() } = options;
    if (!Number.isInteger(count) || count < 1 || count >= this.length) {
      throw new RangeError(`split(${count}): expected a whole number from 1 to ${this.length - 1}, since there are ${this.length} samples.`); // prettier-ignore
    }
    const order = randomStream(seed, 'split').permutation(this.length);
    const rest = this.length - count;
    return [this.select(order.subarray(0, rest)), this.select(order.subarray(rest))];
  }

  /** Only the samples of these classes, by name or index; labels keep their meaning. */
  ofClass(...classes: (string | number)[]): Dataset {
    classes.forEach((one) => takes('Dataset.ofClass', ['class', one, typeof one === 'string' ? text : integer]));
    const { labels } = this;
    if (!labels) throw new RangeError(`${this.name} has no labels to choose classes by.`);
    const wanted = new Set(classes.map((one) => this.classIndex(one)));
    return this.select([...labels.keys()].filter((i) => wanted.has(labels[i]!)));
  }

  /** [n, d], or [indices.length, d] of the samples at these indices; float32. The caller disposes it. */
  tensor(indices?: ArrayLike<number>): tf.Tensor2D {
    takes('Dataset.tensor', ['indices', indices, optional(numbers)]);
    if (!indices) return tf.tensor2d(this.values, [this.length, this.width]);
    return tf.tensor2d(this.gather(indices), [indices.length, this.width]);
  }

  /** Where the first NaN or infinity is, or null; row and column are counted from 0. */
  firstNonFinite(): { row: number; column: number; feature: string | null; value: number } | null {
    const index = this.values.findIndex((value) => !Number.isFinite(value));
    if (index < 0) return null;
    const column = index % this.width;
    const feature = featureAt(this.shape, column) ?? null;
    return { row: Math.floor(index / this.width), column, feature, value: this.values[index]! };
  }

  /**
   * This data set, when all of its values are finite.
   *
   * @throws {DataError} naming row and column of the first NaN or infinity
   */
  checked(): this {
    checkData(this);
    return this;
  }

  /** The samples that lack no value: those without NaN. Shares no memory. */
  withoutMissing(): Dataset {
    const { width, values } = this;
    const whole = Array.from({ length: this.length }, (_, i) => i).filter((row) => {
      for (let i = row * width; i < (row + 1) * width; i++) if (Number.isNaN(values[i]!)) return false;
      return true;
    });
    return this.select(whole);
  }

  /**
   * Every column less its mean, over its standard deviation (of the population); columns that do not vary become 0.
   * `standardization` of the result holds both.
   *
   * @param by the transform of other data, so that held-out samples are treated like the training's:
   *   `heldOut.standardized(train.standardization)`
   */
  standardized(by?: Standardization | null): Dataset {
    if (by != null) takes('Dataset.standardized', ['by', by, object('mean', 'scale')]);
    const standardization = by ?? measureStandardization(this.values, this.width);
    return sameRows(this, this.with({ values: applyStandardization(this.values, standardization), standardization }));
  }

  private with(parts: Partial<DatasetParts>): Dataset {
    return new Dataset({ ...this, ...parts });
  }

  private gather(indices: ArrayLike<number>): Float32Array {
    const { values, width, length } = this;
    const gathered = new Float32Array(indices.length * width);
    for (let i = 0; i < indices.length; i++) {
      const index = indices[i]!;
      if (!Number.isInteger(index) || index < 0 || index >= length) {
        throw new RangeError(`${this.name} has no row ${index}: it has ${length}, counted from 0.`);
      }
      gathered.set(values.subarray(index * width, (index + 1) * width), i * width);
    }
    return gathered;
  }

  private classIndex(named: string | number): number {
    const index = typeof named === 'string' ? this.classNames.indexOf(named) : named;
    if (index >= 0) return index;
    throw new RangeError(`${this.name} has no class “${named}”; its classes are ${this.classNames.join(', ')}.`);
  }
}

/** What `Array.slice` makes of its arguments. */
function wholeRange(start: number, end: number | undefined, length: number): { start: number; end: number } {
  const inside = (at: number): number => Math.max(0, Math.min(length, Math.trunc(at < 0 ? length + at : at)));
  const first = inside(start);
  return { start: first, end: Math.max(first, inside(end ?? length)) };
}
