/** A look at a folder of images: how many, their sizes and classes. */
import path from 'node:path';
import { apart } from '../apart/apart';
import { listImages } from '../images/listing';
import type { DataSurvey, ImagesSurvey } from './facts';
import { tableSurvey } from './tableLook';

/** Headers that are read, and images whose colours are looked at, all over the folder. */
const MOST_HEADERS = 4096;
const MOST_LOOKED = 64;
const AT_ONCE = 64;
const EXAMPLES = 8;
const MAX_PIXELS = 2 ** 26;

/** @throws {DataError} naming a file that cannot be read, or the folder that holds no images */
export async function surveyImageFolder(folder: string): Promise<DataSurvey> {
  const listed = await listImages(folder);
  const files = spread(listed.map(({ file }) => file), MOST_HEADERS); // prettier-ignore
  const sizes: (readonly [number, number])[] = [];
  for (let start = 0; start < files.length; start += AT_ONCE) {
    const part = files.slice(start, start + AT_ONCE);
    const limits = { name: folder, seconds: 60, megabytes: 1024 };
    sizes.push(...(await apart('imageSizes', { files: part, maxPixels: MAX_PIXELS }, limits)));
  }
  const images: ImagesSurvey = {
    files: listed.length,
    sizes: counted(sizes),
    looked: files.length,
    channels: await channelsOf(folder, spread(files, MOST_LOOKED)),
    examples: examplesOf(files, sizes),
  };
  const [only] = images.sizes.length === 1 ? images.sizes : [];
  return {
    ...tableSurvey(folder, { reader: 'readImageFolder', format: 'image folder', bytes: null }),
    kind: 'images',
    rows: listed.length,
    looked: files.length,
    shape: only ? [only.height, only.width, images.channels] : null,
    range: RANGE,
    classes: classesOf(listed.map(({ className }) => className)),
    images,
  };
}

/** What readers make of pixels. */
const RANGE = {
  low: 0,
  high: 1,
  binary: false,
  missing: 0,
  rowsMissing: 0,
  firstMissing: null,
  infinite: 0,
  firstInfinite: null,
};

/** At most so many, at equal distances. */
function spread<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) return [...all];
  return Array.from({ length: most }, (_, i) => all[Math.floor((i * all.length) / most)]!);
}

function counted(sizes: readonly (readonly [number, number])[]): ImagesSurvey['sizes'] {
  const counts = new Map<string, { height: number; width: number; count: number }>();
  for (const [height, width] of sizes) {
    const found = counts.get(`${height} ${width}`) ?? { height, width, count: 0 };
    found.count += 1;
    counts.set(`${height} ${width}`, found);
  }
  return [...counts.values()].sort((a, b) => b.count - a.count);
}

/** One of each size first. */
function examplesOf(files: readonly string[], sizes: readonly (readonly [number, number])[]): ImagesSurvey['examples'] {
  const all = files.map((file, i) => ({ file: path.resolve(file), height: sizes[i]![0], width: sizes[i]![1] }));
  const first = (one: (typeof all)[number]) =>
    all.find(({ height, width }) => height === one.height && width === one.width) === one;
  return [...all.filter(first), ...all.filter((one) => !first(one))].slice(0, EXAMPLES);
}

async function channelsOf(folder: string, files: string[]): Promise<number> {
  const ask = { mask: false, colour: true };
  const limits = { name: folder, seconds: 60, megabytes: 2048 };
  const { coloured } = await apart('imageNatures', { files, ask, maxPixels: MAX_PIXELS }, limits);
  return coloured ? 3 : 1;
}

function classesOf(names: readonly (string | null)[]): DataSurvey['classes'] {
  const counts = new Map<string, number>();
  for (const name of names) if (name !== null) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts.size === 0 ? null : [...counts].map(([name, count]) => ({ name, count }));
}
