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

export interface ListedImage {
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
  const listed = await listImages(folder);
  const images: Image[] = [];
  for (const one of listed) {
    const decoded = decodeImage(one.file, await readFile(one.file));
    const image = options.size ? resize(decoded, ...options.size) : decoded;
    images.push(image);
    requireSameSize({ image: images[0]!, listed: listed[0]! }, { image, listed: one });
  }
  const channels = options.channels ?? (images.some((image) => image.channels === 3) ? 3 : 1);
  const { height, width } = images[0]!;
  const values = new Float32Array(images.length * height * width * channels);
  for (const [i, image] of images.entries()) {
    values.set(withChannels(image, channels).pixels, i * height * width * channels);
  }
  const name = options.name ?? folder;
  return new Dataset({ name, values, shape: { kind: 'image', height, width, channels }, ...classesOf(listed) });
}

/** @throws {DataError} when the folder holds none, or holds some beside and some in subfolders */
export async function listImages(folder: string): Promise<ListedImage[]> {
  const entries = await entriesOf(folder);
  const here = imagesAmong(folder, entries, null);
  const subfolders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  const below: ListedImage[] = [];
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
): ListedImage[] {
  return entries
    .filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.') && IMAGE_FILE.test(entry.name))
    .map(({ name }) => ({ file: path.join(folder, name), className }));
}

interface Found {
  image: Image;
  listed: ListedImage;
}

/** @throws {DataError} naming both files when their sizes differ */
export function requireSameSize(first: Found, other: Found): void {
  if (first.image.height === other.image.height && first.image.width === other.image.width) return;
  const of = ({ image: { height, width } }: Found): string => `${height} × ${width}`;
  throw new DataError(
    `${other.listed.file} is ${of(other)} (height × width), ${first.listed.file} is ${of(first)}; pass { size: [height, width] } to bring all to one size`,
  );
}

/** The subfolders as classes. */
export function classesOf(listed: ListedImage[]): { labels: Int32Array | null; classNames: string[] } {
  const classNames = [...new Set(listed.map(({ className }) => className))].filter((name) => name !== null);
  if (classNames.length === 0) return { labels: null, classNames };
  return { labels: Int32Array.from(listed, ({ className }) => classNames.indexOf(className!)), classNames };
}
