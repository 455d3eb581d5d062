/**
 * Batches that a function of your own makes: a simulator, a file format that is not read here, samples without an end.
 */
import { callable, found, object, optional, takes, whole } from '../../arguments';
import { DataError } from '../../data/checkData';
import { defaultSeed, randomStream } from '../../random';
import type { RandomStream } from '../../random';
import { shapeFrom, widthOf } from '../../samples';
import type { SampleChunk, SampleShape, SampleStream, ShapeInput } from '../../samples';
import { asStream } from '../../summaries/samples';
import type { EpochBatches } from './batch';
import { broughtBatch } from './broughtBatch';
import type { GeneratedBatch } from './broughtBatch';

export type { GeneratedBatch } from './broughtBatch';

/** What an epoch's batches may depend on, and nothing else: then a training resumes exactly where it stopped. */
export interface GeneratedEpoch {
  /** The seed of the training; of `batches` where they are scored or validated. */
  readonly seed: number;
  /** Counted from 0, over the model's whole life. Batches that are scored are those of epoch 0. */
  readonly epoch: number;
  /** `scoring` for validation and `score`: the same batches at every call, with separate random numbers. */
  readonly purpose: 'training' | 'scoring';
  /** n, the samples that each batch has. */
  readonly count: number;
  /** Random numbers of this epoch, or of this batch. */
  readonly random: RandomStream;
}

/** The place of a generated batch in a training: its epoch and its number. */
export interface GeneratedPlace extends GeneratedEpoch {
  /** Counted from 0 in its epoch. */
  readonly batch: number;
}

/** Options of {@link batches}. */
export interface BatchesOptions {
  /** How one sample is drawn, as a model's `input`: `[28, 28, 1]`, `[4]`, `4` or `data.shape`. */
  shape: ShapeInput;
  /** How many batches an epoch has. */
  batchesPerEpoch: number;
  /** n. Default 128. */
  batchSize?: number;
  /** Makes a batch, at once or later. Either this or `generate`. */
  make?: (place: GeneratedPlace) => GeneratedBatch | Promise<GeneratedBatch>;
  /**
   * Yields the batches of an epoch one by one: a generator function, `async` or not. If a training resumes in the
   * middle of an epoch, it makes the earlier batches of that epoch again.
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
      'batches takes either "make", which returns a batch, or "generate", which yields the batches of an epoch.',
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
  /** Samples in a batch. */
  readonly batchSize: number;
  /** Batches in an epoch. */
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
        return broughtBatch(await make({ ...place, batch, random }), this, epoch, batch);
      };
      return { next, close: async () => {} };
    }
    const iterable = generate!({ ...place, random: randomStream(seed, key, epoch) });
    const iterator = iteratorOf(this.name, iterable);
    let passed = 0;
    const next = async () => {
      for (; passed < at; passed++) await this.given(iterator, epoch, passed);
      const batch = at++;
      passed = at;
      return broughtBatch(await this.given(iterator, epoch, batch), this, epoch, batch);
    };
    return { next, close: async () => void (await iterator.return?.()) };
  }

  private async given(iterator: Iterating, epoch: number, batch: number): Promise<GeneratedBatch> {
    const { done, value } = await iterator.next();
    if (!done) return value;
    throw new DataError(`${this.name}: epoch ${epoch} ended after ${batch} of ${this.batchesPerEpoch} batches`);
  }
}

type Iterating = Iterator<GeneratedBatch> | AsyncIterator<GeneratedBatch>;

/** @throws TypeError for what has no batches to give one after the other */
function iteratorOf(name: string, iterable: unknown): Iterating {
  const given = (iterable ?? {}) as Partial<AsyncIterable<GeneratedBatch> & Iterable<GeneratedBatch>>;
  const iterator = given[Symbol.asyncIterator]?.() ?? given[Symbol.iterator]?.();
  if (iterator) return iterator;
  throw new TypeError(`${name}: "generate" gave ${found(iterable)}; expected batches one after the other, as a generator function gives them: function* or async function*.`); // prettier-ignore
}
