/** Folders of PNG and JPEG files as a stream of samples; the images are decoded in separate threads. */
import type { SampleChunk, SampleStream } from '../../samples';
import { asStream } from '../../summaries/samples';
import { DataError } from '../checkData';
import { apart, tasksAtOnce } from '../apart/apart';
import type { Limits } from '../apart/apart';
import { FITS, fittedSize, type Fit, type Size } from '../images/fitting';
import { foldersAsClasses, listImages } from '../images/listing';
import type { ImagesInput } from '../images/tasks';
import { warned } from '../notices';
import { chunkLength } from './arrayStream';

/** Options of {@link loadData} for a folder of images. */
export interface ImageFolderOptions {
  /** [height, width], to which every image is resized. Without it and without `fit`, all images must have one size. */
  size?: [number, number];
  /**
   * How images of several sizes get one size: `resize` (default, to `size`) by interpolation; `crop` cuts them about
   * their centres, to the smallest height and width unless you give a size; `pad` pads them, to the largest;
   * `cropOrPad` crops or pads along each axis, to `size`.
   */
  fit?: Fit;
  /** The value of pixels that are added. Default 0. */
  fill?: number;
  /** 1: grey, 3: colour; default: grey when every image is. */
  channels?: 1 | 3;
  /** Images of more pixels are refused. Default 2²⁶, 8192 × 8192. */
  maxPixels?: number;
  name?: string;
}

const MAX_PIXELS = 2 ** 26;
/** Files whose nature one task looks at. */
const LOOKED_AT = 64;

/**
 * Every PNG and JPEG of a folder, in the order of their names; values in [0, 1]. Where the images lie in subfolders, these
 * are the classes. Grey PNGs of 8 bits that hold nothing but 0 and 1 are masks, and stay so.
 *
 * @throws {DataError} naming the file that cannot be read or whose size differs, or the folder that holds no images
 */
export async function streamImageFolder(folder: string, options: ImageFolderOptions = {}): Promise<SampleStream> {
  const { maxPixels = MAX_PIXELS, name = folder } = options;
  checkOptions(name, options);
  const listed = await listImages(folder);
  const files = listed.map(({ file }) => file);
  const { coloured, mask } = await natureOf(files, maxPixels, options.channels === undefined);
  const { size, notices } = await sizeFor(name, files, options, maxPixels);
  const { fit, fill } = options;
  const reading = { size, fit, fill, maxPixels, mask, channels: options.channels ?? (coloured ? 3 : 1) };
  const like = await decoded({ ...reading, files: files.slice(0, 1) });
  const { height, width, channels } = like;
  const sample = height * width * channels;
  const { labels, classNames } = foldersAsClasses(listed);
  const expected = { file: like.file, height, width };

  async function* chunks(): AsyncGenerator<SampleChunk> {
    const most = chunkLength(sample);
    const starts = Array.from({ length: Math.ceil(files.length / most) }, (_, i) => i * most);
    const parts = starts.map((start) => () => {
      return decoded({ ...reading, files: files.slice(start, start + most), like: expected });
    });
    let start = 0;
    for await (const { values } of inOrder(parts)) {
      const end = start + values.length / sample;
      yield { values, labels: labels && labels.slice(start, end) };
      start = end;
    }
  }
  const shape = { kind: 'image' as const, height, width, channels };
  return asStream({ name, shape, length: files.length, width: sample, classNames, notices: warned(notices), chunks });
}

/** The size that all images come to, where they are to be of one, and what that does to them. */
async function sizeFor(
  name: string,
  files: string[],
  { size, fit = 'resize', fill = 0 }: ImageFolderOptions,
  maxPixels: number,
): Promise<{ size?: Size; notices: string[] }> {
  if (fit === 'resize') return { size, notices: [] };
  const parts = Array.from({ length: Math.ceil(files.length / LOOKED_AT) }, (_, i) =>
    files.slice(i * LOOKED_AT, (i + 1) * LOOKED_AT),
  );
  const sizes: Size[] = [];
  const looks = parts.map((part) => () => apart('imageSizes', { files: part, maxPixels }, limitsOf(part, maxPixels)));
  for await (const found of inOrder(looks)) sizes.push(...found);
  return fittedSize(name, files, sizes, { fit, size, fill });
}

/** Whether an image of the folder is coloured, and whether all are masks; looks no further than it has to. */
async function natureOf(
  files: string[],
  maxPixels: number,
  colour: boolean,
): Promise<{ coloured: boolean; mask: boolean }> {
  const found = { coloured: false, mask: true };
  // The first image mostly tells.
  const parts = [files.slice(0, 1)];
  for (let start = 1; start < files.length; start += LOOKED_AT) parts.push(files.slice(start, start + LOOKED_AT));
  const looks = parts.map((part) => () => {
    const ask = { mask: found.mask, colour: colour && !found.coloured };
    return apart('imageNatures', { files: part, ask, maxPixels }, limitsOf(part, maxPixels));
  });
  const look = async (some: typeof looks): Promise<void> => {
    for await (const { coloured, mask } of inOrder(some)) {
      found.coloured ||= coloured;
      found.mask &&= mask;
      if (!found.mask && (found.coloured || !colour)) return;
    }
  };
  await look(looks.slice(0, 1));
  if (found.mask || (colour && !found.coloured)) await look(looks.slice(1));
  return found;
}

function decoded(input: ImagesInput) {
  return apart('images', input, limitsOf(input.files, input.maxPixels));
}

/** An image as large as is allowed takes 12 bytes a pixel for its values, and as much again while it is decoded. */
function limitsOf(files: string[], maxPixels: number): Limits {
  const name = files.length === 1 ? files[0]! : `${files[0]} and the ${files.length - 1} images behind it`;
  return { name, seconds: 60, megabytes: 512 + (48 * maxPixels) / 2 ** 20 };
}

/** What the tasks give, in their order; a few are done ahead of what is asked for. */
async function* inOrder<T>(tasks: (() => Promise<T>)[]): AsyncGenerator<T> {
  const ahead: Promise<T>[] = [];
  for (let next = 0; next < tasks.length || ahead.length > 0;) {
    while (next < tasks.length && ahead.length <= tasksAtOnce()) {
      const task = tasks[next++]!();
      // Whoever waits for it hears of its error; nobody does when the reading ends before.
      task.catch(() => undefined);
      ahead.push(task);
    }
    yield await ahead.shift()!;
  }
}

function checkOptions(name: string, { size, fit, fill, channels, maxPixels }: ImageFolderOptions): void {
  const wrongSize = size && !(size.length === 2 && size.every((side) => Number.isInteger(side) && side > 0));
  if (wrongSize) throw new DataError(`${name}: found size ${JSON.stringify(size)}; expected [height, width] in pixels`);
  if (fit !== undefined && !FITS.includes(fit)) {
    throw new DataError(`${name}: found fit ${JSON.stringify(fit)}; expected "resize", "crop", "pad" or "cropOrPad"`);
  }
  if ((fit === 'resize' || fit === 'cropOrPad') && size === undefined) {
    throw new DataError(`${name}: found fit "${fit}" without a size; pass { size: [height, width] } too`);
  }
  if (fill !== undefined && !Number.isFinite(fill)) {
    throw new DataError(`${name}: found fill ${String(fill)}; expected the value of pixels that are added, 0 to 1`);
  }
  if (channels !== undefined && channels !== 1 && channels !== 3) {
    throw new DataError(`${name}: found channels ${String(channels)}; expected 1 (grey) or 3 (colour)`);
  }
  if (maxPixels !== undefined && !(maxPixels > 0)) {
    throw new DataError(`${name}: found maxPixels ${String(maxPixels)}; expected a number of pixels`);
  }
}
