import { modelWith, takes } from '../arguments';
import type { SampleStream } from '../samples';
import { DataError } from './checkData';
import { Dataset } from './dataset';

/**
 * The samples of a stream as a data set in memory.
 *
 * @param limit the most samples to read, from the first on
 * @throws {DataError} if the stream ends early, or does not fit into memory
 */
export async function collect(stream: SampleStream, limit = Infinity): Promise<Dataset> {
  takes('collect', ['stream', stream, modelWith('chunks')]);
  const { name, shape, width, classNames = [], notices = [] } = stream;
  const length = Math.min(limit, stream.length);
  const values = roomFor(name, length, width);
  let labels: Int32Array | null = null;
  let filled = 0;
  for await (const chunk of stream.chunks({ passing: true })) {
    const count = Math.min(length - filled, chunk.values.length / width);
    values.set(chunk.values.subarray(0, count * width), filled * width);
    if (chunk.labels) (labels ??= new Int32Array(length)).set(chunk.labels.subarray(0, count), filled);
    filled += count;
    if (filled === length) break;
  }
  if (filled < length) throw new DataError(`${name}: the stream ended after ${filled} of ${length} samples`);
  return new Dataset({ name, values, shape, labels, classNames, notices });
}

function roomFor(name: string, length: number, width: number): Float32Array {
  try {
    return new Float32Array(length * width);
  } catch {
    throw new DataError(
      `${name}: ${length} samples of ${width} values take ${Math.ceil((length * width * 4) / 2 ** 30)} GB, more than the memory available; streamData reads them piece by piece`,
    );
  }
}
