/** NumPy's .npy, read whole. */
import { collect } from './collect';
import type { Dataset } from './dataset';
import { streamNpy, type NpyOptions } from './streaming/npy';

/**
 * Reads samples from an array of shape [n, d], [n, height, width], [n, height, width, channels], or [n, steps, features]
 * where `as` says so; real numbers or bool of any width, byte order and order of axes. Bytes of images become [0, 1]; other values stay as they are.
 *
 * @throws {DataError} for the reasons of {@link streamNpy}
 */
export async function readNpy(file: string, options: NpyOptions = {}): Promise<Dataset> {
  return collect(await streamNpy(file, options));
}
