import { checkRows } from '../../data/checkData';
import type { Samples, SampleShape } from '../../samples';
import type { Accepted } from '../loop/trainable';
import type { Batch, BatchSource, EpochBatches, EpochPlace } from './batch';
import type { GeneratedBatches } from './generatedBatches';

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
