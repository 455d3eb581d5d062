/** NumPy's .npy and .npz as streams of samples. */
import type { SampleStream } from '../../samples';
import { DataError } from '../../training/checkData';
import { arrayStream, storedNumbers } from './arrayStream';
import type { StoredArray } from './arrayStream';
import { ByteReader, bytesBehind, fileBytes } from './byteReader';
import { numpyType } from './elements';
import { zipEntries, zipEntryBytes } from './zip';

export interface NpzOptions {
  /** Name of the array of samples in the archive. Default: the only one of two or more axes. */
  array?: string;
  /** Name of the array of classes. Default: `labels`, `label`, `targets`, `target` or `y`, where there is one. */
  labels?: string;
  classNames?: string[];
  name?: string;
}

/**
 * Samples of an uncompressed or gzip-compressed .npy file in C order.
 *
 * @throws {DataError} when it is missing, no .npy file of real numbers, cut short, or in Fortran's order
 */
export async function streamNpy(
  file: string,
  options: { labels?: Int32Array | null; classNames?: string[]; name?: string } = {},
): Promise<SampleStream> {
  const array = await storedNpy(file, file, () => fileBytes(file));
  return arrayStream(array, options.labels ?? null, options);
}

/**
 * Samples of an archive of arrays, as `numpy.savez` and `savez_compressed` write it.
 *
 * @throws {DataError} naming the arrays there are when none or several could be the samples
 */
export async function streamNpz(file: string, options: NpzOptions = {}): Promise<SampleStream> {
  const names = (await zipEntries(file)).filter((entry) => entry.endsWith('.npy'));
  const arrays = new Map<string, StoredArray>();
  for (const entry of names) {
    const name = entry.slice(0, -'.npy'.length);
    arrays.set(name, await storedNpy(file, `${file}: ${name}`, () => zipEntryBytes(file, entry)));
  }
  const chosen = chosenArray(file, arrays, options.array);
  const labels = await labelsOf(file, arrays, options.labels, chosen.shape[0]!);
  return arrayStream(chosen, labels, { ...options, name: options.name ?? file });
}

function chosenArray(file: string, arrays: ReadonlyMap<string, StoredArray>, wanted?: string): StoredArray {
  const listed = [...arrays].map(([name, { shape }]) => `${name} [${shape.join(', ')}]`).join(', ') || 'none';
  if (wanted !== undefined) {
    const found = arrays.get(wanted);
    if (found) return found;
    throw new DataError(`${file} has no array “${wanted}”; its arrays are ${listed}`);
  }
  const candidates = [...arrays.values()].filter(({ shape }) => shape.length >= 2);
  if (candidates.length === 1) return candidates[0]!;
  throw new DataError(
    `${file}: expected one array of samples, [n, d] or [n, height, width]; its arrays are ${listed}. Name one: { array: '…' }`,
  );
}

const LABELS = ['labels', 'label', 'targets', 'target', 'y'];

async function labelsOf(
  file: string,
  arrays: ReadonlyMap<string, StoredArray>,
  wanted: string | undefined,
  samples: number,
): Promise<Int32Array | null> {
  const name = wanted ?? LABELS.find((one) => arrays.get(one)?.shape.join() === String(samples));
  if (name === undefined) return null;
  const array = arrays.get(name);
  if (!array) throw new DataError(`${file} has no array “${name}” to take labels from`);
  if (array.shape.join() !== String(samples)) {
    throw new DataError(
      `${file}: ${name} has shape [${array.shape.join(', ')}]; expected a class for each of ${samples} samples`,
    );
  }
  return Int32Array.from(await storedNumbers(array));
}

const MAGIC = '\u0093NUMPY';

/** What the header says; the bytes are those behind it. */
async function storedNpy(file: string, name: string, open: () => AsyncIterable<Uint8Array>): Promise<StoredArray> {
  const reader = new ByteReader(file, open());
  try {
    const { header, start } = await headerOf(reader, name);
    const descr = /'descr'\s*:\s*'([<>|=]?)(\w+)'/.exec(header);
    const shape = /'shape'\s*:\s*\(([^)]*)\)/.exec(header)?.[1];
    if (!descr || shape === undefined)
      throw new DataError(`${name}: the header of this .npy file is damaged: ${header.trim()}`);
    const type = numpyType(descr[2]!);
    if (!type) throw new DataError(`${name}: found values of type ${descr[2]!}; expected real numbers`);
    const sizes = shape
      .split(',')
      .filter((size) => size.trim() !== '')
      .map(Number);
    if (/'fortran_order'\s*:\s*True/.test(header) && sizes.length > 1) {
      throw new DataError(
        `${name}: its values lie in Fortran's order, which has no samples one after the other; save numpy.ascontiguousarray(…), or read it whole with loadData`,
      );
    }
    return { file, name, shape: sizes, type, littleEndian: descr[1] !== '>', bytes: () => bytesBehind(start, open()) };
  } finally {
    await reader.close();
  }
}

async function headerOf(reader: ByteReader, name: string): Promise<{ header: string; start: number }> {
  const lead = await reader.upTo(8);
  if (lead.toString('latin1', 0, 6) !== MAGIC) throw new DataError(`${name}: this is no .npy file of numbers`);
  const wide = lead[6]! >= 2;
  const size = await reader.read(wide ? 4 : 2, 'the length of the header');
  const length = wide ? size.readUInt32LE() : size.readUInt16LE();
  const header = await reader.read(length, 'the header');
  return { header: header.toString('latin1'), start: 8 + size.length + length };
}
