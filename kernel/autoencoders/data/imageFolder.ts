/** Folders of PNG and JPEG files. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { DataError } from '../training/checkData';
import { Dataset } from './dataset';
import { decodeImage, IMAGE_FILE, withChannels } from './decodeImage';
import { unreadable } from './files';
import { resize, type Image } from './resize';

export interface ImageFolderOptions {
  /** [height, width] that every image is brought to; absent: all have to be of one size. */
  size?: [number, number];
  /** 1: grey, 3: colour; default: grey when every image is. */
  channels?: 1 | 3;
  name?: string;
}

interface Listed {
  file: string;
  /** Name of the subfolder, or null. */
  className: string | null;
}

/**
 * Reads every PNG and JPEG of a folder, in the order of their names; values in [0, 1]. Where the images lie in
 * subfolders, these are the classes.
 *
 * @throws {DataError} naming the file that cannot be read or whose size differs, or the folder that holds no images
 */
export async function readImageFolder(folder: string, options: ImageFolderOptions = {}): Promise<Dataset> {
  const listed = await list(folder);
  const images: Image[] = [];
  for (const { file } of listed) {
    const image = decodeImage(file, await readFile(file));
    images.push(options.size ? resize(image, ...options.size) : image);
    requireSameSize(images, listed);
  }
  const channels = options.channels ?? (images.some((image) => image.channels === 3) ? 3 : 1);
  const { height, width } = images[0]!;
  const values = new Float32Array(images.length * height * width * channels);
  for (const [i, image] of images.entries()) {
    values.set(withChannels(image, channels).pixels, i * height * width * channels);
  }
  const name = options.name ?? folder;
  return new Dataset({ name, values, shape: { kind: 'image', height, width, channels }, ...classes(listed) });
}

async function list(folder: string): Promise<Listed[]> {
  const entries = await entriesOf(folder);
  const here = imagesAmong(folder, entries, null);
  const subfolders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  const below: Listed[] = [];
  for (const { name } of subfolders) {
    const inside = path.join(folder, name);
    below.push(...imagesAmong(inside, await entriesOf(inside), name));
  }
  if (here.length > 0 && below.length > 0) {
    throw new DataError(
      `${folder}: found ${here.length} images beside subfolders with ${below.length} more; expected all of them here, or each in the subfolder of its class`,
    );
  }
  if (here.length + below.length === 0) {
    throw new DataError(`${folder}: found no .png, .jpg or .jpeg file in it or in its subfolders`);
  }
  return [...here, ...below];
}

async function entriesOf(folder: string) {
  try {
    return (await readdir(folder, { withFileTypes: true })).sort((a, b) => byName(a.name, b.name));
  } catch (error) {
    throw unreadable(folder, error);
  }
}

/** `image2` before `image10`. */
const byName = new Intl.Collator('en', { numeric: true }).compare;

function imagesAmong(
  folder: string,
  entries: Awaited<ReturnType<typeof entriesOf>>,
  className: string | null,
): Listed[] {
  return entries
    .filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.') && IMAGE_FILE.test(entry.name))
    .map(({ name }) => ({ file: path.join(folder, name), className }));
}

function requireSameSize(images: Image[], listed: Listed[]): void {
  const first = images[0]!;
  const last = images.at(-1)!;
  if (first.height === last.height && first.width === last.width) return;
  const of = ({ height, width }: Image): string => `${height} × ${width}`;
  throw new DataError(
    `${listed[images.length - 1]!.file} is ${of(last)} (height × width), ${listed[0]!.file} is ${of(first)}; pass { size: [height, width] } to bring all to one size`,
  );
}

function classes(listed: Listed[]): { labels: Int32Array | null; classNames: string[] } {
  const classNames = [...new Set(listed.map(({ className }) => className))].filter((name) => name !== null);
  if (classNames.length === 0) return { labels: null, classNames };
  return { labels: Int32Array.from(listed, ({ className }) => classNames.indexOf(className!)), classNames };
}
