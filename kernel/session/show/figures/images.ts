/** Numbers that a cell holds, as images. */
import { randomUUID } from 'node:crypto';
import { finite, flag, found, object, optional, takes, text, whole, type Kind } from '../../../autoencoders/arguments';
import { Dataset } from '../../../autoencoders/index';
import type { SampleInput } from '../../../autoencoders/index';
import { rowShapeOf } from '../../../autoencoders/samples';
import type { MimeBundle } from '../../../protocol';
import * as views from '../../../views/index';
import { MIME } from '../../../views/index';
import { numbersIn } from '../../variables/numbers';
import { JUPYTER_DISPLAY } from '../display';
import { captions } from '../shownClasses';
import { viewOf, type View } from '../view';

/** The picture of a file as a cell's value. */
export interface PictureFile {
  /** What is seen, in a sentence. */
  readonly summary: string;
  [JUPYTER_DISPLAY](): MimeBundle;
}

export type ImageNumbers = SampleInput | number[][][] | number[][][][];

/** How {@link image} shows numbers. */
export interface ImageOptions {
  title?: string;
  /**
   * Which values are black and white. Default: 0 and 1 where all lie between, 0 and 255 for whole ones up to that, else
   * the least and the greatest.
   */
  range?: readonly [black: number, white: number];
  /** Every image at its full size, however large the output becomes. */
  full?: boolean;
}

/** How {@link imageGrid} shows images, and which. */
export interface ImageGridOptions extends ImageOptions {
  /** A caption for each image. Default: the classes of a data set. */
  labels?: readonly string[];
  /** Images shown, the first ones. Default 100. */
  count?: number;
}

const MOST_NUMBERS = 50_000_000;
const COUNT = 100;

/**
 * Numbers as a picture: [h, w] and [h, w, c] are one image, [n, h, w] and [n, h, w, c] the first 16 of n, with 1, 3 or 4
 * channels. Bytes of a PNG, JPEG, GIF or WebP file are the picture in it.
 *
 * @param values a tensor, nested arrays, a data set of images, or the bytes of a file
 * @throws TypeError naming what was found
 */
export async function image(values: Uint8Array | ArrayBuffer): Promise<PictureFile>;
export async function image(values: ImageNumbers, options?: ImageOptions): Promise<View<views.ReconstructionsView>>;
export async function image(
  values: ImageNumbers | Uint8Array | ArrayBuffer,
  options: ImageOptions = {},
): Promise<PictureFile | View<views.ReconstructionsView>> {
  takes('image', ['options', options, object()]);
  const { title, range, full } = options;
  return pictureFile(values) ?? imagesView('image', values, { title, range, full }, 16);
}

/**
 * Many images beside each other, each with its caption: they are enlarged by a click, their pixels are read under the
 * pointer.
 *
 * ```ts
 * await imageGrid(data.take(40))
 * await imageGrid(vae.decode(grid), { labels: names })
 * ```
 *
 * @param values [n, h, w] or [n, h, w, c]: a tensor, nested arrays, or a data set of images
 * @throws TypeError naming the argument, what was found and what is wanted
 */
export async function imageGrid(
  values: ImageNumbers,
  options: ImageGridOptions = {},
): Promise<View<views.ReconstructionsView>> {
  takes('imageGrid', ['options', options, object()]);
  takes('imageGrid', ['labels', options.labels, optional(textsKind)], ['count', options.count, optional(whole(1))]);
  return imagesView('imageGrid', values, options, options.count ?? COUNT);
}

const textsKind: Kind = (value) =>
  Array.isArray(value) && value.every((one) => typeof one === 'string') ? undefined : 'a list of texts';

const rangeKind: Kind = (range) => {
  const ends = Array.isArray(range) && range.length === 2 ? (range as unknown[]) : [];
  const isRange = ends.length === 2 && ends.every((end) => finite(end) === undefined) && ends[0] !== ends[1];
  return isRange ? undefined : '[black, white], two finite numbers';
};

async function imagesView(
  caller: string,
  values: unknown,
  { title, range, full, labels }: { [Name in keyof ImageGridOptions]?: ImageGridOptions[Name] | undefined },
  most: number,
): Promise<View<views.ReconstructionsView>> {
  takes(
    caller,
    ['title', title, optional(text)],
    ['range', range, optional(rangeKind)],
    ['full', full, optional(flag)],
  );
  const numbers = numbersIn(values instanceof Dataset ? values.values : values);
  const shape = values instanceof Dataset ? [values.length, ...rowShapeOf(values.shape)] : numbers?.shape;
  const images = numbers && numbers.size > 0 ? shapeOfImages(shape!) : undefined;
  if (!images || numbers!.size > MOST_NUMBERS) {
    const shapes =
      caller === 'image'
        ? '[h, w], [h, w, c], [n, h, w] or [n, h, w, c], or the bytes of a file'
        : '[n, h, w] or [n, h, w, c]';
    throw new TypeError(`${caller} takes as "values" images of shape ${shapes}; found ${foundShape(values, shape)}.`);
  }
  const { n, height, width, channels } = images;
  const kept = Math.min(n, most);
  const size = height * width * channels;
  const read = await numbers!.at(Int32Array.from({ length: kept * size }, (_, i) => i));
  if (!read) throw new Error(`${caller}: these numbers cannot be read from the device.`);
  const [black, white] = range ?? rangeOf(read);
  const scaled = Float32Array.from(read, (value) => Math.min(1, Math.max(0, (value - black) / (white - black))));
  const given = labels ?? (values instanceof Dataset && values.labels ? captions(values.take(kept)) : []);
  if (labels && labels.length !== n) {
    throw new TypeError(`${caller}: "labels" has ${labels.length} captions for ${n} images; give one for each image.`);
  }
  const name = title ?? (n === 1 ? 'Image' : 'Images');
  const view = views.reconstructions({
    ...{ id: randomUUID(), title: name, inputs: null, labels: given.slice(0, kept), full },
    sampleShape: { kind: 'image', height, width, channels },
    methods: [{ name: kept < n ? `first ${kept} of ${n.toLocaleString('en-US')}` : name, samples: scaled }],
    ask: `${caller}(values, { full: true })`,
  });
  const shown = black === 0 && white === 1 ? [] : [`Black is ${short(black)}, white is ${short(white)}.`];
  const notes = [...(view.notes ?? []), ...shown];
  const which =
    n === 1 ? '1 image' : kept < n ? `the first ${kept} of ${n.toLocaleString('en-US')} images` : `${n} images`;
  const summary = `${name}: ${which} of ${height} × ${width} pixels.`;
  return viewOf(MIME.reconstructions, { ...view, summary, ...(notes.length > 0 && { notes }) });
}

function foundShape(values: unknown, shape: readonly number[] | undefined): string {
  return shape && shape.length > 0 && !(values as { isDisposed?: boolean }).isDisposed
    ? `numbers of shape [${shape.join(', ')}]`
    : found(values);
}

function shapeOfImages(shape: readonly number[]) {
  const isChannels = (size: number | undefined) => size === 1 || size === 3 || size === 4;
  switch (shape.length) {
    case 2:
      return { n: 1, height: shape[0]!, width: shape[1]!, channels: 1 };
    case 3:
      if (isChannels(shape[2]) && shape[1]! > 4)
        return { n: 1, height: shape[0]!, width: shape[1]!, channels: shape[2]! };
      return { n: shape[0]!, height: shape[1]!, width: shape[2]!, channels: 1 };
    case 4:
      return isChannels(shape[3])
        ? { n: shape[0]!, height: shape[1]!, width: shape[2]!, channels: shape[3]! }
        : undefined;
    default:
      return undefined;
  }
}

function rangeOf(values: ArrayLike<number>): [black: number, white: number] {
  let [low, high, areWhole] = [Infinity, -Infinity, true];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
    areWhole &&= Number.isInteger(value);
  }
  if (low > high || (low >= 0 && high <= 1)) return [0, 1];
  if (areWhole && low >= 0 && high <= 255) return [0, 255];
  return low === high ? [low - 1, low] : [low, high];
}

const short = (value: number) => String(Number(value.toPrecision(4)));

/** How files begin, as Latin-1. */
const FILES: [RegExp, string, string][] = [
  [/^\x89PNG\r\n\x1a\n/, 'image/png', 'PNG'],
  [/^\xff\xd8\xff/, 'image/jpeg', 'JPEG'],
  [/^GIF8[79]a/, 'image/gif', 'GIF'],
  [/^RIFF[^]{4}WEBP/, 'image/webp', 'WebP'],
];

function pictureFile(value: unknown): PictureFile | undefined {
  if (!(value instanceof Uint8Array || value instanceof ArrayBuffer)) return undefined;
  const bytes = value instanceof ArrayBuffer ? Buffer.from(value) : Buffer.from(value.buffer, value.byteOffset, value.byteLength); // prettier-ignore
  const head = bytes.toString('latin1', 0, 16);
  const [, mime, name] = FILES.find(([begins]) => begins.test(head)) ?? [];
  if (mime === undefined) return undefined;
  const summary = `A ${name} picture of ${bytes.length.toLocaleString('en-US')} bytes`;
  return { summary, [JUPYTER_DISPLAY]: () => ({ [mime]: bytes.toString('base64'), 'text/plain': summary }) };
}
