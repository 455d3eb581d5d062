/** Where the batches of a training come from: rows in memory, or a stream that is read anew in every epoch. */
import * as tf from '@tensorflow/tfjs';
import { RowTable } from '../../../engine/index';
import { randomStream } from '../../random';
import { toSamples } from '../../samples';
import type { Expected, SampleInput, Samples, SampleShape, SampleStream } from '../../samples';
import type { Batch, BatchSource, EpochBatches, EpochPlace } from './batch';
import { checkData } from '../../data/checkData';
import { StreamedBatches } from './streamedBatches';
import { GeneratedBatches } from './generatedBatches';
import { GeneratedSource } from './generatedSource';
import { checkStream } from './streamReader';
import type { Accepted } from '../loop/trainable';

export type { Batch, BatchSource, EpochBatches, EpochPlace } from './batch';

/** What can be trained on and scored. */
export type TrainingData = SampleInput | SampleStream;

export function isStream(data: TrainingData): data is SampleStream {
  // What is no object at all is left to those who say what they expect.
  return typeof data === 'object' && data !== null && !(data instanceof tf.Tensor) && 'chunks' in data;
}

/**
 * @param shuffleBuffer samples of a stream that are held in memory to be drawn from
 * @throws {DataError} when data in memory hold values that cannot be trained on; a stream's are looked at as they come
 */
export async function batchSource(
  data: TrainingData,
  expected: Expected,
  shape: SampleShape,
  accepted: Accepted,
  shuffleBuffer: number,
): Promise<BatchSource> {
  if (data instanceof GeneratedBatches) {
    checkStream(data, expected);
    return new GeneratedSource(data, accepted);
  }
  if (isStream(data)) return new StreamedBatches(data, expected, accepted, shuffleBuffer);
  const samples = await toSamples(data, expected, shape);
  return new BatchesInMemory(samples, checkData(samples, accepted));
}

class BatchesInMemory implements BatchSource {
  readonly name: string;
  readonly shape: SampleShape;
  readonly length: number;
  readonly fingerprint: Readonly<Record<string, number>>;
  /** The values, which stay as they are while they are trained on. */
  private readonly table: RowTable;

  constructor(
    private readonly samples: Samples,
    checksum: number,
  ) {
    this.name = samples.name;
    this.shape = samples.shape;
    this.length = samples.length;
    this.fingerprint = { samples: samples.length, checksum };
    this.table = new RowTable(samples.values, samples.width);
  }

  epoch({ seed, epoch, batchSize, done }: EpochPlace): EpochBatches {
    const order = randomStream(seed, 'shuffle', epoch).permutation(this.length);
    let at = done * batchSize;
    return {
      next: async () => this.rowsAt(order.subarray(at, (at += batchSize))),
      close: async () => {},
    };
  }

  async some(count: number, seed: number): Promise<Samples> {
    if (this.length <= count) return this.samples;
    const rows = randomStream(seed, 'some samples').permutation(this.length).subarray(0, count).sort();
    const { name, shape, width, classNames } = this.samples;
    const { values, labels } = this.rowsAt(rows);
    return { name, shape, width, classNames, values, labels, length: rows.length };
  }

  private rowsAt(rows: Int32Array): Batch {
    return new RowsOfTable(this.table, rows, this.samples.labels ?? null);
  }
}

/** Rows of what lies in memory: gathered when they are looked at. */
class RowsOfTable implements Batch {
  private gathered: Float32Array | undefined;

  constructor(
    readonly table: RowTable,
    readonly rows: Int32Array,
    private readonly allLabels: ArrayLike<number> | null,
  ) {}

  get values(): Float32Array {
    return (this.gathered ??= this.table.gather(this.rows));
  }

  get labels(): Int32Array | null {
    const { allLabels, rows } = this;
    return allLabels && Int32Array.from(rows, (row) => allLabels[row]!);
  }
}
