/** Folders of PNG and JPEG files, read whole. */
import { collect } from './collect';
import type { Dataset } from './dataset';
import { streamImageFolder, type ImageFolderOptions } from './streaming/imageFolder';

/**
 * Reads every PNG and JPEG of a folder, in the order of their names; values in [0, 1]. Where the images lie in
 * subfolders, these are the classes.
 *
 * @throws {DataError} as {@link streamImageFolder}
 */
export async function readImageFolder(folder: string, options: ImageFolderOptions = {}): Promise<Dataset> {
  return collect(await streamImageFolder(folder, options));
}
