/** The images of a folder, and the classes that its subfolders are. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { DataError } from '../checkData';
import { unreadable } from '../files';

export const IMAGE_FILE = /\.(png|jpe?g)$/i;

export interface ListedImage {
  file: string;
  /** Name of the subfolder, or null. */
  className: string | null;
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

/** The subfolders as classes. */
export function foldersAsClasses(listed: ListedImage[]): { labels: Int32Array | null; classNames: string[] } {
  const classNames = [...new Set(listed.map(({ className }) => className))].filter((name) => name !== null);
  if (classNames.length === 0) return { labels: null, classNames };
  return { labels: Int32Array.from(listed, ({ className }) => classNames.indexOf(className!)), classNames };
}
