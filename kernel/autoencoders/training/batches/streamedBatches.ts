import { randomStream } from '../../random';
import type { RandomStream } from '../../random';
import type { Expected, SampleChunk, Samples, SampleShape, SampleStream } from '../../samples';
import type { Batch, BatchSource, EpochBatches, EpochPlace } from './batch';
import { checkStream, StreamReader } from './streamReader';
import type { Accepted } from '../loop/trainable';

/**
 * Batches of a stream in random order, by a shuffle buffer: it is kept full from the stream, and each sample of a batch
 * is drawn from it at random. The order depends on (seed, epoch), the size of the buffer and the stream's own order, and
 * not on how that is cut into chunks; it is a whole shuffle where the buffer holds all samples. Put a stream whose
 * samples are sorted by class in another order, or take a buffer that reaches over the classes.
 */
export class StreamedBatches implements BatchSource {
  readonly name: string;
  readonly shape: SampleShape;
  readonly length: number;
  readonly fingerprint: Readonly<Record<string, number | string>>;
  private known = 0;

  /** @throws TypeError when the samples are not what the caller expects */
  constructor(
    private readonly stream: SampleStream,
    expected: Expected,
    private readonly accepted: Accepted,
    private readonly shuffleBuffer: number,
  ) {
    checkStream(stream, expected);
    this.name = stream.name;
    this.shape = stream.shape;
    this.length = stream.length;
    this.fingerprint = { samples: stream.length, stream: stream.name, shuffleBuffer };
  }

  epoch({ seed, epoch, batchSize, done }: EpochPlace): EpochBatches {
    const reader = this.reader();
    const buffer = new ShuffleBuffer(reader, this.stream, this.shuffleBuffer, randomStream(seed, 'shuffle', epoch));
    let taken = 0;
    const next = async (): Promise<Batch> => {
      // What an earlier run has trained on is drawn again and passed over.
      for (; taken < done * batchSize; taken += 1) {
        while (!buffer.refill()) await buffer.nextChunk();
        buffer.draw();
      }
      const batch = emptyBatch(Math.min(batchSize, this.length - taken), this.stream.width);
      for (let i = 0; i < batch.rows.length; i++) {
        while (!buffer.refill()) await buffer.nextChunk();
        buffer.draw(batch, i);
      }
      taken += batch.rows.length;
      if (taken === this.length) await buffer.expectEnd();
      this.known = Math.max(this.known, reader.read);
      return buffer.labelled ? batch : { ...batch, labels: null };
    };
    return { next, close: () => reader.close() };
  }

  async some(count: number): Promise<Samples> {
    const { name, shape, width, classNames } = this.stream;
    const reader = this.reader();
    const { values, rows, labels } = emptyBatch(Math.min(count, this.length), width);
    let labelled = true;
    for (let at = 0; at < rows.length;) {
      const chunk = await reader.next();
      if (!chunk) break;
      const taken = Math.min(rows.length - at, chunk.values.length / width);
      values.set(chunk.values.subarray(0, taken * width), at * width);
      if (chunk.labels) labels.set(chunk.labels.subarray(0, taken), at);
      else labelled = false;
      at += taken;
    }
    await reader.close();
    return { name, shape, width, classNames, values, length: rows.length, labels: labelled ? labels : null };
  }

  private reader(): StreamReader {
    return new StreamReader(this.stream, this.accepted, this.known);
  }
}

type RoomForBatch = Batch & { labels: Int32Array };

function emptyBatch(count: number, width: number): RoomForBatch {
  return { values: new Float32Array(count * width), labels: new Int32Array(count), rows: new Int32Array(count) };
}

const NOTHING: SampleChunk = { values: new Float32Array(0), labels: null };

class ShuffleBuffer {
  /** False once a chunk had no labels. */
  labelled = true;
  private readonly held: RoomForBatch;
  private readonly width: number;
  private size = 0;
  private chunk: SampleChunk | undefined;
  /** Rows of the chunk that are taken, and the row of the data that its first is. */
  private taken = 0;
  private firstRow = 0;
  private ended = false;

  constructor(
    private readonly reader: StreamReader,
    { width, length }: SampleStream,
    capacity: number,
    private readonly random: RandomStream,
  ) {
    this.width = width;
    this.held = emptyBatch(Math.min(capacity, length), width);
  }

  /** Takes a sample at random from the buffer, and puts it at this place of the batch. */
  draw(batch?: RoomForBatch, place = 0): void {
    const drawn = this.random.integer(this.size);
    if (batch) copyRow(this.held, drawn, batch, place, this.width);
    this.size -= 1;
    copyRow(this.held, this.size, this.held, drawn, this.width);
  }

  /** Fills the buffer from the chunk; false when that is not enough and there may be another chunk. */
  refill(): boolean {
    const { held, width } = this;
    const { values, labels } = this.chunk ?? NOTHING;
    const count = Math.min(values.length / width - this.taken, held.rows.length - this.size);
    if (count > 0) {
      const end = this.taken + count;
      held.values.set(values.subarray(this.taken * width, end * width), this.size * width);
      if (labels) held.labels.set(labels.subarray(this.taken, end), this.size);
      for (let i = 0; i < count; i++) held.rows[this.size + i] = this.firstRow + this.taken + i;
      this.size += count;
      this.taken = end;
    }
    return this.ended || this.size === held.rows.length;
  }

  /** @throws {DataError} when the stream continues */
  async expectEnd(): Promise<void> {
    while (!this.ended) await this.nextChunk();
  }

  async nextChunk(): Promise<void> {
    this.firstRow = this.reader.read;
    this.chunk = await this.reader.next();
    this.taken = 0;
    if (!this.chunk) this.ended = true;
    else if (!this.chunk.labels) this.labelled = false;
  }
}

function copyRow(from: RoomForBatch, source: number, to: RoomForBatch, target: number, width: number): void {
  to.values.set(from.values.subarray(source * width, (source + 1) * width), target * width);
  to.labels[target] = from.labels[source]!;
  to.rows[target] = from.rows[source]!;
}
