import type { SampleStream } from '../samples';
import { DataError } from '../training/checkData';
import { Dataset } from './dataset';

/**
 * The samples of a stream as a data set in memory.
 *
 * @param limit at most so many, from the first on
 * @throws {DataError} when the stream ends early
 */
export async function collect(stream: SampleStream, limit = Infinity): Promise<Dataset> {
  const { name, shape, width, classNames = [], notices = [] } = stream;
  const length = Math.min(limit, stream.length);
  const values = new Float32Array(length * width);
  let labels: Int32Array | null = null;
  let filled = 0;
  for await (const chunk of stream.chunks()) {
    const count = Math.min(length - filled, chunk.values.length / width);
    values.set(chunk.values.subarray(0, count * width), filled * width);
    if (chunk.labels) (labels ??= new Int32Array(length)).set(chunk.labels.subarray(0, count), filled);
    filled += count;
    if (filled === length) break;
  }
  if (filled < length) throw new DataError(`${name}: its stream ended after ${filled} of ${length} samples`);
  return new Dataset({ name, values, shape, labels, classNames, notices });
}
