/** NumPy's .npy and .npz as streams of samples. */
import type { SampleStream } from '../../samples';
import type { ArrayKind } from '../convert';
import { classesOf, type LabelSource } from '../classes';
import { archiveStream, type ArchiveOptions } from './archive';
import { arrayStream, storedClasses } from './arrayStream';
import { fileSource } from './byteReader';
import { npyArray, realNumbers, type OtherArray } from './npyHeader';
import type { StoredArray } from './storedArray';
import { zipSources } from './zip';

/** Options of {@link loadData} for NumPy arrays. */
export interface NpyOptions {
  /** Class of each sample, or a .npy file of them. */
  labels?: LabelSource | string;
  classNames?: string[];
  /** What a sample of more than one axis is; default: an image. `sequence`: [n, steps, features]. */
  as?: ArrayKind;
  name?: string;
}

/** Options of {@link streamNpz}. */
export type NpzOptions = ArchiveOptions;

/**
 * Samples from an array of shape [n, d], [n, height, width], [n, height, width, channels], or [n, steps, features]
 * where `as` says so; real numbers or bool of any width, byte order and order of axes (C or Fortran), also compressed
 * by gzip. Bytes of images become [0, 1]; other values stay as they are.
 *
 * @throws {DataError} if the file is missing, not an .npy file, cut short, or contains text, objects or complex numbers
 */
export async function streamNpy(
  file: string,
  { labels, classNames, as, name = file }: NpyOptions = {},
): Promise<SampleStream> {
  const array = await numbersFile(file);
  const samples = array.shape[0] ?? 0;
  if (labels === undefined) return arrayStream(array, { classNames, as, name });
  const classes =
    typeof labels === 'string'
      ? await storedClasses(await numbersFile(labels), { samples, classNames })
      : classesOf(name, labels, { samples, classNames });
  return arrayStream(array, { ...classes, as, name });
}

/**
 * Samples of an archive of arrays, as `numpy.savez` and `savez_compressed` write it. Arrays of text or objects are left out.
 *
 * @throws {DataError} naming the arrays there are when none or several could be the samples
 */
export async function streamNpz(file: string, options: NpzOptions = {}): Promise<SampleStream> {
  return archiveStream(file, await npzArrays(file), options);
}

/** The arrays of an archive by their names. */
export async function npzArrays(file: string): Promise<Map<string, StoredArray | OtherArray>> {
  const arrays = new Map<string, StoredArray | OtherArray>();
  for (const [entry, source] of await zipSources(file, (name) => name.endsWith('.npy'))) {
    const name = entry.slice(0, -'.npy'.length);
    arrays.set(name, await npyArray(`${file}: ${name}`, source));
  }
  return arrays;
}

async function numbersFile(file: string): Promise<StoredArray> {
  return realNumbers(await npyArray(file, await fileSource(file)));
}
