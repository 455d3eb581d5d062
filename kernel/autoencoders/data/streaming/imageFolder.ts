/** Folders of PNG and JPEG files as a stream of samples. */
import { readFile } from 'node:fs/promises';
import type { SampleChunk, SampleStream } from '../../samples';
import { decodeImage, withChannels } from '../decodeImage';
import { classesOf, listImages, requireSameSize } from '../imageFolder';
import type { ImageFolderOptions, ListedImage } from '../imageFolder';
import { resize } from '../resize';
import type { Image } from '../resize';
import { chunkLength } from './arrayStream';

/**
 * Every PNG and JPEG of a folder, in the order of their names; values in [0, 1]. Where the images lie in subfolders, these
 * are the classes.
 *
 * @param options.channels default: those of the first image
 * @throws {DataError} naming the file that cannot be read or whose size differs, or the folder that holds no images
 */
export async function streamImageFolder(folder: string, options: ImageFolderOptions = {}): Promise<SampleStream> {
  const listed = await listImages(folder);
  const first = await imageOf(listed[0]!, options);
  const { height, width } = first;
  const channels = options.channels ?? first.channels;
  const { labels, classNames } = classesOf(listed);
  const size = height * width * channels;

  async function* chunks(): AsyncGenerator<SampleChunk> {
    const most = chunkLength(size);
    for (let start = 0; start < listed.length; start += most) {
      const part = listed.slice(start, start + most);
      const values = new Float32Array(part.length * size);
      for (const [i, one] of part.entries()) {
        const image = await imageOf(one, options);
        requireSameSize({ image: first, listed: listed[0]! }, { image, listed: one });
        values.set(withChannels(image, channels).pixels, i * size);
      }
      yield { values, labels: labels && labels.slice(start, start + part.length) };
    }
  }
  const name = options.name ?? folder;
  return {
    name,
    shape: { kind: 'image', height, width, channels },
    length: listed.length,
    width: size,
    classNames,
    chunks,
  };
}

async function imageOf({ file }: ListedImage, { size }: ImageFolderOptions): Promise<Image> {
  const image = decodeImage(file, await readFile(file));
  return size ? resize(image, ...size) : image;
}
