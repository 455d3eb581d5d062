/** IDX, the format of MNIST, as a stream of samples. */
import type { SampleStream } from '../../samples';
import { DataError } from '../../training/checkData';
import { labelsBeside, readIdx } from '../idx';
import { arrayStream } from './arrayStream';
import { ByteReader, bytesBehind, fileBytes } from './byteReader';
import { numpyType } from './elements';

/** NumPy's codes of the types that IDX numbers. */
const TYPES = new Map([
  [0x08, 'u1'],
  [0x09, 'i1'],
  [0x0b, 'i2'],
  [0x0c, 'i4'],
  [0x0d, 'f4'],
  [0x0e, 'f8'],
]);

export interface IdxStreamOptions {
  name?: string;
  /** File of the labels. Default: `…-labels-idx1-ubyte` beside `…-images-idx3-ubyte`, if it is there. */
  labels?: string;
  classNames?: string[];
}

/**
 * Samples of an IDX file, which may be compressed by gzip; bytes of images become [0, 1].
 *
 * @throws {DataError} when it is missing, no IDX file or cut short
 */
export async function streamIdx(file: string, options: IdxStreamOptions = {}): Promise<SampleStream> {
  const { shape, code } = await headerOf(file);
  const header = 4 + 4 * shape.length;
  const type = numpyType(code)!;
  const labelFile = options.labels ?? labelsBeside(file);
  const labels = labelFile === undefined ? null : Int32Array.from((await readIdx(labelFile)).values);
  const bytes = () => bytesBehind(header, fileBytes(file));
  return arrayStream({ file, name: options.name ?? file, shape, type, littleEndian: false, bytes }, labels, options);
}

async function headerOf(file: string): Promise<{ shape: number[]; code: string }> {
  const reader = new ByteReader(file, fileBytes(file));
  try {
    const lead = await reader.upTo(4);
    const code = TYPES.get(lead[2] ?? 0);
    const dimensions = lead[3] ?? 0;
    if (lead.length < 4 || lead[0] !== 0 || lead[1] !== 0 || !code || dimensions < 2) {
      throw new DataError(`${file}: this is no IDX file of samples; expected 00 00, a type and two or more dimensions`);
    }
    const sizes = await reader.read(4 * dimensions, 'the sizes of its dimensions');
    return { shape: Array.from({ length: dimensions }, (_, i) => sizes.readUInt32BE(4 * i)), code };
  } finally {
    await reader.close();
  }
}
