/** Where the batches of a training come from: rows in memory, or a stream that is read anew in every epoch. */
import * as tf from '@tensorflow/tfjs';
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

  constructor(
    private readonly samples: Samples,
    checksum: number,
  ) {
    this.name = samples.name;
    this.shape = samples.shape;
    this.length = samples.length;
    this.fingerprint = { samples: samples.length, checksum };
  }

  epoch({ seed, epoch, batchSize, done }: EpochPlace): EpochBatches {
    const order = randomStream(seed, 'shuffle', epoch).permutation(this.length);
    let at = done * batchSize;
    return {
      next: async () => rowsAt(this.samples, order.subarray(at, (at += batchSize))),
      close: async () => {},
    };
  }

  async some(count: number, seed: number): Promise<Samples> {
    if (this.length <= count) return this.samples;
    const rows = randomStream(seed, 'some samples').permutation(this.length).subarray(0, count).sort();
    const { values, labels } = rowsAt(this.samples, rows);
    const { name, shape, width, classNames } = this.samples;
    return { name, shape, width, classNames, values, labels, length: rows.length };
  }
}

function rowsAt({ values, width, labels }: Samples, rows: Int32Array): Batch {
  const chosen = new Float32Array(rows.length * width);
  rows.forEach((row, i) => chosen.set(values.subarray(row * width, (row + 1) * width), i * width));
  return { values: chosen, labels: labels ? Int32Array.from(rows, (row) => labels[row]!) : null, rows };
}
