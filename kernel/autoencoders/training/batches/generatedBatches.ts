/** Batches that a function of one's own makes: a simulator, a file format that is not read here, samples without an end. */
import * as tf from '@tensorflow/tfjs';
import { callable, found, object, optional, takes, whole } from '../../arguments';
import { checkRows, DataError } from '../../data/checkData';
import { defaultSeed, randomStream } from '../../random';
import type { RandomStream } from '../../random';
import { shapeFrom, shapeText, widthOf } from '../../samples';
import type { SampleChunk, Samples, SampleShape, SampleStream, ShapeInput } from '../../samples';
import { asStream } from '../../summaries/samples';
import type { Accepted } from '../loop/trainable';
import type { Batch, BatchSource, EpochBatches, EpochPlace } from './batch';

/** What an epoch's batches may depend on, and nothing else: then a training goes on exactly where it was stopped. */
export interface GeneratedEpoch {
  /** The seed of the training; of `batches` where they are scored or validated. */
  readonly seed: number;
  /** Counted from 0, over the model's whole life. Batches that are scored are those of epoch 0. */
  readonly epoch: number;
  /** `scoring` for validation and `score`: the same batches at every call, with random numbers of their own. */
  readonly purpose: 'training' | 'scoring';
  /** n, the samples that each batch has. */
  readonly count: number;
  /** Random numbers of this epoch, or of this batch. */
  readonly random: RandomStream;
}

export interface GeneratedPlace extends GeneratedEpoch {
  /** Counted from 0 in its epoch. */
  readonly batch: number;
}

/**
 * A batch: n rows, as numbers one after the other, as a tensor [n, d] or [n, height, width, channels], which is then
 * disposed, or as n lists of d numbers; beside it, perhaps, the class of each.
 */
export type GeneratedBatch = BatchValues | { values: BatchValues; labels?: ArrayLike<number> | null };

type BatchValues = Float32Array | Float64Array | tf.Tensor | readonly ArrayLike<number>[];

export interface BatchesOptions {
  /** How one sample is drawn, as a model's `input`: `[28, 28, 1]`, `[4]`, `4` or `data.shape`. */
  shape: ShapeInput;
  batchesPerEpoch: number;
  /** n. Default 128. */
  batchSize?: number;
  /** Makes a batch, at once or later. Either this or `generate`. */
  make?: (place: GeneratedPlace) => GeneratedBatch | Promise<GeneratedBatch>;
  /**
   * Gives the batches of an epoch one after the other; a generator function, `async` or not. A training that goes on in the
   * middle of an epoch has it make the earlier batches of that epoch again.
   */
  generate?: (epoch: GeneratedEpoch) => Iterable<GeneratedBatch> | AsyncIterable<GeneratedBatch>;
  /** The seed where batches are scored or validated. Default: the session's. */
  seed?: number;
  classNames?: string[];
  /** For messages. Default `batches`. */
  name?: string;
}

/**
 * Batches made by a function: `fit`, `score` and validation take them where they take data.
 *
 * ```ts
 * const waves = batches({
 *   shape: [64],
 *   batchesPerEpoch: 100,
 *   make: ({ count, random }) => Array.from({ length: count }, () => wave(random.uniform())),
 * });
 * await model.fit(waves, { epochs: 10 });
 * ```
 *
 * @throws TypeError naming the option that is wrong
 */
export function batches(options: BatchesOptions): GeneratedBatches {
  takes('batches', ['options', options, object('shape', 'batchesPerEpoch')]);
  takes(
    'batches',
    ['batchesPerEpoch', options.batchesPerEpoch, whole(1)],
    ['batchSize', options.batchSize, optional(whole(1))],
    ['make', options.make, optional(callable)],
    ['generate', options.generate, optional(callable)],
  );
  if ((options.make === undefined) === (options.generate === undefined)) {
    throw new TypeError(
      'batches takes either "make", which gives a batch, or "generate", which gives those of an epoch.',
    );
  }
  return asStream(new GeneratedBatches(options));
}

const DEFAULT_SIZE = 128;

/** What {@link batches} returns. As a stream, it has one epoch. */
export class GeneratedBatches implements SampleStream {
  readonly name: string;
  readonly shape: SampleShape;
  readonly width: number;
  readonly batchSize: number;
  readonly batchesPerEpoch: number;
  readonly classNames: string[];

  constructor(private readonly options: BatchesOptions) {
    const { name = 'batches', shape, batchSize = DEFAULT_SIZE, batchesPerEpoch, classNames = [] } = options;
    this.name = name;
    this.classNames = classNames;
    this.batchSize = batchSize;
    this.batchesPerEpoch = batchesPerEpoch;
    const drawn = shapeFrom(shape);
    if (!drawn) throw new TypeError(`batches takes as "shape" a number of features, [d], [t, d], [h, w, c] or data.shape; found ${found(shape)}.`); // prettier-ignore
    this.shape = drawn;
    this.width = widthOf(drawn);
  }

  /** Samples of an epoch. */
  get length(): number {
    return this.batchesPerEpoch * this.batchSize;
  }

  /** The batches that are scored. */
  async *chunks(): AsyncGenerator<SampleChunk> {
    const { seed = defaultSeed() } = this.options;
    const made = this.epoch(seed, 0, 'scoring');
    try {
      for (let i = 0; i < this.batchesPerEpoch; i++) {
        const { values, labels } = await made.next();
        yield { values, labels };
      }
    } finally {
      await made.close();
    }
  }

  /**
   * The batches of an epoch, brought to one form.
   *
   * @param first the batch to begin with
   */
  epoch(seed: number, epoch: number, purpose: GeneratedEpoch['purpose'], first = 0): EpochBatches {
    const { make, generate } = this.options;
    const key = purpose === 'training' ? 'batches' : 'scored batches';
    const place = { seed, epoch, purpose, count: this.batchSize };
    let at = first;
    if (make) {
      const next = async () => {
        const batch = at++;
        const random = randomStream(seed, `${key}/${epoch}`, batch);
        return this.brought(await make({ ...place, batch, random }), epoch, batch);
      };
      return { next, close: async () => {} };
    }
    const iterable = generate!({ ...place, random: randomStream(seed, key, epoch) });
    const iterator = iteratorOf(iterable);
    let passed = 0;
    const next = async () => {
      for (; passed < at; passed++) await this.given(iterator, epoch, passed);
      const batch = at++;
      passed = at;
      return this.brought(await this.given(iterator, epoch, batch), epoch, batch);
    };
    return { next, close: async () => void (await iterator.return?.()) };
  }

  private async given(iterator: Iterating, epoch: number, batch: number): Promise<GeneratedBatch> {
    const { done, value } = await iterator.next();
    if (!done) return value;
    throw new DataError(`${this.name}: epoch ${epoch} ended after ${batch} of ${this.batchesPerEpoch} batches`);
  }

  private async brought(given: GeneratedBatch, epoch: number, batch: number): Promise<Batch> {
    const where = `${this.name}: batch ${batch} of epoch ${epoch} (both counted from 0)`;
    const { values: from, labels: classes = null } = isValues(given) ? { values: given } : (given ?? {});
    const count = this.batchSize;
    const expected = `expected ${count} of ${this.width} values (${shapeText(this.shape)})`;
    if (!isValues(from)) throw new DataError(`${where}: found ${found(given)}; ${expected}`);
    const values = await numbersOf(from, this.width);
    if (typeof values === 'string') throw new DataError(`${where}: found ${values}; ${expected}`);
    if (values.length !== count * this.width) {
      throw new DataError(`${where}: found ${values.length / this.width} samples; ${expected}`);
    }
    const labels = classes && labelsFrom(classes);
    if (labels && labels.length !== count) throw new DataError(`${where}: found ${labels.length} labels for ${count} samples`); // prettier-ignore
    if (labels && !labels.every((label, i) => label === classes[i])) {
      throw new DataError(`${where}: found labels that are no whole numbers; expected class indices`);
    }
    return { values, labels, rows: Int32Array.from({ length: count }, (_, i) => batch * count + i) };
  }
}

/** Batches that are made, for a training. */
export class GeneratedSource implements BatchSource {
  readonly name: string;
  readonly shape: SampleShape;
  readonly length: number;
  readonly batchSize: number;
  readonly fingerprint: Readonly<Record<string, number | string>>;

  constructor(
    private readonly made: GeneratedBatches,
    private readonly accepted: Accepted,
  ) {
    const { name, shape, length, batchSize, batchesPerEpoch } = made;
    this.name = name;
    this.shape = shape;
    this.length = length;
    this.batchSize = batchSize;
    this.fingerprint = { generated: name, batchesPerEpoch, batchSize };
  }

  epoch({ seed, epoch, done }: EpochPlace): EpochBatches {
    const batches = this.made.epoch(seed, epoch, 'training', done);
    return { next: async () => this.checked(await batches.next(), epoch), close: batches.close };
  }

  async some(count: number, seed: number): Promise<Samples> {
    const { name, shape, width, classNames, batchSize, batchesPerEpoch } = this.made;
    const batches = this.made.epoch(seed, 0, 'training');
    const parts: Batch[] = [];
    const wanted = Math.min(batchesPerEpoch, Math.ceil(count / batchSize));
    while (parts.length < wanted) parts.push(this.checked(await batches.next(), 0));
    await batches.close();
    const length = Math.min(count, wanted * batchSize);
    const values = new Float32Array(length * width);
    const labels = parts.every((part) => part.labels) ? new Int32Array(length) : null;
    parts.forEach((part, i) => {
      const rows = Math.min(batchSize, length - i * batchSize);
      values.set(part.values.subarray(0, rows * width), i * batchSize * width);
      labels?.set(part.labels!.subarray(0, rows), i * batchSize);
    });
    return { name, shape, width, classNames, values, labels, length };
  }

  private checked(batch: Batch, epoch: number): Batch {
    const { name, shape, width } = this.made;
    checkRows({ name: `${name}, epoch ${epoch}`, shape, width, values: batch.values }, this.accepted, batch.rows[0]);
    return batch;
  }
}

type Iterating = Iterator<GeneratedBatch> | AsyncIterator<GeneratedBatch>;

function iteratorOf(iterable: Iterable<GeneratedBatch> | AsyncIterable<GeneratedBatch>): Iterating {
  return Symbol.asyncIterator in iterable ? iterable[Symbol.asyncIterator]() : iterable[Symbol.iterator]();
}

function isValues(given: unknown): given is BatchValues {
  return given instanceof tf.Tensor || Array.isArray(given) || given instanceof Float32Array || given instanceof Float64Array; // prettier-ignore
}

/** [n · d] of their own; what is wrong, where they are no rows of d numbers. */
async function numbersOf(given: BatchValues, width: number): Promise<Float32Array | string> {
  if (given instanceof tf.Tensor) {
    const text = found(given);
    const fits = given.rank >= 2 && given.size === given.shape[0]! * width;
    const values = fits ? Float32Array.from(await given.data()) : text;
    given.dispose();
    return values;
  }
  if (!Array.isArray(given))
    return given.length % width === 0 ? Float32Array.from(given as Float32Array) : `${given.length} values`;
  const rows = given as readonly ArrayLike<number>[];
  const odd = rows.findIndex((row) => row?.length !== width);
  if (odd >= 0) return `${found(rows[odd])} at row ${odd}`;
  const values = new Float32Array(rows.length * width);
  rows.forEach((row, i) => values.set(row, i * width));
  return values;
}

function labelsFrom(labels: ArrayLike<number>): Int32Array {
  return Int32Array.from(labels);
}
