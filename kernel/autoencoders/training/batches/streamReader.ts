import { shapeText } from '../../samples';
import type { Expected, SampleChunk, SampleStream } from '../../samples';
import { checkRows, DataError } from '../../data/checkData';
import type { Accepted } from '../loop/trainable';

/**
 * One pass over a stream, chunk by chunk. Each chunk is checked before it is handed on. The next chunk is asked for
 * while the last one is worked on, so that reading and training overlap: two chunks are in memory at a time.
 */
export class StreamReader {
  /** Samples handed on. */
  read = 0;
  private readonly iterator: AsyncIterator<SampleChunk>;
  private upcoming: Promise<IteratorResult<SampleChunk>> | undefined;

  constructor(
    private readonly stream: SampleStream,
    private readonly accepted: Accepted,
    /** Samples that an earlier pass has looked at. */
    private readonly known = 0,
  ) {
    this.iterator = stream.chunks()[Symbol.asyncIterator]();
  }

  /**
   * The next chunk; undefined at the end.
   *
   * @throws {DataError} when its values cannot be trained on, or when there are fewer or more samples than were announced
   */
  async next(): Promise<SampleChunk | undefined> {
    const { done, value } = await (this.upcoming ?? this.iterator.next());
    this.upcoming = undefined;
    const { name, length } = this.stream;
    if (done) {
      if (this.read < length) throw new DataError(`${name} ended after ${this.read} samples${advice(length)}`);
      return undefined;
    }
    const rows = this.checked(value);
    if (this.read + rows > length) throw new DataError(`${name} goes on after ${length} samples${advice(length)}`);
    this.read += rows;
    this.upcoming = this.iterator.next();
    // Whoever asks for it gets its error; a pass that is left may have nobody ask.
    this.upcoming.catch(() => {});
    return value;
  }

  async close(): Promise<void> {
    await this.iterator.return?.();
  }

  /** Rows of a chunk that is as it should be. */
  private checked({ values, labels }: SampleChunk): number {
    const { name, shape, width } = this.stream;
    const rows = values.length / width;
    const where = `${name}: the chunk that begins at row ${this.read}`;
    if (!Number.isInteger(rows)) {
      throw new DataError(`${where} has ${values.length} values, no whole number of samples (${shapeText(shape)})`);
    }
    if (labels && labels.length !== rows) {
      throw new DataError(`${where} has ${labels.length} labels for ${rows} samples`);
    }
    if (this.read >= this.known) checkRows({ name, shape, width, values }, this.accepted, this.read);
    return rows;
  }
}

function advice(length: number): string {
  return `, while its length says ${length}; state the number of samples that its chunks hold`;
}

/** @throws TypeError when its samples are not what the caller expects */
export function checkStream({ name, width, shape, length }: SampleStream, expected: Expected): void {
  const found = length === 0 ? 'no rows' : `${name || 'a stream'} with ${width} values (${shapeText(shape)})`;
  if (width === expected.width && length > 0) return;
  throw new TypeError(`${expected.caller} expects ${expected.description}; found ${found}.`);
}
